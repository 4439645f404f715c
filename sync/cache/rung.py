"""Which arrivals were claimed for ringing, and which of those nobody was told of yet (PRODUCT A1, A8)."""

from collections.abc import Iterable

from sync.cache.store import Store
from sync.domain.records import ArrivalKind, Priority, TicketArrival


class Rung:
    """An arrival is claimed once, by a hint or by its row, and owed until it was told: a crash in between loses
    no chime. All calls inside the caller's transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def claim(self, account_id: str, arrival: TicketArrival) -> bool:
        """True the first time only; it is owed from then on."""
        added = self._store.execute("INSERT OR IGNORE INTO rung VALUES (?, ?)", (arrival.id, arrival.at)).rowcount
        if added == 1:
            self._store.execute(
                "INSERT OR REPLACE INTO unrung VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (arrival.id, account_id, arrival.ticket_id, arrival.message_id, arrival.kind.value,
                 arrival.priority.value, arrival.by_agent_id, arrival.at, arrival.for_agent_id),
            )  # fmt: skip
        return bool(added == 1)

    def owed(self) -> list[tuple[str, TicketArrival]]:
        """What was claimed and not told, each with its account, the oldest first."""
        rows = self._store.rows(
            "SELECT account_id, arrival_id, ticket_id, message_id, kind, priority, by_agent_id, at, for_agent_id "
            "FROM unrung ORDER BY at, arrival_id"
        )
        return [
            (
                row[0],
                TicketArrival(row[1], row[2], row[3], ArrivalKind(row[4]), Priority(row[5]), row[6], row[7], row[8]),
            )
            for row in rows
        ]

    def told(self, arrival_ids: Iterable[str]) -> None:
        """These were told."""
        self._store.many("DELETE FROM unrung WHERE arrival_id = ?", ((one,) for one in arrival_ids))

    def forget(self, kept_ms: int) -> None:
        """Claims of arrivals that are older than the newest by so much: no server shows them any more.

        By the server's times alone: a workstation's clock that is set ahead would let chimes sound twice.
        """
        self._store.execute(
            "DELETE FROM rung WHERE at < (SELECT max(at) FROM rung) - ? "
            "AND arrival_id NOT IN (SELECT arrival_id FROM unrung)",
            (kept_ms,),
        )

    def forget_strangers(self) -> None:
        """What is owed of accounts that are gone is of no concern any more."""
        self._store.execute("DELETE FROM unrung WHERE account_id NOT IN (SELECT id FROM account)")
