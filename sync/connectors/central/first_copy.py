"""A fresh copy of an account: states first, then everything, newest tickets first, each with its thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sync.connectors.central.accounts import TYPES
from sync.connectors.central.api import Api
from sync.connectors.central.cursor import Cursor
from sync.connectors.faults import damaged
from sync.connectors.port import Account, Page, Row
from sync.domain.errors import Offline
from sync.domain.protocol import MESSAGE, REQUESTER, SPOT_CHECK, TICKET, TICKET_ARRIVAL
from sync.jmap.client import Handle, MalformedError, Reference, RequestBuilder, Response
from sync.jmap.errors import JSON, MethodError
from sync.jmap.results import read_get

FETCHED_WITH_TICKETS: Final = frozenset({MESSAGE, REQUESTER})
NEVER_COPIED: Final = frozenset({TICKET_ARRIVAL})
PAGE_SIZES: Final = (100, 250, 500)
SPOT_CHECKS_MAX: Final = 1000
MESSAGE_CALLS_MAX: Final = 40

Rows = dict[str, Sequence[Row]]


class FirstCopy:
    """Reads the pages of a fresh copy. `most` is the server's maxObjectsInGet."""

    def __init__(self, api: Api, most: int) -> None:
        self._api = api
        self._most = most

    def page(self, account: Account, cursor: Cursor | None) -> Page:
        """The next page; `cursor` None begins. Raises Offline, Rejected."""
        types = TYPES[account.kind]
        try:
            if cursor is None:
                return self._page(account, self._begin(account, types), first=True)
            return self._page(account, cursor, first=False)
        except MethodError as error:
            if error.kind == "anchorNotFound" and cursor is not None:
                again = Cursor(cursor.states, dict.fromkeys(cursor.copying, ""), 0, cursor.pages)
                return self._page(account, again, first=False)
            raise self._api.failure(error) from error
        except MalformedError as error:
            raise damaged(self._api.session.host) from error

    def _begin(self, account: Account, types: Sequence[str]) -> Cursor:
        request = self._api.request()
        states = {name: request.call(f"{name}/get", {"accountId": account.id, "ids": []}) for name in types}
        response = self._api.run(request)
        copied = [name for name in types if name not in FETCHED_WITH_TICKETS | NEVER_COPIED]
        return Cursor(
            {name: read_get(response.arguments(handle)).state for name, handle in states.items()},
            dict.fromkeys(copied, ""),
        )

    def _page(self, account: Account, cursor: Cursor, first: bool) -> Page:
        limit = min(PAGE_SIZES[min(cursor.pages, len(PAGE_SIZES) - 1)], self._most)
        request = self._api.request()
        asked = {
            name: _ask(request, account.id, name, anchor, limit if name == TICKET else self._most)
            for name, anchor in cursor.copying.items()
        }
        response = self._api.run(request)
        rows: Rows = {}
        copying: dict[str, str] = {}
        for name, (query, get) in asked.items():
            ids = _ids(response, query)
            rows[name] = read_get(response.arguments(get)).objects
            if ids and name != SPOT_CHECK and len(ids) >= (limit if name == TICKET else self._most):
                copying[name] = ids[-1]
        total = _total(response, asked[TICKET][0]) if TICKET in asked else 0
        tickets = rows.get(TICKET, ())
        session_state = response.session_state
        if tickets:
            session_state = self._threads(account.id, tickets, rows)
        done = cursor.done + len(tickets)
        after = Cursor(cursor.states, copying, done, cursor.pages + 1)
        share = min(done / total, 1.0) if total and copying else (0.0 if copying else 1.0)
        return Page(account.id, after.encode(), rows, {}, bool(copying), first, session_state, share)

    def _threads(self, account_id: str, tickets: Sequence[Row], rows: Rows) -> str:
        """Adds the people and messages of these tickets to the rows; gives the session state."""
        requesters = list(dict.fromkeys(one["requesterId"] for one in tickets if one.get("requesterId")))
        messages: list[Row] = []
        rows[REQUESTER], rows[MESSAGE] = [], messages
        wanted, state = [_Window(ids) for ids in _handfuls(tickets, self._most)], ""
        while wanted:
            request = self._api.request()
            people = _get(request, account_id, REQUESTER, requesters) if requesters and not state else None
            asked = [
                (window, _messages(request, account_id, window, self._most)) for window in wanted[:MESSAGE_CALLS_MAX]
            ]
            response = self._api.run(request)
            state = response.session_state
            if people is not None:
                rows[REQUESTER] = read_get(response.arguments(people)).objects
            wanted = wanted[MESSAGE_CALLS_MAX:]
            for window, (query, get) in asked:
                messages.extend(read_get(response.arguments(get)).objects)
                found, total = len(_ids(response, query)), _total(response, query)
                if window.begin + found < total:
                    if not found:
                        raise Offline(f"The server at {self._api.session.host} gave an incomplete answer.")
                    wanted.append(_Window(window.ticket_ids, window.begin + found))
        rows[REQUESTER] = [*rows[REQUESTER], *self._others(account_id, messages, requesters)]
        return state

    def _others(self, account_id: str, messages: Sequence[Row], known: Sequence[str]) -> list[Row]:
        """Whoever else wrote to these tickets, as by mail: the server tells of them only when they change."""
        wrote = {str(one["authorId"]): None for one in messages if one["kind"] == "inbound" and one.get("authorId")}
        others = [one for one in wrote if one not in set(known)]
        found: list[Row] = []
        for start in range(0, len(others), self._most):
            request = self._api.request()
            people = _get(request, account_id, REQUESTER, others[start : start + self._most])
            found += read_get(self._api.run(request).arguments(people)).objects
        return found


