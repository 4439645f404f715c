"""The watch over alerts: an arrival that no workstation showed in time goes to the next in line (PRODUCT A9)."""

from typing import Final

from sync.domain import ids
from sync.domain.lines import next_in_line
from sync.domain.times import DAY_MS, MINUTE_MS
from sync.server.access import who_sees
from sync.server.database import Row
from sync.server.parts import Parts
from sync.server.tables import AlertDeviceRow, AlertReceiptRow
from sync.server.unreached import Unreached

_LOOKS_BACK_MS: Final = 60 * MINUTE_MS
_MOST: Final = 500
# An assignee has a new ticket in hand; what came to a ticket that was assigned before waits until somebody takes it.
_IN_HAND: Final = """
(t.assignee_id IS NOT NULL AND (a.kind NOT IN ('inbound', 'undelivered') OR EXISTS (
    SELECT 1 FROM message e WHERE e.ticket_id = t.id AND e.kind = 'event' AND e.posted_at >= a.at
    AND e.seq > (SELECT m.seq FROM message m WHERE m.id = a.message_id)
    AND substr(e.body_text, 1, 20) = '{"what":"assigneeId"')))
"""
_SILENT: Final = """
SELECT a.id, a.ticket_id, t.category_id, a.at, a.for_agent_id, a.by_agent_id
FROM arrival a JOIN ticket t ON t.id = a.ticket_id
WHERE a.at > ? AND a.at <= ? AND NOT (a.kind = 'new' AND a.by_agent_id IS NOT NULL)
AND t.awaiting = 'team' AND NOT {in_hand}
AND NOT EXISTS (SELECT 1 FROM alert_receipt r WHERE r.arrival_id = a.id
    AND (r.shown IS NOT NULL OR r.rang IS NOT NULL OR r.seen IS NOT NULL))
AND NOT EXISTS (SELECT 1 FROM unreached_alert u WHERE u.arrival_id = a.id)
ORDER BY a.at, a.id LIMIT ?
""".replace("{in_hand}", _IN_HAND)
_OVER: Final = """
SELECT u.id FROM unreached_alert u LEFT JOIN ticket t ON t.id = u.ticket_id LEFT JOIN arrival a ON a.id = u.arrival_id
WHERE u.reached_at IS NULL AND (t.id IS NULL OR a.id IS NULL OR t.awaiting IS NULL OR t.awaiting <> 'team'
    OR t.category_id <> u.category_id OR {in_hand}) LIMIT ?
""".replace("{in_hand}", _IN_HAND)
_OLD: Final = "SELECT id FROM unreached_alert WHERE at < ? LIMIT ?"


class AlertWatch:
    """Run every few seconds. An arrival that somebody took or answered meanwhile has reached them.

    Several processes may watch: the first to note an arrival has noted it.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._unreached = Unreached(parts)
        self._judged = 0

    def look(self) -> int:
        """Note what reached nobody, and what did after all; how many of the first."""
        now, patience = self._parts.clock.now_ms(), self._parts.settings.number("alert.reach_s")
        if not patience:
            return 0
        until = now - patience * 1000
        span = (max(self._judged, now - _LOOKS_BACK_MS), until, _MOST)
        noted = 0
        if self._parts.database.read(lambda: self._due(span)):
            noted = self._parts.journal.write(lambda: self._note(span, now))
        if noted < _MOST:
            self._judged = until
        return noted

    def forget(self) -> None:
        """What is older than arrivals are kept."""
        before = self._parts.clock.now_ms() - self._parts.settings.number("arrival_days") * DAY_MS

        def work() -> int:
            old = [str(one[0]) for one in self._parts.database.select(_OLD, (before, _MOST))]
            self._unreached.forget(old)
            return len(old)

        while self._parts.journal.write(work):
            pass
        database = self._parts.database
        database.write(lambda: database.run(AlertReceiptRow.delete().where(AlertReceiptRow.at < before)))
        database.write(lambda: database.run(AlertDeviceRow.delete().where(AlertDeviceRow.at < before)))

    def _due(self, span: tuple[int, int, int]) -> bool:
        """A look without a lock: most find nothing."""
        database = self._parts.database
        return bool(database.select(_OVER, (1,)) or database.select(_SILENT, (*span[:2], 1)))

    def _note(self, span: tuple[int, int, int], now: int) -> int:
        database = self._parts.database
        self._unreached.over([str(one[0]) for one in database.select(_OVER, (_MOST,))], now)
        noted = 0
        for arrival_id, ticket_id, category_id, at, for_agent_id, by_agent_id in database.select(_SILENT, span):
            row: Row = {
                "id": self._parts.ids.new(ids.UNREACHED_ALERT),
                "arrival_id": arrival_id,
                "ticket_id": ticket_id,
                "category_id": category_id,
                "at": at,
                "reached_at": None,
                "next_ids": next_in_line(who_sees(database, category_id), for_agent_id, by_agent_id),
                "noted_at": now,
            }
            noted += self._unreached.note(row)
        return noted
