"""The business calendar: when a house works, and how much working time lies between two moments (PRODUCT E6).

No library does this for several intervals a day and a zone with daylight saving: those that are kept count whole days,
the others hold one interval a day and add hours on the wall clock.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAY_MINUTES: Final = 24 * 60
DAY_NAMES: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_TIMES: Final = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
_HORIZON_DAYS: Final = 3_700
_REMEMBERED_DAYS: Final = 4_000

Span = tuple[int, int]
HolidayName = Callable[[date], str | None]


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The intervals of each weekday, Monday first, in minutes on the wall clock; 1440 is the day's end.

    Raises ValueError unless the intervals of a day follow one another and there is one in the week.
    """

    days: tuple[tuple[Span, ...], ...]

    def __post_init__(self) -> None:
        if len(self.days) != len(DAY_NAMES) or not any(self.days):
            raise ValueError("A week has seven days, and one of them must have working hours.")
        for day in self.days:
            edges = [0, *(minute for span in day for minute in span), DAY_MINUTES]
            if edges != sorted(edges) or any(start == end for start, end in day):
                raise ValueError("The times of a day must follow one another, from 00:00 to 24:00.")

    @staticmethod
    def parse(text: str) -> WeekHours:
        """From words such as `Mo-Fr 09:00-12:00 13:00-17:00; Sa 10:00-12:00`; a later part counts for its days.

        Raises ValueError with a sentence.
        """
        days: list[tuple[Span, ...]] = [()] * len(DAY_NAMES)
        for part in filter(None, (one.strip() for one in text.split(";"))):
            names, _, times = part.partition(" ")
            spans = tuple(_span(one) for one in re.split(r"[,\s]+", times.strip()) if one)
            for number in _numbers(names):
                days[number] = spans
        return WeekHours(tuple(days))

    def __str__(self) -> str:
        """In the words that `parse` reads; days with the same hours stand together."""
        parts: list[str] = []
        first = 0
        for number in range(1, len(self.days) + 1):
            if number < len(self.days) and self.days[number] == self.days[first]:
                continue
            if self.days[first]:
                names = DAY_NAMES[first] + ("" if number - first == 1 else f"-{DAY_NAMES[number - 1]}")
                parts.append(" ".join([names, *(f"{_clock(a)}-{_clock(b)}" for a, b in self.days[first])]))
            first = number
        return "; ".join(parts)


OFFICE_HOURS: Final = WeekHours((((9 * 60, 17 * 60),),) * 5 + ((), ()))
"""Mo-Fr 09:00-17:00."""


def no_holidays(_: date) -> str | None:
    """A calendar without public holidays."""
    return None


