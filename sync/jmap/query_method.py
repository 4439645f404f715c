"""/query: the ids that match a filter, in an order, a window of them; /queryChanges (RFC 8620 5.5, 5.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, cast

import orjson

from sync.jmap.access import Transactions
from sync.jmap.arguments import ACCOUNT, Argument, Signature, checked
from sync.jmap.datatype import DataType, ListStore
from sync.jmap.errors import JSON, CannotCalculateChangesError, MethodError
from sync.jmap.filters import Comparator, Filter, parse_filter, parse_sort
from sync.jmap.gate import Gate
from sync.jmap.kinds import BOOLEAN, ID, INT, OBJECT, STRING, UNSIGNED_INT, list_of, nullable
from sync.jmap.limits import Limits
from sync.jmap.methods import Answer, Context

_FILTER: Final[Signature] = {
    "filter": Argument(nullable(OBJECT), None),
    "sort": Argument(nullable(list_of(OBJECT)), None),
    "calculateTotal": Argument(BOOLEAN, False),
}
_QUERY: Final[Signature] = {
    **ACCOUNT,
    **_FILTER,
    "position": Argument(INT, 0),
    "anchor": Argument(nullable(ID), None),
    "anchorOffset": Argument(INT, 0),
    "limit": Argument(nullable(UNSIGNED_INT), None),
}
_QUERY_CHANGES: Final[Signature] = {
    **ACCOUNT,
    **_FILTER,
    "sinceQueryState": Argument(STRING),
    "maxChanges": Argument(nullable(UNSIGNED_INT), None),
    "upToId": Argument(nullable(ID), None),
}


@dataclass(frozen=True)
class _Listing:
    """The list store of a type with what every query of it needs."""

    data_type: DataType
    gate: Gate
    transactions: Transactions
    limits: Limits

    def parse(self, given: Mapping[str, JSON]) -> tuple[Filter | None, Sequence[Comparator]]:
        """Filter and sort order, checked."""
        where = None if given["filter"] is None else parse_filter(given["filter"], self.data_type.filters)
        order = parse_sort(given["sort"] or (), self.data_type.sorts, self.limits.collation_algorithms)
        return where, order


class QueryMethod:
    """Foo/query for one data type."""

    def __init__(self, data_type: DataType, gate: Gate, transactions: Transactions, limits: Limits) -> None:
        self.name = f"{data_type.name}/query"
        self.capability = data_type.capability
        self._listing = _Listing(data_type, gate, transactions, limits)
        self._store = cast(ListStore, data_type.store)

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        """One window of the result."""
        given = checked(arguments, _QUERY)
        account_id = given["accountId"]

        most = self._listing.limits.max_objects_in_get
        limit = most if given["limit"] is None else min(given["limit"], most)

        def work() -> dict[str, JSON]:
            self._listing.gate.enter(context.principal, account_id, self._listing.data_type.name)
            where, order = self._listing.parse(given)
            ids = self._store.query(account_id, context.principal, where, order)
            position = _position(given, ids)
            window = list(ids[position : position + limit]) if limit else []
            response: dict[str, JSON] = {
                "accountId": account_id,
                "queryState": _state(self._store.state(account_id), given),
                "canCalculateChanges": False,
                "position": position,
                "ids": window,
            }
            if given["calculateTotal"]:
                is_last = 0 < len(window) < limit  # then it ends the list: nothing is to be counted
                response["total"] = position + len(window) if is_last else len(ids)
            return response

        response = self._listing.transactions.read(work)
        if given["limit"] != limit:
            response["limit"] = limit
        return Answer(response)


class QueryChangesMethod:
    """Foo/queryChanges: always `cannotCalculateChanges`, which RFC 8620 5.6 allows; clients list locally."""

    def __init__(self, data_type: DataType, gate: Gate, transactions: Transactions, limits: Limits) -> None:
        self.name = f"{data_type.name}/queryChanges"
        self.capability = data_type.capability
        self._listing = _Listing(data_type, gate, transactions, limits)

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        """Checks the arguments as /query does, then declines."""
        given = checked(arguments, _QUERY_CHANGES)

        def work() -> None:
            self._listing.gate.enter(context.principal, given["accountId"], self._listing.data_type.name)

        self._listing.transactions.read(work)
        self._listing.parse(given)
        raise CannotCalculateChangesError


def _position(given: Mapping[str, JSON], ids: Sequence[str]) -> int:
    if given["anchor"] is not None:
        try:
            index = ids.index(given["anchor"])
        except ValueError:
            raise MethodError("anchorNotFound") from None
        return max(0, index + int(given["anchorOffset"]))
    position = int(given["position"])
    return max(0, position + len(ids)) if position < 0 else position


def _state(state: str, given: Mapping[str, JSON]) -> str:
    """Changes whenever the result may have (5.5), so that a store need not list all to give a window of it."""
    question = orjson.dumps([state, given["filter"], given["sort"]], option=orjson.OPT_SORT_KEYS)
    return blake2b(question, digest_size=12).hexdigest()
