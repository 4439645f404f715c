"""What changed in an account since a cursor, with the changed objects, in one request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sync.connectors.central.accounts import COUNTED, TYPES
from sync.connectors.central.api import Api
from sync.connectors.central.cursor import Cursor, decode
from sync.connectors.faults import damaged
from sync.connectors.port import Account, Page, Poll, Row
from sync.jmap.client import Handle, MalformedError, RequestBuilder, Response
from sync.jmap.errors import MethodError
from sync.jmap.results import ChangesResult, read_changes, read_get

CHANGES_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class _Question:
    account_id: str
    name: str
    since: str
    counted: bool


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

    def poll(self, cursors: Sequence[tuple[Account, str | None]], counting: int | None = None) -> Poll:
        """Which accounts moved on, asked with as few requests as the server's limit of calls allows.

        `counting`: the number of this count; as much is counted as fits into these requests, the rest with the next.
        """
        moved: set[str] = set()
        asked: list[_Question] = []
        for account, text in cursors:
            types = TYPES[account.kind]
            cursor = decode(text, types)
            if cursor is None or cursor.copying:
                moved.add(account.id)
            else:
                counted = COUNTED[account.kind]
                asked += [_Question(account.id, name, cursor.states[name], name in counted) for name in types]
        state = ""
        totals: dict[str, dict[str, int]] = {}
        for some in _evenly(asked, self._calls):
            request = self._api.request()
            # Counted before it is asked what changed: where nothing has, the count is that of the cursor.
            chosen = () if counting is None else _in_turn(some, self._calls - len(some), counting)
            counts = {one: _count(request, one) for one in chosen}
            handles = {one: _look(request, one) for one in some}
            response = self._api.run(request)
            state = response.session_state
            moved |= {one.account_id for one, handle in handles.items() if self._moved(response, handle)}
            for one, handle in counts.items():
                totals.setdefault(one.account_id, {}).update(self._total(response, handle, one))
        return Poll(frozenset(moved), state, {one: found for one, found in totals.items() if one not in moved})

    def _total(self, response: Response, handle: Handle, one: _Question) -> dict[str, int]:
        try:
            total = response.arguments(handle).get("total")
        except MethodError:
            return {}
        return {one.name: total} if isinstance(total, int) else {}

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


def _count(request: RequestBuilder, one: _Question) -> Handle:
    return request.call(f"{one.name}/query", {"accountId": one.account_id, "limit": 0, "calculateTotal": True})


def _look(request: RequestBuilder, one: _Question) -> Handle:
    return request.call(f"{one.name}/changes", {"accountId": one.account_id, "sinceState": one.since, "maxChanges": 1})


def _evenly(asked: Sequence[_Question], calls: int) -> Iterator[Sequence[_Question]]:
    """As few requests as can be, each with as much room left as the others."""
    requests = -(-len(asked) // calls)
    size = -(-len(asked) // requests) if requests else 0
    for start in range(0, len(asked), max(size, 1)):
        yield asked[start : start + size]


def _in_turn(some: Sequence[_Question], room: int, turn: int) -> Sequence[_Question]:
    """Of what can be counted, as much as there is room for, going on where the turn before ended."""
    able = [one for one in some if one.counted]
    room = min(room, len(able))
    start = turn * room % len(able) if able else 0
    return [*able[start:], *able[:start]][:room]