@dataclass(frozen=True, slots=True)
class _Window:
    """The messages of these tickets, newest first, from the one at `begin` on."""

    ticket_ids: Sequence[str]
    begin: int = 0


def _handfuls(tickets: Sequence[Row], most: int) -> list[list[str]]:
    """The tickets' ids in lists, each of about so many messages as one call gives: a list in one window is cheaper for
    the server than many windows of a long one."""
    found: list[list[str]] = []
    room = 0
    for one in tickets:
        size = int(one.get("lastSeq") or 1)
        if not found or size > room:
            found.append([])
            room = most
        found[-1].append(str(one["id"]))
        room -= size
    return found


def _ask(request: RequestBuilder, account_id: str, name: str, anchor: str, limit: int) -> tuple[Handle, Handle]:
    arguments: dict[str, JSON | Reference] = {"accountId": account_id, "limit": limit, "calculateTotal": True}
    if name == TICKET:
        arguments["sort"] = [{"property": "createdAt", "isAscending": False}]
    if name == SPOT_CHECK:
        arguments["limit"] = min(limit, SPOT_CHECKS_MAX)
    if anchor:
        arguments |= {"anchor": anchor, "anchorOffset": 1}
    query = request.call(f"{name}/query", arguments)
    return query, _get(request, account_id, name, query.ref("/ids"))


def _messages(request: RequestBuilder, account_id: str, window: _Window, limit: int) -> tuple[Handle, Handle]:
    query = request.call(
        f"{MESSAGE}/query",
        {
            "accountId": account_id,
            "filter": {"ticketIds": list(window.ticket_ids)},
            "position": window.begin,
            "limit": limit,
            "calculateTotal": True,
        },
    )
    return query, _get(request, account_id, MESSAGE, query.ref("/ids"))


def _get(request: RequestBuilder, account_id: str, name: str, ids: Sequence[str] | Reference) -> Handle:
    return request.call(f"{name}/get", {"accountId": account_id, "ids": ids})


def _ids(response: Response, query: Handle) -> list[str]:
    ids = response.arguments(query).get("ids")
    if not isinstance(ids, list):
        raise MalformedError("A query without ids.")
    return ids


def _total(response: Response, query: Handle) -> int:
    total: Any = response.arguments(query).get("total")
    if not isinstance(total, int):
        raise MalformedError("A query without a total.")
    return total
