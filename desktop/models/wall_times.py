"""Moments as an owner types them: day and time on the house's wall clock, or this machine's where it is not known."""

from datetime import date, datetime, time, timedelta, tzinfo

from PySide6.QtCore import QDate, QTime


class WallClock:
    """`zone` None: this machine's own."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        self.zone = zone

    def shown(self, at: int) -> tuple[QDate, QTime]:
        """The day and time of a moment (ms UTC)."""
        local = self.local(at)
        return QDate(local.year, local.month, local.day), QTime(local.hour, local.minute)

    def moment(self, day: QDate, at: QTime, days_later: int = 0) -> int:
        """The moment (ms UTC) of a day and time, some days later."""
        wall = datetime.combine(
            date(day.year(), day.month(), day.day()) + timedelta(days=days_later), time(at.hour(), at.minute())
        )
        there = wall.replace(tzinfo=self.zone) if self.zone is not None else wall.astimezone()
        return round(there.timestamp()) * 1000

    def is_midnight(self, at: int) -> bool:
        """Whether a day begins at that moment."""
        local = self.local(at)
        return local.hour == local.minute == 0

    def local(self, at: int) -> datetime:
        """As the clock on the wall shows it."""
        there = datetime.fromtimestamp(at / 1000, self.zone)
        return there if self.zone is not None else there.astimezone()
