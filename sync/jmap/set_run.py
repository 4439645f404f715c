"""One run of a /set inside its transaction: what succeeded, what did not and why (RFC 8620 section 5.3)."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from sync.jmap.access import Transactions
from sync.jmap.creation import found_in, in_order, resolved
from sync.jmap.datatype import Call, DataType, SetOutcome
from sync.jmap.errors import JSON, SetError
from sync.jmap.kinds import is_id
from sync.jmap.methods import Context
from sync.jmap.patch import apply_patch, changes_nothing
from sync.jmap.validation import changed, complete


class SetRun:
    """Carries out the creates, then the updates, then the destroys. Used once."""

    def __init__(
        self, data_type: DataType, transactions: Transactions, context: Context, given: Mapping[str, JSON]
    ) -> None:
        self._type = data_type
        self._transactions = transactions
        self._principal = context.principal
        self._given = given
        self._account_id: str = given["accountId"]
        self._unmet: dict[str, SetError] = {}
        self.new_ids: dict[str, str] = {}
        self._known_ids = ChainMap(self.new_ids, dict(context.created_ids))
        self._created: dict[str, Mapping[str, JSON]] = {}
        self._updated: dict[str, Mapping[str, JSON] | None] = {}
        self._destroyed: list[str] = []
        self._not_created: dict[str, SetError] = {}
        self._not_updated: dict[str, SetError] = {}
        self._not_destroyed: dict[str, SetError] = {}

    def carry_out(self) -> None:
        """Do everything that can be done."""
        creates: Mapping[str, Mapping[str, JSON]] = self._given["create"] or {}
        updates: Mapping[str, Mapping[str, JSON]] = self._given["update"] or {}
        self._evaluate_preconditions()
        for key in in_order(self._type, creates):
            self._attempt(key, self._not_created, partial(self._create, key, creates[key]))
        doomed = {self._real(key) for key in self._given["destroy"] or ()}
        for key, patch in updates.items():
            self._attempt(key, self._not_updated, partial(self._update, key, patch, doomed))
        for key in dict.fromkeys(self._given["destroy"] or ()):
            self._attempt(key, self._not_destroyed, partial(self._destroy, key))

    def results(self) -> dict[str, JSON]:
        """The response's arguments about the objects."""
        return {
            "created": self._created or None,
            "updated": self._updated or None,
            "destroyed": self._destroyed or None,
            "notCreated": _errors(self._not_created),
            "notUpdated": _errors(self._not_updated),
            "notDestroyed": _errors(self._not_destroyed),
        }

    def follow_ups(self) -> Sequence[Call]:
        """The calls that what succeeded implies."""
        if self._type.follow_up is None or not (self.new_ids or self._updated or self._destroyed):
            return ()
        return self._type.follow_up(
            SetOutcome(
                self._account_id,
                self._principal,
                self._given,
                dict(self.new_ids),
                tuple(self._updated),
                tuple(self._destroyed),
            )
        )

    def _attempt(self, key: str, failures: dict[str, SetError], act: Callable[[], None]) -> None:
        try:
            with self._transactions.savepoint():
                act()
        except SetError as error:
            failures[key] = error

    def _evaluate_preconditions(self) -> None:
        touched = {*(self._given["update"] or ()), *(self._given["destroy"] or ())}
        for object_id, patch in (self._given.get("ifUnchangedBy") or {}).items():
            if object_id not in touched:
                continue
            current = self._type.store.lock(self._account_id, object_id)
            if current is None:
                continue
            try:
                if not changes_nothing(self._type, current, self._restated(current, patch)):
                    self._unmet[object_id] = SetError("stateMismatch", "The object has changed since.")
            except SetError as error:
                self._unmet[object_id] = error

    def _create(self, key: str, values: Mapping[str, JSON]) -> None:
        if not self._type.creatable:
            raise SetError("forbidden", f"{self._type.name} objects are not created by clients.")
        whole, defaults = complete(self._type, resolved(self._type, values, self._known_ids))
        made = self._type.store.create(self._account_id, self._principal, whole)
        self.new_ids[key] = made.id
        self._created[key] = {**defaults, **made.values, "id": made.id}

    def _update(self, key: str, patch: Mapping[str, JSON], doomed: set[str]) -> None:
        object_id = self._real(key)
        before = self._existing(object_id)
        if object_id in doomed:
            raise SetError("willDestroy")
        if object_id in self._updated:
            raise SetError("invalidPatch", "This object is updated twice in one call.")
        if not self._type.updatable:
            raise SetError("forbidden", f"{self._type.name} objects cannot be changed.")
        patched = resolved(self._type, apply_patch(self._type, before, self._restated(before, patch)), self._known_ids)
        different = changed(self._type, before, patched)
        if not different:
            self._updated[object_id] = None
            return
        also = self._type.store.update(self._account_id, self._principal, before, different)
        self._updated[object_id] = dict(also) or None

    def _destroy(self, key: str) -> None:
        object_id = self._real(key)
        before = self._existing(object_id)
        if not self._type.destroyable:
            raise SetError("forbidden", f"{self._type.name} objects cannot be destroyed.")
        self._type.store.destroy(self._account_id, self._principal, before)
        self._destroyed.append(object_id)

    def _existing(self, object_id: str) -> Mapping[str, JSON]:
        """The object, if it is there and its precondition was met."""
        before = self._type.store.lock(self._account_id, object_id) if is_id(object_id) else None
        if before is None:
            raise SetError("notFound")
        if object_id in self._unmet:
            raise self._unmet[object_id]
        return before

    def _restated(self, current: Mapping[str, JSON], patch: Mapping[str, JSON]) -> Mapping[str, JSON]:
        restated = self._type.restated
        return patch if restated is None else restated(self._principal, current, patch)

    def _real(self, key: str) -> str:
        return found_in(self._known_ids, key)


def _errors(failures: Mapping[str, SetError]) -> dict[str, JSON] | None:
    return {key: error.as_json() for key, error in failures.items()} or None
