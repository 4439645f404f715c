"""What the intake page holds: what the server said last, what the cache knows, what was changed here, not yet saved."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QTime

from desktop.desk import Desk
from desktop.models import intake_cards
from desktop.models.cards import Card
from desktop.models.intake_cards import CALENDAR, NEW_CAP, NEW_CLOSING
from desktop.models.wall_times import WallClock
from sync.domain.caps import OpenTicketCap
from sync.domain.closings import Closing
from sync.domain.intake_figures import HouseCalendar, IntakeFigures
from sync.domain.times import DAY_MS

Draft = Closing | OpenTicketCap | HouseCalendar


class IntakeBooks:
    """Each thing has a name: its id, or one of those of the list's cards."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.figures: IntakeFigures | None = None
        self.drafts: dict[str, Draft] = {}
        self.clock = WallClock()

    def take(self, figures: IntakeFigures) -> None:
        """What the server says now."""
        self.figures = figures
        self.clock = _wall_clock(figures.calendar.in_zone)

    def cards(self, names: Mapping[str, str]) -> list[Card]:
        """The list's rows; `names`: the categories by id."""
        now, moments, figures = self._desk.clock.now_ms(), self._desk.moments, self.figures
        caps = figures.caps if figures is not None else ()
        new = [one for name, one in self.drafts.items() if name in (NEW_CLOSING, NEW_CAP)]
        there: list[Closing | OpenTicketCap] = [*self._desk.reader.closings(), *caps]
        kept = [self.drafts.get(one.id, one) for one in there]
        cards = [
            intake_cards.weeks_card(figures.weeks if figures is not None else ()),
            intake_cards.calendar_card(None if figures is None else figures.calendar),
        ]
        for one in (*new, *kept):
            if isinstance(one, Closing):
                cards.append(intake_cards.closing_card(one, names, moments, now))
            elif isinstance(one, OpenTicketCap):
                cards.append(intake_cards.cap_card(one, names, moments, now))
        return cards

    def kept(self, name: str) -> Draft | None:
        """As the server has it."""
        figures = self.figures
        if name == CALENDAR:
            return None if figures is None else figures.calendar
        there: list[Closing | OpenTicketCap] = [*self._desk.reader.closings()]
        there += figures.caps if figures is not None else ()
        return next((one for one in there if one.id == name), None)

    def shown(self, name: str) -> Draft | None:
        """As it was changed here, else as it is kept."""
        return self.drafts.get(name) or self.kept(name)

    def is_now(self, name: str) -> bool:
        """Whether it is a closing that holds just now, and is shown as it is kept."""
        kept, now = self.kept(name), self._desk.clock.now_ms()
        return isinstance(kept, Closing) and kept.starts_at <= now < kept.ends_at and name not in self.drafts

    def may_go(self, name: str) -> bool:
        """Whether it can be removed."""
        return name in (NEW_CLOSING, NEW_CAP) or isinstance(self.kept(name), Closing | OpenTicketCap)

    def begin_closing(self) -> None:
        """A new one, of one whole day, tomorrow; the one that was begun before stays."""
        day, _ = self.clock.shown(self._desk.clock.now_ms() + DAY_MS)
        first, end = (self.clock.moment(day, QTime(0, 0), days_later=later) for later in (0, 1))
        self.drafts.setdefault(NEW_CLOSING, Closing("", "", first, end))

    def begin_cap(self) -> None:
        """A new one, of one ticket over all categories."""
        self.drafts.setdefault(NEW_CAP, OpenTicketCap("", None, 1, None, ""))


def _wall_clock(zone: str) -> WallClock:
    """This machine's own where the zone is not known here."""
    try:
        return WallClock(ZoneInfo(zone) if zone else None)
    except (ZoneInfoNotFoundError, ValueError):
        return WallClock()
