"""Tells an owner of an alert that reached nobody: one notice, one chime, gone once it did (PRODUCT A9)."""

from collections.abc import Sequence

from desktop.alerts.nobody_reached import Alert, Manner, NobodyReached
from desktop.translation import translate
from sync.cache.changes import Changes

UNREACHED = "unreached"


class Unreached(NobodyReached):
    """For the categories that the owner follows; several open the spot-check."""

    def manner(self) -> Manner:
        return Manner(UNREACHED, "", translate("Alerts", "Open the spot-check"))

    def concerns(self, changes: Changes) -> bool:
        return changes.oversight

    def alerts(self, since_ms: int) -> Sequence[Alert]:
        followed = {row.id for row in self._desk.reader.categories() if row.alerted}
        found = self._desk.reader.unreached(since_ms)
        return [one for one in found if one.reached_at is None and one.category_id in followed]
