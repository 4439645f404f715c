"""What the intake page holds: what the server said last, what the cache knows, what was changed here, not yet saved."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QTime

from desktop.desk import Desk
from desktop.models import intake_cards
from desktop.models.cards import Card
from desktop.models.intake_cards import CALENDAR, NEW_CAP, NEW_CLOSING
from desktop.models.intake_drafts import SLOT, Begun, Draft, begun_of, text_of
from desktop.models.wall_times import WallClock
from sync.domain.caps import OpenTicketCap
from sync.domain.closings import Closing
from sync.domain.intake_figures import IntakeFigures
from sync.domain.times import DAY_MS


class IntakeBooks:
    """Each thing has a name: its id, or one of those of the list's cards. What was begun in an earlier sitting is there
    again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.figures: IntakeFigures | None = None
        self.begun = begun_of(desk.reader.draft(*SLOT))
        self.clock = WallClock()

    def take(self, figures: IntakeFigures) -> bool:
        """What the server says now; whether that is another zone than days were shown in before."""
        before, self.figures = self.clock.zone, figures
        self.clock = _wall_clock(figures.calendar.in_zone)
        return self.clock.zone != before

    def text(self) -> str:
        """What was changed here, as it is kept on this computer."""
        return text_of(self.begun)

    def write(self, name: str, draft: Draft) -> None:
        """The person changed it."""
        before = self.begun.get(name)
        self.begun[name] = Begun(draft, self.kept(name) if before is None else before.base)

    def drop(self, name: str) -> None:
        """What was changed there is at the server, or not wanted."""
        self.begun.pop(name, None)

    def draft(self, name: str) -> Draft | None:
        """As it was changed here; None where it was not."""
        found = self.begun.get(name)
        return None if found is None else found.draft

    def is_behind(self, name: str) -> bool:
        """Whether somebody else changed it at the server since it was begun here."""
        found = self.begun.get(name)
        return found is not None and found.is_behind(self.kept(name))

    def cards(self, names: Mapping[str, str]) -> list[Card]:
        """The list's rows; `names`: the categories by id."""
        now, moments, figures = self._desk.clock.now_ms(), self._desk.moments, self.figures
        caps = figures.caps if figures is not None else ()
        there: list[Closing | OpenTicketCap] = [*self._desk.reader.closings(), *caps]
        known = {one.id for one in there}
        mine = [one.draft for name, one in self.begun.items() if name not in known]
        shown = [self.draft(one.id) or one for one in there]
        cards = [
            intake_cards.weeks_card(figures.weeks if figures is not None else ()),
            intake_cards.calendar_card(None if figures is None else figures.calendar),
        ]
        for one in (*mine, *shown):
            if isinstance(one, Closing):
                cards.append(intake_cards.closing_card(one, names, moments, now))
            elif isinstance(one, OpenTicketCap):
                cards.append(intake_cards.cap_card(one, names, moments, now))
        return [intake_cards.unsaved(card) if card.id in self.begun else card for card in cards]

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
        return self.draft(name) or self.kept(name)

    def is_now(self, name: str) -> bool:
        """Whether it is a closing that holds just now, and is shown as it is kept."""
        kept, now = self.kept(name), self._desk.clock.now_ms()
        return isinstance(kept, Closing) and kept.starts_at <= now < kept.ends_at and name not in self.begun

    def may_go(self, name: str) -> bool:
        """Whether it can be removed."""
        return self.is_new(name) or isinstance(self.kept(name), Closing | OpenTicketCap)

    def is_new(self, name: str) -> bool:
        """Whether it has never been at the server."""
        return name in (NEW_CLOSING, NEW_CAP)

    def begin_closing(self) -> None:
        """A new one, of one whole day, tomorrow; the one that was begun before stays."""
        day, _ = self.clock.shown(self._desk.clock.now_ms() + DAY_MS)
        first, end = (self.clock.moment(day, QTime(0, 0), days_later=later) for later in (0, 1))
        self.begun.setdefault(NEW_CLOSING, Begun(Closing("", "", first, end)))

    def begin_cap(self) -> None:
        """A new one, of one ticket over all categories."""
        self.begun.setdefault(NEW_CAP, Begun(OpenTicketCap("", None, 1, None, "")))


def _wall_clock(zone: str) -> WallClock:
    """This machine's own where the zone is not known here."""
    try:
        return WallClock(ZoneInfo(zone) if zone else None)
    except (ZoneInfoNotFoundError, ValueError):
        return WallClock()
