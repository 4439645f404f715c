"""/set: create, update and destroy objects, each on its own (RFC 8620 section 5.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sync.jmap.access import Transactions
from sync.jmap.arguments import ACCOUNT, Argument, Signature, checked
from sync.jmap.datatype import DataType
from sync.jmap.errors import JSON, MethodError
from sync.jmap.gate import Gate
from sync.jmap.kinds import ID, OBJECT, STRING, Kind, is_id, list_of, map_of, nullable
from sync.jmap.limits import Limits
from sync.jmap.methods import Answer, Context
from sync.jmap.set_run import SetRun

_ID_OR_REFERENCE = Kind(
    "Id or #creationId",
    lambda value: is_id(value) or (isinstance(value, str) and value.startswith("#") and is_id(value[1:])),
)
_SIGNATURE: Final[Signature] = {
    **ACCOUNT,
    "ifInState": Argument(nullable(STRING), None),
    "create": Argument(nullable(map_of(OBJECT, ID)), None),
    "update": Argument(nullable(map_of(OBJECT, _ID_OR_REFERENCE)), None),
    "destroy": Argument(nullable(list_of(_ID_OR_REFERENCE)), None),
}
_IF_UNCHANGED_BY: Final[Signature] = {"ifUnchangedBy": Argument(nullable(map_of(OBJECT, ID)), None)}


class SetMethod:
    """Foo/set for one data type. `conditional` is the capability that brings `ifUnchangedBy`."""

    def __init__(
        self,
        data_type: DataType,
        gate: Gate,
        transactions: Transactions,
        limits: Limits,
        conditional: str | None,
    ) -> None:
        self.name = f"{data_type.name}/set"
        self.capability = data_type.capability
        self._type = data_type
        self._gate = gate
        self._transactions = transactions
        self._limit = limits.max_objects_in_set
        self._conditional = conditional
        extra = {name: Argument(nullable(kind), None) for name, kind in data_type.set_arguments.items()}
        self._signature: Signature = {**_SIGNATURE, **extra}

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        """All of it in one transaction, each object in a savepoint of its own."""
        signature = self._signature
        if self._conditional is not None and self._conditional in context.using:
            signature = {**signature, **_IF_UNCHANGED_BY}
        given = checked(arguments, signature)
        account_id = given["accountId"]

        def work() -> Answer:
            self._gate.enter(context.principal, account_id, self._type.name, writes=True)
            self._check_size(given)
            store = self._type.store
            old_state = store.state(account_id)
            if given["ifInState"] is not None and given["ifInState"] != old_state:
                raise MethodError("stateMismatch")
            run = SetRun(self._type, self._transactions, context, given)
            run.carry_out()
            self._transactions.stamp()
            response = {"accountId": account_id, "oldState": old_state, "newState": store.state(account_id)}
            return Answer({**response, **run.results()}, run.new_ids, run.follow_ups())

        return self._transactions.write(work)

    def _check_size(self, given: Mapping[str, JSON]) -> None:
        if sum(len(given[name] or ()) for name in ("create", "update", "destroy")) > self._limit:
            raise MethodError("requestTooLarge", f"One call sets at most {self._limit} objects.")
