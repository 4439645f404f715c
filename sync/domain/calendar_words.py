"""What somebody types of a calendar, checked before it is kept; each raises ValueError with a sentence."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sync.domain.calendar import WeekHours
from sync.domain.public_holidays import public_holidays


def hours(text: str) -> None:
    """Weekly hours."""
    WeekHours.parse(text)


def zone(text: str) -> None:
    """The name of a time zone."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"There is no time zone {text}. Write one like Europe/Berlin.") from None


def country(text: str) -> None:
    """A country or a part of it."""
    public_holidays(text)
