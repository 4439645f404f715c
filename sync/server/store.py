"""The store behind every data type: its rows, joined with where they stand (`object_state`)."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from peewee import Model

from sync.jmap.access import Principal
from sync.jmap.datatype import Changes, Created
from sync.jmap.errors import JSON, CannotCalculateChangesError, SetError
from sync.jmap.filters import Comparator, Filter
from sync.server import listing
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.ledger import ObjectState
from sync.server.parts import Colleague, Parts

_STANDS_AT: Final = """
SELECT (SELECT MAX(changed) FROM object_state WHERE account = ? AND type = ?),
(SELECT below FROM pruned WHERE account = ? AND type = ?)
"""
_CHANGES: Final = """
SELECT object_id, first, created, changed, destroyed FROM object_state
WHERE account = ? AND type = ? AND changed > ? ORDER BY changed LIMIT ?
"""
_STANDING: Final = "JOIN object_state s ON s.object_id = t.id WHERE s.account = ? AND s.type = ? AND NOT s.destroyed"
_PIECE: Final = 500


class ObjectStore:
    """Reads for every type; a type that clients may write overrides create, update and destroy.

    A subclass names its type and table, and says how a row looks on the wire.
    """

    type_name: ClassVar[str]
    model: ClassVar[type[Model]]

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        """A row as the object that this account shows."""
        raise NotImplementedError

    def wire_all(self, rows: Sequence[Row], account: StoredAccount) -> list[dict[str, JSON]]:
        """Many rows; a type that must look something up does it once for all."""
        return [self.wire(row, account) for row in rows]

    def state(self, account_id: str) -> str:
        account = self.parts.accounts.get(account_id)
        return account.state(self._stands_at(account)[0])

    def get(
        self, account_id: str, ids: Sequence[str] | None, properties: frozenset[str], limit: int
    ) -> Sequence[Mapping[str, JSON]]:
        del properties
        account = self.parts.accounts.get(account_id)
        if ids is None:
            return self.wire_all(self._rows(account, None, limit), account)
        rows: list[Row] = []
        for start in range(0, len(ids), _PIECE):
            rows.extend(self._rows(account, ids[start : start + _PIECE], _PIECE))
        return self.wire_all(rows, account)

    def changes(self, account_id: str, since_state: str, max_changes: int) -> Changes:
        account = self.parts.accounts.get(account_id)
        now, below = self._stands_at(account)
        since = _since(account, since_state, now, below)
        if since == now:  # as nearly always: nothing to look for
            return Changes([], [], [], account.state(now), False)
        rows = self.parts.database.select(_CHANGES, (account.number, self.type_name, since, max_changes + 1))
        has_more = len(rows) > max_changes
        created: list[str] = []
        updated: list[str] = []
        destroyed: list[str] = []
        for object_id, first_at, created_at, _, is_destroyed in rows[:max_changes]:
            if is_destroyed:
                if first_at <= since:
                    destroyed.append(object_id)
            else:
                (created if created_at > since else updated).append(object_id)
        new_state = rows[max_changes - 1][3] if has_more else now
        return Changes(created, updated, destroyed, account.state(new_state), has_more)

    def lock(self, account_id: str, object_id: str) -> Mapping[str, JSON] | None:
        account = self.parts.accounts.get(account_id)
        if not self.parts.journal.stands(account, self.type_name, object_id):
            return None  # nobody waits for, or keeps away from others, what is not in the account
        self._hold(object_id)
        if self.parts.database.is_postgres and not self.parts.journal.stands(account, self.type_name, object_id):
            return None  # it left while we waited
        found = self.wire_all(self._by_id([object_id]), account)
        return found[0] if found else None

    def query(
        self, account_id: str, principal: Principal, where: Filter | None, order: Sequence[Comparator]
    ) -> Sequence[str]:
        """Everything, newest first: for types without filters and sort orders of their own."""
        del principal, order
        account = self.parts.accounts.get(account_id)
        if where is None:
            return listing.Standing(self.parts.database, account.number, self.type_name)
        here = (ObjectState.account == account.number) & (ObjectState.type == self.type_name)
        standing = here & (ObjectState.destroyed == False) & listing.condition(where, {})  # noqa: E712  # for Peewee
        selection = ObjectState.select(ObjectState.object_id).where(standing)
        return listing.Listing(self.parts.database, selection, [listing.Term(ObjectState.object_id, False)])

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        del account_id, principal, values
        raise SetError("forbidden")

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, JSON], changed: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        del account_id, principal, before, changed
        raise SetError("forbidden")

    def destroy(self, account_id: str, principal: Principal, before: Mapping[str, JSON]) -> None:
        del account_id, principal, before
        raise SetError("forbidden")

    def _by_id(self, ids: Sequence[str]) -> list[Row]:
        """Rows wherever they stand: the caller knows that they stand here."""
        if not ids:
            return []
        return self.parts.database.whole_rows(self.model, f"WHERE t.id IN ({', '.join('?' * len(ids))})", ids)

    def _hold(self, object_id: str) -> None:
        """Keep other writers away from the row (SQLite has only one writer anyway)."""
        if self.parts.database.is_postgres:
            table = self.model._meta.table_name
            self.parts.database.select(f'SELECT 1 FROM "{table}" WHERE id = ? FOR UPDATE', (object_id,))  # noqa: S608  # our own table

    def _rows(self, account: StoredAccount, ids: Sequence[str] | None, limit: int) -> list[Row]:
        among = "" if ids is None else f"AND s.object_id IN ({', '.join('?' * len(ids))}) "
        values = (account.number, self.type_name, *(ids or ()), limit)
        return self.parts.database.whole_rows(self.model, f"{_STANDING} {among}LIMIT ?", values)

    def _stands_at(self, account: StoredAccount) -> tuple[int, int | None]:
        """The count of the last change, and below which one it is no longer remembered what changed."""
        here = (account.number, self.type_name)
        database = self.parts.database
        changed, below = database.once(("stands at", here), lambda: database.select(_STANDS_AT, (*here, *here))[0])
        return int(changed or 0), below


def _since(account: StoredAccount, text: str, now: int, below: int | None) -> int:
    """The count in a state string. 0, which knows of nothing, can always be answered; otherwise what changed `below`
    some count is no longer remembered."""
    epoch, dot, digits = text.partition(".")
    if not dot or epoch != account.epoch or not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise CannotCalculateChangesError("This is no state of this account.")
    since = int(digits)
    if since > now:
        raise CannotCalculateChangesError("This state is ahead of the server's.")
    if below is not None and 0 < since < below:
        raise CannotCalculateChangesError("What changed since then is no longer remembered.")
    return since


def colleague(principal: Principal) -> Colleague:
    """The principal as what this server's gate always makes."""
    if not isinstance(principal, Colleague):
        raise TypeError("a principal of another host")
    return principal
