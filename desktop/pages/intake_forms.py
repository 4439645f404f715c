"""The one form of four that fits what is open on the intake page."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from desktop.models.intake_drafts import Draft
from desktop.models.wall_times import WallClock
from desktop.pages.intake_calendar import CalendarForm
from desktop.pages.intake_cap import CapForm
from desktop.pages.intake_closing import ClosingForm
from desktop.theme.appearance import Appearance
from desktop.widgets.weeks_table import WeeksTable
from sync.domain.caps import OpenTicketCap
from sync.domain.closings import Closing
from sync.domain.intake_figures import IntakeWeek


class IntakeForms(QStackedWidget):
    """changed(object): what the person wrote, as it stands now."""

    changed = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.weeks, self.calendar = WeeksTable(appearance), CalendarForm(appearance)
        self.closing, self.cap = ClosingForm(appearance), CapForm(appearance)
        for form in (self.weeks, self.calendar, self.closing, self.cap):
            self.addWidget(form)
        self.closing.changed.connect(lambda: self.changed.emit(self.closing.closing))
        self.cap.changed.connect(lambda: self.changed.emit(self.cap.cap))
        self.calendar.changed.connect(lambda: self.changed.emit(self.calendar.calendar))

    def show_places(self, names: Mapping[str, str]) -> None:
        """All categories by id."""
        self.closing.show_places(names)
        self.cap.show_places(names)

    def show_draft(self, draft: Draft, clock: WallClock, now_ms: int) -> None:
        """A closing, a cap or the calendar; nobody is told."""
        match draft:
            case Closing():
                self.closing.show_closing(draft, clock)
                self.setCurrentWidget(self.closing)
            case OpenTicketCap():
                self.cap.show_cap(draft, clock, now_ms)
                self.setCurrentWidget(self.cap)
            case _:
                self.calendar.show_calendar(draft)
                self.setCurrentWidget(self.calendar)

    def show_weeks(self, weeks: Sequence[IntakeWeek], days: Sequence[str]) -> None:
        """The figures."""
        self.weeks.show_weeks(weeks, days)
        self.setCurrentWidget(self.weeks)

    def take_keyboard(self) -> None:
        """To the first field of what is shown."""
        shown = self.currentWidget()
        first = {self.calendar: self.calendar.zone, self.closing: self.closing.name, self.cap: self.cap.most}
        (first.get(shown, self.weeks) if shown is not None else self.weeks).setFocus()
