"""What changed in an account since a cursor, with the changed objects, in one request."""

from collections.abc import Sequence
from typing import Final

from sync.connectors.central.accounts import TYPES
from sync.connectors.central.api import Api
from sync.connectors.central.cursor import Cursor, decode
from sync.connectors.faults import damaged
from sync.connectors.port import Account, Page, Poll, Row
from sync.jmap.client import Handle, MalformedError, RequestBuilder, Response
from sync.jmap.errors import MethodError
from sync.jmap.results import ChangesResult, read_changes, read_get

CHANGES_MAX: Final = 500


class Delta:
    """Reads /changes. `most` is the server's maxObjectsInGet, `calls` its maxCallsInRequest."""

    def __init__(self, api: Api, most: int, calls: int) -> None:
        self._api = api
        self._most = min(most, CHANGES_MAX)
        self._calls = calls

    def page(self, account: Account, cursor: Cursor) -> Page | None:
        """The next page, or None where the server has forgotten the cursor. Raises Offline, Rejected."""
        request = self._api.request()
        asked = {name: self._ask(request, account.id, name, cursor.states[name]) for name in TYPES[account.kind]}
        response = self._api.run(request)
        states: dict[str, str] = {}
        rows: dict[str, Sequence[Row]] = {}
        destroyed: dict[str, Sequence[str]] = {}
        more = False
        try:
            for name, (changes, created, updated) in asked.items():
                found = read_changes(response.arguments(changes))
                states[name], more = found.new_state, more or found.has_more
                if found.created or found.updated:
                    rows[name] = [
                        *read_get(response.arguments(created)).objects,
                        *read_get(response.arguments(updated)).objects,
                    ]
                if found.destroyed:
                    destroyed[name] = list(found.destroyed)
        except MethodError as error:
            if error.kind == "cannotCalculateChanges":
                return None
            raise self._api.failure(error) from error
        except MalformedError as error:
            raise damaged(self._api.session.host) from error
        return Page(account.id, Cursor(states).encode(), rows, destroyed, more, False, response.session_state)

    def poll(self, cursors: Sequence[tuple[Account, str | None]]) -> Poll:
        """Which accounts moved on, asked with as few requests as the server's limit of calls allows."""
        moved: set[str] = set()
        asked: list[tuple[str, str, str]] = []
        for account, text in cursors:
            types = TYPES[account.kind]
            cursor = decode(text, types)
            if cursor is None or cursor.copying:
                moved.add(account.id)
            else:
                asked += [(account.id, name, cursor.states[name]) for name in types]
        state = ""
        for start in range(0, len(asked), self._calls):
            some = asked[start : start + self._calls]
            request = self._api.request()
            handles = [
                request.call(f"{name}/changes", {"accountId": account_id, "sinceState": since, "maxChanges": 1})
                for account_id, name, since in some
            ]
            response = self._api.run(request)
            state = response.session_state
            moved |= {one[0] for one, handle in zip(some, handles, strict=True) if self._moved(response, handle)}
        return Poll(frozenset(moved), state)

    def _ask(self, request: RequestBuilder, account_id: str, name: str, since: str) -> tuple[Handle, Handle, Handle]:
        changes = request.call(
            f"{name}/changes", {"accountId": account_id, "sinceState": since, "maxChanges": self._most}
        )
        created, updated = (
            request.call(f"{name}/get", {"accountId": account_id, "ids": changes.ref(path)})
            for path in ("/created", "/updated")
        )
        return changes, created, updated

    def _moved(self, response: Response, handle: Handle) -> bool:
        try:
            return _says_anything(read_changes(response.arguments(handle)))
        except MethodError as error:
            if error.kind in ("cannotCalculateChanges", "accountNotFound"):
                return True
            raise self._api.failure(error) from error
        except MalformedError as error:
            raise damaged(self._api.session.host) from error


def _says_anything(changes: ChangesResult) -> bool:
    return bool(changes.created or changes.updated or changes.destroyed or changes.new_state != changes.old_state)
