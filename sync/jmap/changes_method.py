"""/changes: what became different since a state (RFC 8620 section 5.2)."""

from __future__ import annotations

from collections.abc import Mapping

from sync.jmap.access import Transactions
from sync.jmap.arguments import ACCOUNT, Argument, checked
from sync.jmap.datatype import Changes, DataType
from sync.jmap.errors import JSON, MethodError
from sync.jmap.gate import Gate
from sync.jmap.kinds import STRING, UNSIGNED_INT, nullable
from sync.jmap.limits import Limits
from sync.jmap.methods import Answer, Context

_SIGNATURE = {
    **ACCOUNT,
    "sinceState": Argument(STRING),
    "maxChanges": Argument(nullable(UNSIGNED_INT), None),
}


class ChangesMethod:
    """Foo/changes for one data type."""

    def __init__(self, data_type: DataType, gate: Gate, transactions: Transactions, limits: Limits) -> None:
        self.name = f"{data_type.name}/changes"
        self.capability = data_type.capability
        self._type = data_type
        self._gate = gate
        self._transactions = transactions
        self._limit = limits.max_changes

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        """One page of changes, no more ids than asked for."""
        given = checked(arguments, _SIGNATURE)
        if given["maxChanges"] == 0:
            raise MethodError("invalidArguments", "maxChanges must be greater than 0.")
        limit = min(given["maxChanges"] or self._limit, self._limit)

        def work() -> Changes:
            self._gate.enter(context.principal, given["accountId"], self._type.name)
            return self._type.store.changes(given["accountId"], given["sinceState"], limit)

        changes = self._transactions.read(work)
        if len(changes.created) + len(changes.updated) + len(changes.destroyed) > limit:
            raise RuntimeError(f"The store of {self._type.name} gave more than {limit} changes.")
        return Answer(
            {
                "accountId": given["accountId"],
                "oldState": given["sinceState"],
                "newState": changes.new_state,
                "hasMoreChanges": changes.has_more,
                "created": list(changes.created),
                "updated": list(changes.updated),
                "destroyed": list(changes.destroyed),
            }
        )
