"""What the server forgets in time: tombstones, arrivals, receipts of refusals, old sign-ins, unused files."""

from contextlib import suppress
from functools import partial
from typing import Final

from sync.domain import protocol
from sync.domain.errors import Offline
from sync.domain.times import DAY_MS, HOUR_MS
from sync.server.accounts import Kind, StoredAccount
from sync.server.blobs import Blobs
from sync.server.ledger import Receipt, SignInDelay, TokenRow
from sync.server.parts import Parts
from sync.server.personal.scrubbing import is_owed, scrub
from sync.server.tables import ArrivalRow

_OLD_ARRIVALS: Final = """
SELECT s.object_id FROM object_state s JOIN arrival a ON a.id = s.object_id
WHERE s.account = ? AND s.type = ? AND NOT s.destroyed AND a.at < ? LIMIT 500
"""
_TOMBSTONES: Final = """
SELECT type, object_id, changed FROM object_state o WHERE account = ? AND destroyed AND at < ?
AND changed < (SELECT MAX(changed) FROM object_state n WHERE n.account = o.account AND n.type = o.type) LIMIT 1000
"""

_FORGOTTEN: Final = """
INSERT INTO pruned (account, type, below) VALUES (?, ?, ?)
ON CONFLICT (account, type) DO UPDATE SET below = excluded.below WHERE excluded.below > pruned.below
"""


class Upkeep:
    """Run once an hour; every step is a short transaction of its own."""

    def __init__(self, parts: Parts, blobs: Blobs) -> None:
        self._parts = parts
        self._blobs = blobs

    def run(self) -> None:
        """Everything that is due."""
        self._blobs.forget_unused()
        self._parts.journal.write(self._end_sign_ins)
        self._parts.database.write(self._forget_small_things)
        self._scrub()
        self._parts.audit.keep(self._parts.settings.number("audit.years"))
        for account in self._parts.database.read(self._parts.accounts.all):
            if account.kind is Kind.CATEGORY:
                while self._parts.journal.write(partial(self._retire_arrivals, account)):
                    pass
            while self._parts.database.write(partial(self._forget_tombstones, account)):
                pass

    def _scrub(self) -> None:
        """After somebody was erased from a desktop. On PostgreSQL it keeps tables locked: that is left to a command."""
        if not self._parts.database.is_postgres and is_owed(self._parts.database):
            with suppress(Offline):
                scrub(self._parts.database)

    def _end_sign_ins(self) -> None:
        over = TokenRow.expires_at < self._parts.clock.now_ms()
        agents = {row["agent_id"] for row in self._parts.database.rows(TokenRow.select(TokenRow.agent_id).where(over))}
        self._parts.database.run(TokenRow.delete().where(over))
        self._parts.journal.present(self._parts.accounts.oversight(), protocol.AGENT_ACCESS, *sorted(agents))

    def _forget_small_things(self) -> None:
        database, now = self._parts.database, self._parts.clock.now_ms()
        database.execute("DELETE FROM form_send WHERE at < ?", (now - HOUR_MS,))
        receipts = now - self._parts.settings.number("receipt_days") * DAY_MS
        database.run(Receipt.delete().where(Receipt.object_id.is_null() & (Receipt.at < receipts)))
        database.run(SignInDelay.delete().where(SignInDelay.until < now - DAY_MS))
        arrivals = now - 2 * self._parts.settings.number("arrival_days") * DAY_MS
        database.run(ArrivalRow.delete().where(ArrivalRow.at < arrivals))

    def _retire_arrivals(self, account: StoredAccount) -> int:
        before = self._parts.clock.now_ms() - self._parts.settings.number("arrival_days") * DAY_MS
        found = self._parts.database.select(_OLD_ARRIVALS, (account.number, protocol.TICKET_ARRIVAL, before))
        self._parts.journal.gone(account, protocol.TICKET_ARRIVAL, *(str(one[0]) for one in found))
        return len(found)

    def _forget_tombstones(self, account: StoredAccount) -> int:
        """The newest change of a type stays, since the type's state is read from it."""
        before = self._parts.clock.now_ms() - self._parts.settings.number("tombstone_days") * DAY_MS
        found = self._parts.database.select(_TOMBSTONES, (account.number, before))
        if not found:
            return 0
        self._parts.database.execute_many(
            "DELETE FROM object_state WHERE account = ? AND type = ? AND object_id = ?",
            [(account.number, type_name, object_id) for type_name, object_id, _ in found],
        )
        newest: dict[str, int] = {}
        for type_name, _, changed in found:
            newest[type_name] = max(changed, newest.get(type_name, 0))
        self._parts.database.execute_many(
            _FORGOTTEN, [(account.number, type_name, changed) for type_name, changed in newest.items()]
        )
        return len(found)
