"""When to expect an answer: the later of what the house aims at and what it did lately, with its working (G1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tzlocal import get_localzone_name

from sync.domain.calendar import BusinessCalendar
from sync.domain.closings import Closing, to_be_shown
from sync.domain.times import MINUTE_MS
from sync.server.expecting import wording
from sync.server.expecting.closings import Closings
from sync.server.expecting.estimate import Ground, estimate
from sync.server.expecting.house_calendar import HouseHours, house_hours
from sync.server.expecting.pace import Pace, pace_of
from sync.server.parts import Parts
from sync.server.tables import CategoryRow

_FRESH_S: Final = 60.0
_QUARTER_MS: Final = 15 * MINUTE_MS
_USUAL_LIMIT_MS: Final = 120 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Expected:
    """`by_ms`: ms UTC, a quarter of an hour on the clock; `sentence` says it to the requester, `because` why."""

    by_ms: int
    sentence: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosingNotice:
    """A closing as requesters read it: `sentence` says until when, `notice` is the house's own words, maybe none."""

    id: str
    name: str
    sentence: str
    notice: str
    starts_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was looked up, and when by the monotonic clock."""

    at: float
    changes: tuple[int, int]
    hours: HouseHours
    closings: list[Closing]
    paces: dict[str, Pace]
    calendars: dict[str | None, BusinessCalendar]
    limits: dict[str, int]


class Expecting:
    """Any thread; looks into the database at most once a minute for each category, at once after own changes."""

    def __init__(
        self,
        parts: Parts,
        closings: Closings,
        surge: Callable[[str | None], str | None] = lambda _: None,
        local_zone: Callable[[], str] = get_localzone_name,
    ) -> None:
        self._parts = parts
        self._closings = closings
        self._surge = surge
        self._local_zone = local_zone
        self._last: _Seen | None = None

    def answer(self, category_id: str, at_ms: int) -> Expected:
        """For a question that came, or comes, in that category at that moment."""
        seen = self._seen()
        calendar, pace = self._calendar(seen, category_id), self._pace(seen, category_id)
        limit = seen.limits.get(category_id, _USUAL_LIMIT_MS)
        now = self._parts.clock.now_ms()
        found = estimate(calendar, pace, limit, at_ms, now)
        by = -(-found.by_ms // _QUARTER_MS) * _QUARTER_MS
        told = [wording.aim(limit)]
        if found.decided is Ground.QUEUE:
            told.append(wording.MANY_WAIT)
        elif found.decided is Ground.LATELY and pace.most is not None:
            told.append(wording.lately(pace.most))
        told += wording.days_off(calendar, seen.closings, category_id, at_ms, by)
        return Expected(by, wording.by_when(calendar, seen.closings, category_id, at_ms, by, now), tuple(told))

    def pace(self, category_id: str) -> Pace:
        """The figures behind it."""
        return self._pace(self._seen(), category_id)

    def closings(self, category_id: str | None, at_ms: int) -> list[ClosingNotice]:
        """What requesters are to know of now: closings of that category, or of the whole house."""
        seen = self._seen()
        zone = seen.hours.zone
        return [
            ClosingNotice(one.id, one.name, wording.closed(one, zone, at_ms), one.notice, one.starts_at, one.ends_at)
            for one in to_be_shown(seen.closings, category_id, at_ms)
        ]

    def for_letter(self, category_id: str, at_ms: int) -> tuple[str | None, list[str]]:
        """The same in the words of a letter: the sentence, and one for each closing."""
        notices = [f"{one.sentence} {one.notice}".strip() for one in self.closings(category_id, at_ms)]
        flood = self.flood(category_id)
        return self.answer(category_id, at_ms).sentence, [*([flood] if flood else []), *notices]

    def flood(self, category_id: str | None) -> str | None:
        """A sentence while far more people than usual ask there, or anywhere; looked up each time."""
        return self._surge(category_id)

    def calendar(self, category_id: str | None = None) -> BusinessCalendar:
        """The business calendar of a category, or of the house."""
        return self._calendar(self._seen(), category_id)

    def hours(self) -> HouseHours:
        """The house's hours as they are set."""
        return self._seen().hours

    def _seen(self) -> _Seen:
        now = self._parts.clock.monotonic()
        changes = (self._parts.settings.times_set, self._closings.times_changed)
        last = self._last
        if last is None or last.changes != changes or not 0 <= now - last.at < _FRESH_S:
            last = self._last = self._parts.database.read(lambda: self._look(now, changes))
        return last

    def _look(self, now: float, changes: tuple[int, int]) -> _Seen:
        database = self._parts.database
        limits = {row["id"]: row["limit_ms"] for row in database.rows(CategoryRow.select())}
        hours = house_hours(self._parts.settings, self._local_zone)
        return _Seen(now, changes, hours, self._closings.all(), {}, {}, limits)

    def _calendar(self, seen: _Seen, category_id: str | None) -> BusinessCalendar:
        found = seen.calendars.get(category_id)
        if found is None:
            found = seen.calendars[category_id] = seen.hours.calendar(seen.closings, category_id)
        return found

    def _pace(self, seen: _Seen, category_id: str) -> Pace:
        found = seen.paces.get(category_id)
        if found is None:
            database, now = self._parts.database, self._parts.clock.now_ms()
            calendar = self._calendar(seen, category_id)
            found = seen.paces[category_id] = database.read(lambda: pace_of(database, calendar, category_id, now))
        return found
