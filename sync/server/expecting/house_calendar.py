"""The house's business calendar as it is set: zone, weekly hours, public holidays, and its closings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sync.domain.calendar import BusinessCalendar, HolidayName, WeekHours, no_holidays
from sync.domain.closings import Closing
from sync.domain.public_holidays import public_holidays
from sync.server.settings import Settings

_NO_ZONE: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class HouseHours:
    """The settings as they count: `country` is ISO 3166 (DE, DE-BY), empty where no public holidays are kept."""

    zone: ZoneInfo
    hours: WeekHours
    country: str
    holiday: HolidayName

    def calendar(self, closings: Sequence[Closing], category_id: str | None) -> BusinessCalendar:
        """The calendar of a category, or of the house as a whole."""
        closed = [(one.starts_at, one.ends_at) for one in closings if one.concerns(category_id)]
        return BusinessCalendar(self.zone, self.hours, self.holiday, closed)


def house_hours(settings: Settings, local_zone: Callable[[], str]) -> HouseHours:
    """As it is set; `local_zone` names the zone of this machine, for a house that has set none."""
    country = settings.text("calendar.country") or ""
    return HouseHours(
        zone=_zone(settings.text("calendar.zone") or local_zone()),
        hours=WeekHours.parse(settings.text("calendar.hours") or ""),
        country=country,
        holiday=public_holidays(country) if country else no_holidays,
    )


def _zone(name: str) -> ZoneInfo:
    """UTC where a machine is set to a zone that nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return _NO_ZONE
