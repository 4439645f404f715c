"""Expected answers and closings in words for requesters, in the house's own zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sync.domain.calendar import BusinessCalendar
from sync.domain.closings import Closing
from sync.domain.times import MINUTE_MS

MANY_WAIT: Final = "More people than usual wait for an answer."
_MOST_DAYS: Final = 62
_TOLD_AT_MOST: Final = 4


def aim(limit_ms: int) -> str:
    """The policy's target."""
    return f"Our aim is an answer within {length(limit_ms)} of working time."


def lately(most_ms: int) -> str:
    """What was done lately."""
    return f"Lately four of five questions were answered within {length(most_ms)} of working time."


def by_when(
    calendar: BusinessCalendar, closings: Sequence[Closing], category_id: str | None, at: int, by: int, now: int
) -> str:
    """The answer to "when?", with the first reason why it is not sooner where that is a day off."""
    if by <= now:
        return f"We wanted to answer by {moment(by, calendar.zone)}, and are late. We are sorry."
    reason = _off_now(calendar, closings, category_id, at)
    return f"We answer by {moment(by, calendar.zone)}{'; ' + reason if reason else ''}."


def days_off(
    calendar: BusinessCalendar, closings: Sequence[Closing], category_id: str | None, at: int, by: int
) -> list[str]:
    """A sentence for each holiday and closing between two moments."""
    told: list[str] = []
    day, last = calendar.day_of(at), calendar.day_of(by)
    while day <= min(last, calendar.day_of(at) + timedelta(days=_MOST_DAYS)):
        name = calendar.holiday(day)
        if name is not None and calendar.hours.days[day.weekday()]:
            told.append(f"{_day(day)} is a holiday: {name}.")
        day += timedelta(days=1)
    for one in closings:
        if one.concerns(category_id) and one.starts_at < by and one.ends_at > at:
            told.append(closed(one, calendar.zone, at))
    return list(dict.fromkeys(told))[:_TOLD_AT_MOST]


def closed(closing: Closing, zone: ZoneInfo, now: int) -> str:
    """From when to when, as somebody would say it now."""
    last = datetime.fromtimestamp((closing.ends_at - 1) / 1000, zone)
    first = datetime.fromtimestamp(closing.starts_at / 1000, zone)
    whole_days = _is_midnight(closing.starts_at, zone) and _is_midnight(closing.ends_at, zone)
    if not whole_days:
        begins, ends = moment(closing.starts_at, zone), moment(closing.ends_at, zone)
        return f"{closing.name}: nobody is here " + (
            f"until {ends}." if closing.starts_at <= now else f"from {begins} to {ends}."
        )
    if first.date() == last.date():
        return f"{closing.name}: nobody is here on {_day(first.date())}."
    since = "" if closing.starts_at <= now else f"from {_day(first.date())} "
    return f"{closing.name}: nobody is here {since}{'to' if since else 'until'} {_day(last.date())}."


def moment(at: int, zone: ZoneInfo) -> str:
    """A moment that is understood also when it is read days later, elsewhere."""
    local = datetime.fromtimestamp(at / 1000, zone)
    return f"{_day(local.date())}, {local:%H:%M} {local.tzname() or 'UTC'}"


def until(at: int, zone: ZoneInfo) -> str:
    """The last day of what ends at a midnight; else the moment."""
    last = datetime.fromtimestamp((at - 1) / 1000, zone).date()
    return _day(last) if _is_midnight(at, zone) else moment(at, zone)


def length(ms: int) -> str:
    """A length of time in hours and minutes."""
    hours, minutes = divmod(-(-ms // MINUTE_MS), 60)
    words = [_many(hours, "hour")] if hours else []
    if minutes and hours < 8:
        words.append(_many(minutes, "minute"))
    return " ".join(words) or "a minute"


def _off_now(calendar: BusinessCalendar, closings: Sequence[Closing], category_id: str | None, at: int) -> str:
    if calendar.is_open(at):
        return ""
    holding = [one for one in closings if one.concerns(category_id) and one.starts_at <= at < one.ends_at]
    if holding:
        return f"nobody is here just now ({holding[0].name})"
    return "that day is a holiday" if calendar.holiday(calendar.day_of(at)) is not None else ""


def _is_midnight(at: int, zone: ZoneInfo) -> bool:
    local = datetime.fromtimestamp(at / 1000, zone)
    return local.hour == local.minute == 0


def _day(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B %Y}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