class BusinessCalendar:
    """Working time in one zone. Moments and lengths are ms; a moment is UTC, an interval holds its start, not its end.

    `holiday`: the name of a day's public holiday, None on other days. `closed`: further moments without work.
    A time that the clock skips (it is set forward) is the moment of the change; one that comes twice is the first.
    """

    def __init__(
        self, zone: ZoneInfo, hours: WeekHours, holiday: HolidayName = no_holidays, closed: Sequence[Span] = ()
    ) -> None:
        self.zone = zone
        self.hours = hours
        self.holiday = holiday
        self._closed = _merged(closed)
        self._days: dict[date, tuple[Span, ...]] = {}

    def spans(self, since: int) -> Iterator[Span]:
        """What is open after a moment, in order, for ever. Raises OverflowError after ten years of nothing."""
        day, empty = self.day_of(since), 0
        while empty < _HORIZON_DAYS:
            found = [span for span in self._on(day) if span[1] > since]
            yield from found
            empty = 0 if found else empty + 1
            day += timedelta(days=1)
        raise OverflowError("this calendar is closed for ten years")

    def spans_between(self, start: int, end: int) -> Iterator[Span]:
        """What is open from one moment to another, the first and last cut there."""
        day, last = self.day_of(start), self.day_of(end)
        while day <= last:
            for opened, closed in self._on(day):
                if opened < end and closed > start:
                    yield max(opened, start), min(closed, end)
            day += timedelta(days=1)

    def is_open(self, at: int) -> bool:
        """Whether work is done at that moment."""
        return any(start <= at < end for start, end in self._on(self.day_of(at)))

    def opens(self, at: int) -> int:
        """That moment if work is done then, else when it next is."""
        return max(at, next(self.spans(at))[0])

    def add(self, at: int, duration: int) -> int:
        """The first moment at which as much working time has passed; `at` itself for nothing."""
        if duration <= 0:
            return at
        for start, end in self.spans(at):
            begun = max(start, at)
            if end - begun >= duration:
                return begun + duration
            duration -= end - begun
        raise AssertionError("spans have no end")

    def between(self, start: int, end: int) -> int:
        """The working time from one moment to another; 0 if it is not later."""
        return sum(closed - opened for opened, closed in self.spans_between(start, end)) if start < end else 0

    def ruler(self, start: int, end: int) -> Ruler:
        """The working time between two moments, laid out once, for many questions about it."""
        return Ruler(self.spans_between(start, end))

    def day_of(self, at: int) -> date:
        """The day in the calendar's zone."""
        return self.local(at).date()

    def local(self, at: int) -> datetime:
        """The moment as the calendar's wall clock shows it."""
        return datetime.fromtimestamp(at / 1000, self.zone)

    def _on(self, day: date) -> tuple[Span, ...]:
        """The open spans that begin on a day."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) >= _REMEMBERED_DAYS:
                self._days.clear()
            found = self._days[day] = tuple(_without(self._worked(day), self._closed))
        return found

    def _worked(self, day: date) -> list[Span]:
        if self.holiday(day) is not None:
            return []
        spans = [(_moment(day, a, self.zone), _moment(day, b, self.zone)) for a, b in self.hours.days[day.weekday()]]
        return [span for span in spans if span[0] < span[1]]


class Ruler:
    """How much working time has passed at a moment since the ruler begins; before it 0, after its end all of it."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._marks: list[tuple[int, int]] = []
        total = 0
        for begun, ended in spans:
            self._starts.append(begun)
            self._marks.append((ended, total))
            total += ended - begun
        self.length = total

    def at(self, moment: int) -> int:
        """In ms of working time."""
        index = bisect_right(self._starts, moment) - 1
        if index < 0:
            return 0
        ended, before = self._marks[index]
        return before + min(moment, ended) - self._starts[index]


def _moment(day: date, minute: int, zone: ZoneInfo) -> int:
    """The moment of a time on the wall clock."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    at = wall.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != wall:
        at = _change(wall, zone)
    return round(at.timestamp()) * 1000


def _change(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the clock was set forward over a time that it never showed, to the second."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    new = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (before, middle) if middle.astimezone(zone).utcoffset() == new else (middle, after)
    return after


def _merged(spans: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(one for one in spans if one[0] < one[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _without(spans: Sequence[Span], closed: Sequence[Span]) -> Iterator[Span]:
    for start, end in spans:
        for away, back in closed:
            if away >= end:
                break
            if back > start:
                if away > start:
                    yield start, away
                start = max(start, back)
        if start < end:
            yield start, end


def _span(text: str) -> Span:
    match = _TIMES.fullmatch(text)
    if match is None:
        raise ValueError(f"{text} is no time of day. Write hours like Mo-Fr 09:00-12:00 13:00-17:00; Sa 10:00-12:00.")
    hour, minute, until_hour, until_minute = (int(one) for one in match.groups())
    if minute > 59 or until_minute > 59:
        raise ValueError(f"{text} is no time of day: an hour has 60 minutes.")
    return hour * 60 + minute, until_hour * 60 + until_minute


def _numbers(names: str) -> list[int]:
    """The weekdays of words such as `Mo-We,Fr`; a range may go over the week's end."""
    found: list[int] = []
    for one in names.split(","):
        first, _, last = one.partition("-")
        try:
            start, end = DAY_NAMES.index(first.title()), DAY_NAMES.index((last or first).title())
        except ValueError:
            raise ValueError(f"{one} names no day. The days are {' '.join(DAY_NAMES)}.") from None
        found += [number % 7 for number in range(start, end + 1 if end >= start else end + 8)]
    return found


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
