"""Tickets that the FAQ avoided, for owners: looked up at the server when the page is shown, kept under its list."""

from collections.abc import Sequence

from desktop.deeds import Deeds
from desktop.desk import Desk
from desktop.widgets.faq_trend import FaqTrend
from sync.connectors.faq_keeping import FaqKeeping
from sync.connectors.port import Access
from sync.domain.faq import FaqWeek, totals
from sync.domain.times import DAY_MS

_WEEK_MS, _FIRST_MONDAY_MS = 7 * DAY_MS, 4 * DAY_MS


class FaqFigures(FaqTrend):
    """Hidden for everybody but owners."""

    def __init__(self, desk: Desk, deeds: Deeds[FaqKeeping]) -> None:
        super().__init__(desk.appearance)
        self._desk = desk
        self._deeds = deeds
        self._weeks: Sequence[FaqWeek] = ()
        self._is_owner = False
        self.hide()

    def load(self) -> None:
        """Who is it? Asked where waiting for a writer does not hurt."""
        self._desk.lanes.lists.run(self._desk.cache.access, self._show_access)

    def look(self) -> None:
        """The weeks, as the server has them now."""
        if self._is_owner:
            self._deeds.look(lambda server: server.faq_weeks(), self.show_weeks)

    def show_weeks(self, weeks: Sequence[FaqWeek]) -> None:
        self._weeks = weeks
        self.reload()

    def reload(self) -> None:
        """The entries are other ones, or their counts."""
        self.setVisible(self._is_owner)
        if self._is_owner:
            _, opened, answered = totals(self._desk.reader.faq_heads())
            now = self._desk.clock.now_ms()
            monday = now - (now - _FIRST_MONDAY_MS) % _WEEK_MS
            told = sum(one.answered for one in self._weeks)
            self.show_figures(max(answered, told), opened, self._weeks, monday)

    def _show_access(self, access: Access | None) -> None:
        self._is_owner = access is not None and access.is_owner
        self.reload()
        self.look()
