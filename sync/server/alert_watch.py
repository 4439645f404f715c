"""The watch over alerts: an arrival that no workstation showed in time is told to owners (PRODUCT A9)."""

from typing import Final

from sync.domain import ids, protocol
from sync.domain.times import DAY_MS, MINUTE_MS
from sync.server.database import Row
from sync.server.parts import Parts
from sync.server.tables import AlertDeviceRow, AlertReceiptRow, UnreachedAlertRow

_LOOKS_BACK_MS: Final = 60 * MINUTE_MS
_MOST: Final = 500
_SILENT: Final = """
SELECT a.id, a.ticket_id, t.category_id, a.at FROM arrival a JOIN ticket t ON t.id = a.ticket_id
WHERE a.at > ? AND a.at <= ? AND NOT (a.kind = 'new' AND a.by_agent_id IS NOT NULL)
AND t.awaiting = 'team' AND t.assignee_id IS NULL
AND NOT EXISTS (SELECT 1 FROM alert_receipt r WHERE r.arrival_id = a.id
    AND (r.shown IS NOT NULL OR r.rang IS NOT NULL OR r.seen IS NOT NULL))
AND NOT EXISTS (SELECT 1 FROM unreached_alert u WHERE u.arrival_id = a.id)
ORDER BY a.at, a.id LIMIT ?
"""
_OVER: Final = """
SELECT u.id FROM unreached_alert u LEFT JOIN ticket t ON t.id = u.ticket_id
WHERE u.reached_at IS NULL AND (t.id IS NULL OR t.awaiting IS NULL OR t.awaiting <> 'team' OR t.assignee_id IS NOT NULL)
LIMIT ?
"""
_OLD: Final = "SELECT id FROM unreached_alert WHERE at < ? LIMIT ?"


class AlertWatch:
    """Run every few seconds. An arrival that somebody took or answered meanwhile has reached them.

    Several processes may watch: the first to note an arrival has noted it.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
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
            self._parts.journal.gone(self._parts.accounts.oversight(), protocol.UNREACHED_ALERT, *old)
            self._parts.database.run(UnreachedAlertRow.delete().where(UnreachedAlertRow.id.in_(old)))
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
        database, journal, oversight = self._parts.database, self._parts.journal, self._parts.accounts.oversight()
        over = [str(one[0]) for one in database.select(_OVER, (_MOST,))]
        database.run(
            UnreachedAlertRow.update({UnreachedAlertRow.reached_at: now}).where(UnreachedAlertRow.id.in_(over))
        )
        journal.present(oversight, protocol.UNREACHED_ALERT, *over)
        noted = 0
        for arrival_id, ticket_id, category_id, at in database.select(_SILENT, span):
            row: Row = {
                "id": self._parts.ids.new(ids.UNREACHED_ALERT),
                "arrival_id": arrival_id,
                "ticket_id": ticket_id,
                "category_id": category_id,
                "at": at,
                "reached_at": None,
            }
            if database.insert_new(UnreachedAlertRow, row):
                journal.present(oversight, protocol.UNREACHED_ALERT, str(row["id"]))
                noted += 1
        return noted
