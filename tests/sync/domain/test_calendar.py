"""The business calendar: working time around nights, week-ends, holidays, closings and both changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.domain.calendar import OFFICE_HOURS, BusinessCalendar, WeekHours
from sync.domain.public_holidays import public_holidays
from sync.domain.times import DAY_MS, HOUR_MS, MINUTE_MS

BERLIN = ZoneInfo("Europe/Berlin")
SPLIT = WeekHours.parse("Mo-Fr 09:00-12:00 13:00-17:00; Sa 10:00-12:00")
ALWAYS = WeekHours.parse("Mo-Su 00:00-24:00")


def at(text: str, zone: ZoneInfo = BERLIN) -> int:
    """ms UTC of a wall clock."""
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * 1000


def shown(ms: int, zone: ZoneInfo = BERLIN) -> str:
    return datetime.fromtimestamp(ms / 1000, zone).strftime("%a %m-%d %H:%M")


def test_nights_and_noons_do_not_count() -> None:
    calendar = BusinessCalendar(BERLIN, SPLIT)
    assert shown(calendar.add(at("2026-11-23T11:30"), HOUR_MS)) == "Mon 11-23 13:30"
    assert shown(calendar.add(at("2026-11-23T16:30"), HOUR_MS)) == "Tue 11-24 09:30"
    assert shown(calendar.add(at("2026-11-28T11:00"), 2 * HOUR_MS)) == "Mon 11-30 10:00"
    assert calendar.between(at("2026-11-23T00:00"), at("2026-11-30T00:00")) == 37 * HOUR_MS
    assert not calendar.is_open(at("2026-11-23T12:00"))
    assert calendar.is_open(at("2026-11-23T13:00"))


def test_the_end_of_a_day_is_not_the_next_morning() -> None:
    calendar = BusinessCalendar(BERLIN, OFFICE_HOURS)
    assert shown(calendar.add(at("2026-11-27T16:00"), HOUR_MS)) == "Fri 11-27 17:00"
    assert shown(calendar.opens(at("2026-11-27T17:00"))) == "Mon 11-30 09:00"
    assert calendar.add(at("2026-11-28T16:00"), 0) == at("2026-11-28T16:00")


@pytest.mark.parametrize(
    ("hours", "day", "expected"),
    [
        ("Su 00:00-05:00", "2026-03-29", 4 * HOUR_MS),
        ("Su 01:00-02:30", "2026-03-29", 1 * HOUR_MS),
        ("Su 02:10-02:50", "2026-03-29", 0),
        ("Su 02:30-04:00", "2026-03-29", 1 * HOUR_MS),
        ("Su 00:00-05:00", "2026-10-25", 6 * HOUR_MS),
        ("Su 02:30-04:00", "2026-10-25", 150 * MINUTE_MS),
    ],
)
def test_an_hour_that_is_skipped_or_comes_twice(hours: str, day: str, expected: int) -> None:
    calendar = BusinessCalendar(BERLIN, WeekHours.parse(f"{hours}; Mo 09:00-17:00"))
    assert calendar.between(at(f"{day}T00:00"), at(f"{day}T23:59")) == expected


def test_a_day_that_a_place_skipped_has_no_hours() -> None:
    """Samoa had no 30 December 2011."""
    apia = ZoneInfo("Pacific/Apia")
    calendar = BusinessCalendar(apia, OFFICE_HOURS)
    start = at("2011-12-29T09:00", apia)
    assert calendar.between(start, start + 4 * DAY_MS) == 16 * HOUR_MS  # Thursday, Monday and what Tuesday had
    assert shown(calendar.add(start, 9 * HOUR_MS), apia) == "Mon 01-02 10:00"


def test_holidays_of_a_part_of_a_country_and_closings() -> None:
    bavaria = public_holidays("DE-BY")
    assert bavaria(date(2026, 1, 6)) is not None
    assert public_holidays("DE")(date(2026, 1, 6)) is None
    closed = [(at("2026-12-24T00:00"), at("2026-12-31T00:00")), (at("2026-12-30T00:00"), at("2027-01-04T00:00"))]
    calendar = BusinessCalendar(BERLIN, OFFICE_HOURS, bavaria, closed)
    assert shown(calendar.add(at("2026-12-23T16:00"), 2 * HOUR_MS)) == "Mon 01-04 10:00"
    assert shown(calendar.opens(at("2027-01-05T18:00"))) == "Thu 01-07 09:00"
    with pytest.raises(ValueError, match="not known"):
        public_holidays("Atlantis")


def test_a_closing_takes_the_middle_out_of_a_day() -> None:
    closed = [(at("2026-11-23T10:00"), at("2026-11-23T11:00"))]
    calendar = BusinessCalendar(BERLIN, OFFICE_HOURS, closed=closed)
    assert shown(calendar.add(at("2026-11-23T09:30"), HOUR_MS)) == "Mon 11-23 11:30"
    assert not calendar.is_open(at("2026-11-23T10:30"))


def test_closed_for_ever_is_said() -> None:
    start = at("2026-11-23T10:00")
    with pytest.raises(OverflowError):
        BusinessCalendar(BERLIN, OFFICE_HOURS, closed=[(start, start + 9_000 * DAY_MS)]).add(start, 1)


@pytest.mark.parametrize("text", ["Mo-Fr 09:00-12:00 13:00-17:00; Sa 10:00-12:00", "Su 00:00-24:00"])
def test_hours_in_words_come_back(text: str) -> None:
    assert str(WeekHours.parse(text)) == text


def test_hours_in_other_spellings() -> None:
    assert str(WeekHours.parse("sa-mo 9:00-10:00,11:00-12:00;su 8:00-9:00")) == (
        "Mo 09:00-10:00 11:00-12:00; Sa 09:00-10:00 11:00-12:00; Su 08:00-09:00"
    )
    assert str(WeekHours.parse("Mo-Fr 09:00-17:00; We")) == "Mo-Tu 09:00-17:00; Th-Fr 09:00-17:00"


@pytest.mark.parametrize(
    "text", ["", "Mo", "Xy 09:00-10:00", "Mo 9-10", "Mo 10:00-09:00", "Mo 09:00-25:00", "Mo 09:00-11:00 10:00-12:00",
             "Mo 09:60-10:00"],
)  # fmt: skip
def test_what_are_no_hours(text: str) -> None:
    with pytest.raises(ValueError, match=r".+\."):
        WeekHours.parse(text)


ZONES = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago"]
)
MOMENTS = st.integers(at("2025-01-01T00:00"), at("2027-01-01T00:00"))
LENGTHS = st.integers(0, 40 * HOUR_MS)


@st.composite
def weeks(draw: st.DrawFn) -> WeekHours:
    """Half-hours, none of which ends within an hour that may come twice."""
    days = []
    for _ in range(7):
        count = 2 * draw(st.integers(0, 2))
        edges = draw(st.lists(st.sampled_from([0, *range(6, 47), 48]), min_size=count, max_size=count, unique=True))
        marks = [30 * one for one in sorted(edges)]
        days.append(tuple(zip(marks[::2], marks[1::2], strict=True)))
    days[draw(st.integers(0, 6))] = ((540, 1020),)
    return WeekHours(tuple(days))


@st.composite
def calendars(draw: st.DrawFn) -> BusinessCalendar:
    closed = [(start, start + length) for start, length in draw(st.lists(st.tuples(MOMENTS, LENGTHS), max_size=3))]
    zone = ZoneInfo(draw(ZONES))
    off = draw(st.sampled_from([None, 3, 11]))
    return BusinessCalendar(zone, draw(weeks()), lambda day: "off" if day.day == off else None, closed)


@given(calendars(), MOMENTS, LENGTHS)
@settings(max_examples=120, deadline=None)
def test_adding_and_measuring_agree(calendar: BusinessCalendar, start: int, length: int) -> None:
    end = calendar.add(start, length)
    assert calendar.between(start, end) == length
    assert length == 0 or calendar.between(start, end - 1) == length - 1
    assert calendar.is_open(calendar.opens(start))
    assert calendar.add(calendar.add(start, length // 3), length - length // 3) == end


@given(calendars(), MOMENTS, st.lists(st.integers(0, 20 * DAY_MS), min_size=3, max_size=3))
@settings(max_examples=80, deadline=None)
def test_working_time_adds_up_and_rulers_tell_the_same(calendar: BusinessCalendar, at_: int, steps: list[int]) -> None:
    first, second, third = (at_ + step for step in sorted(steps))
    whole = calendar.between(first, third)
    assert calendar.between(first, second) + calendar.between(second, third) == whole
    ruler = calendar.ruler(first, third)
    assert (ruler.at(first), ruler.at(second), ruler.at(third)) == (0, calendar.between(first, second), whole)
    assert (ruler.at(first - DAY_MS), ruler.at(third + DAY_MS), ruler.length) == (0, whole, whole)


@given(weeks(), ZONES, MOMENTS)
@settings(max_examples=150, deadline=None)
def test_open_is_what_the_wall_clock_says(hours: WeekHours, zone: str, moment: int) -> None:
    local = datetime.fromtimestamp(moment / 1000, UTC).astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    expected = any(start <= minute < end for start, end in hours.days[local.weekday()])
    assert BusinessCalendar(ZoneInfo(zone), hours).is_open(moment) == expected
