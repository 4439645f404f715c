"""Where it is told that an alert reached nobody: to owners, and in its category to the next in line (PRODUCT A9).

Inside a write transaction.
"""

from collections.abc import Sequence
from typing import Final

from sync.domain import protocol
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.parts import Parts
from sync.server.tables import UnreachedAlertRow

_OF_TICKET: Final = "SELECT id FROM unreached_alert WHERE ticket_id = ?"
_PLACES: Final = "SELECT id, category_id FROM unreached_alert WHERE id IN ({marks})"


class Unreached:
    """One row each, which stands in the owners' account, and in the category's where somebody is next in line."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def note(self, row: Row) -> bool:
        """Tell of a new one; False: another process was first."""
        if not self._parts.database.insert_new(UnreachedAlertRow, row):
            return False
        self._parts.journal.present(self._parts.accounts.oversight(), protocol.UNREACHED_ALERT, row["id"])
        account = self._parts.accounts.of_category(row["category_id"])
        if row["next_ids"] and account is not None:
            self._parts.journal.present(account, protocol.NEXT_IN_LINE, row["id"])
        return True

    def over(self, alert_ids: Sequence[str], now: int) -> None:
        """Somebody was reached, or took it, or it is nobody's turn any more."""
        if not alert_ids:
            return
        given = {UnreachedAlertRow.reached_at: now}
        among = UnreachedAlertRow.id.in_(list(alert_ids)) & UnreachedAlertRow.reached_at.is_null()
        self._parts.database.run(UnreachedAlertRow.update(given).where(among))
        self._parts.journal.present(self._parts.accounts.oversight(), protocol.UNREACHED_ALERT, *alert_ids)
        for account, alert_id in self._next(alert_ids):
            self._parts.journal.present(account, protocol.NEXT_IN_LINE, alert_id)

    def moved(self, source: StoredAccount, ticket_id: str) -> None:
        """The ticket left that category: there nobody is next in line for it any more."""
        journal = self._parts.journal
        for alert_id in self._of_ticket(ticket_id):
            if journal.stands(source, protocol.NEXT_IN_LINE, alert_id):
                journal.gone(source, protocol.NEXT_IN_LINE, alert_id)

    def forget_ticket(self, ticket_id: str) -> None:
        """All that was told of it."""
        self.forget(self._of_ticket(ticket_id))

    def forget(self, alert_ids: Sequence[str]) -> None:
        """They are gone from wherever they were told."""
        if not alert_ids:
            return
        self._parts.journal.gone(self._parts.accounts.oversight(), protocol.UNREACHED_ALERT, *alert_ids)
        for account, alert_id in self._next(alert_ids):
            self._parts.journal.gone(account, protocol.NEXT_IN_LINE, alert_id)
        self._parts.database.run(UnreachedAlertRow.delete().where(UnreachedAlertRow.id.in_(list(alert_ids))))

    def _of_ticket(self, ticket_id: str) -> list[str]:
        return [str(one[0]) for one in self._parts.database.select(_OF_TICKET, (ticket_id,))]

    def _next(self, alert_ids: Sequence[str]) -> list[tuple[StoredAccount, str]]:
        """Those that stand in a category, with its account."""
        marks = ", ".join("?" * len(alert_ids))
        found: list[tuple[StoredAccount, str]] = []
        for alert_id, category_id in self._parts.database.select(_PLACES.format(marks=marks), tuple(alert_ids)):
            account = self._parts.accounts.of_category(category_id)
            if account is not None and self._parts.journal.stands(account, protocol.NEXT_IN_LINE, alert_id):
                found.append((account, str(alert_id)))
        return found
