"""The ends of do-not-disturb that can be chosen."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sync.domain.alerting import UNTIL_CANCELLED
from sync.domain.times import HOUR_MS

_MORNING_HOUR = 7


class QuietChoice(StrEnum):
    """For how long."""

    OFF = "off"
    HOUR = "hour"
    TOMORROW = "tomorrow"
    ALWAYS = "always"


def quiet_until(choice: QuietChoice, now: int) -> int:
    """When it ends (ms UTC); 0 for off. "Tomorrow" is the next seven in the morning of this machine's zone."""
    match choice:
        case QuietChoice.OFF:
            return 0
        case QuietChoice.HOUR:
            return now + HOUR_MS
        case QuietChoice.ALWAYS:
            return UNTIL_CANCELLED
        case QuietChoice.TOMORROW:
            local = datetime.fromtimestamp(now / 1000, UTC).astimezone()
            days = 0 if local.hour < _MORNING_HOUR else 1
            morning = (local.replace(tzinfo=None) + timedelta(days=days)).replace(
                hour=_MORNING_HOUR, minute=0, second=0, microsecond=0
            )
            return round(morning.astimezone().timestamp() * 1000)
