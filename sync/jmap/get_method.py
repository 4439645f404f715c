"""/get: objects by id (RFC 8620 section 5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sync.jmap.access import Transactions
from sync.jmap.arguments import ACCOUNT, Argument, checked
from sync.jmap.datatype import DataType
from sync.jmap.errors import JSON, MethodError
from sync.jmap.gate import Gate
from sync.jmap.kinds import ID, STRING, list_of, nullable
from sync.jmap.limits import Limits
from sync.jmap.methods import Answer, Context

_SIGNATURE = {
    **ACCOUNT,
    "ids": Argument(nullable(list_of(ID)), None),
    "properties": Argument(nullable(list_of(STRING)), None),
}


class GetMethod:
    """Foo/get for one data type."""

    def __init__(self, data_type: DataType, gate: Gate, transactions: Transactions, limits: Limits) -> None:
        self.name = f"{data_type.name}/get"
        self.capability = data_type.capability
        self._type = data_type
        self._gate = gate
        self._transactions = transactions
        self._limit = limits.max_objects_in_get
        self._readable = frozenset(
            {"id", *(name for name, declared in data_type.properties.items() if not declared.write_only)}
        )

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        """State and objects of one snapshot."""
        given = checked(arguments, _SIGNATURE)
        properties = self._properties(given["properties"])
        ids = None if given["ids"] is None else list(dict.fromkeys(given["ids"]))
        account_id = given["accountId"]

        def work() -> tuple[str, Sequence[Mapping[str, JSON]]]:
            self._gate.enter(context.principal, account_id, self._type.name)
            if given["ids"] is not None and len(given["ids"]) > self._limit:
                raise self._too_large()
            state = self._type.store.state(account_id)
            if ids is not None and not ids:
                return state, []
            return state, self._type.store.get(account_id, ids, properties, self._limit + 1)

        state, objects = self._transactions.read(work)
        if ids is None and len(objects) > self._limit:
            raise self._too_large()
        shown = [one if one.keys() <= properties else _part(one, properties) for one in objects]
        found = {one["id"] for one in shown}
        missing = [] if ids is None else [one for one in ids if one not in found]
        return Answer({"accountId": account_id, "state": state, "list": shown, "notFound": missing})

    def _properties(self, asked: Sequence[str] | None) -> frozenset[str]:
        if asked is None:
            return self._readable
        for name in asked:
            if name not in self._readable:
                raise MethodError("invalidArguments", f"{self._type.name} has no property {name[:100]!r}.")
        return frozenset({"id", *asked})

    def _too_large(self) -> MethodError:
        return MethodError("requestTooLarge", f"One call gets at most {self._limit} objects.")


def _part(whole: Mapping[str, JSON], properties: frozenset[str]) -> dict[str, JSON]:
    return {name: value for name, value in whole.items() if name in properties}
