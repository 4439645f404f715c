"""Times as people say them: "today 09:31", "34 min", in the agent's own zone."""

from datetime import date, datetime, timedelta, tzinfo

from PySide6.QtCore import QDate, QLocale

from desktop.translation import translate
from sync.domain.times import DAY_MS, HOUR_MS, MINUTE_MS


class Moments:
    """Formats ms UTC in `zone` (None: the machine's own zone)."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        self._zone = zone

    def clock(self, ms: int) -> str:
        """The time of the day, such as 09:31."""
        return f"{self._local(ms):%H:%M}"

    def short(self, ms: int, now_ms: int) -> str:
        """The time alone today, otherwise with its day."""
        if self._local(ms).date() == self._local(now_ms).date():
            return self.clock(ms)
        return self.full(ms, now_ms)

    def full(self, ms: int, now_ms: int) -> str:
        """Day and time: "today 09:31", "yesterday 17:40", "3 Mar 17:40", "3 Mar 2024 17:40"."""
        return f"{self.day(ms, now_ms)} {self.clock(ms)}"

    def day(self, ms: int, now_ms: int) -> str:
        """The day alone, in words where it is near."""
        day, today = self._local(ms).date(), self._local(now_ms).date()
        if day == today:
            return translate("Moments", "today")
        if day == today - timedelta(days=1):
            return translate("Moments", "yesterday")
        return _written(day, with_year=day.year != today.year)

    def year(self, ms: int) -> str:
        """The year, for "since 2024"."""
        return str(self._local(ms).year)

    def _local(self, ms: int) -> datetime:
        return datetime.fromtimestamp(ms / 1000, self._zone) if self._zone else datetime.fromtimestamp(ms / 1000)  # noqa: DTZ006 - the machine's zone is meant


def length(ms: int) -> str:
    """How long, in the two largest units that matter: "34 min", "2 h 12 min", "3 d"."""
    if ms < MINUTE_MS:
        return translate("Moments", "under a minute")
    if ms < HOUR_MS:
        return translate("Moments", "{minutes} min").format(minutes=ms // MINUTE_MS)
    if ms < DAY_MS:
        hours, rest = divmod(ms, HOUR_MS)
        minutes = rest // MINUTE_MS
        if not minutes:
            return translate("Moments", "{hours} h").format(hours=hours)
        return translate("Moments", "{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return translate("Moments", "{days} d").format(days=ms // DAY_MS)


def size(octets: int) -> str:
    """A file's size for people: "14 KB", "2.4 MB"."""
    if octets < 1000:
        return translate("Moments", "{count} bytes").format(count=octets)
    if octets < 1_000_000:
        return translate("Moments", "{count} KB").format(count=round(octets / 1000))
    return translate("Moments", "{count} MB").format(count=f"{octets / 1_000_000:.1f}".removesuffix(".0"))


def _written(day: date, with_year: bool) -> str:
    qdate = QDate(day.year, day.month, day.day)
    return QLocale().toString(qdate, "d MMM yyyy" if with_year else "d MMM")
