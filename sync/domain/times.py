"""Times: int64 milliseconds UTC inside, RFC 8620 UTCDate on the wire."""

import re
from datetime import UTC, datetime
from functools import lru_cache

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

_UTC_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z")


def to_utc_date(ms: int) -> str:
    """UTCDate with milliseconds; a zero fraction is left out, as RFC 8620 1.4 demands."""
    hour, rest = divmod(ms, HOUR_MS)
    seconds, fraction = divmod(rest, 1000)
    text = f"{_hour(hour)}{seconds // 60:02d}:{seconds % 60:02d}"
    return f"{text}.{fraction:03d}Z" if fraction else f"{text}Z"


@lru_cache(maxsize=4096)
def _hour(number: int) -> str:
    """The first half of the UTCDates of an hour, by its number since 1970."""
    return datetime.fromtimestamp(number * 3600, UTC).isoformat()[:14]


def from_utc_date(text: str) -> int:
    """Milliseconds since 1970 UTC of a UTCDate; finer fractions are cut.

    Raises ValueError for anything that is no UTCDate.
    """
    match = _UTC_DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a UTCDate: {text!r}")
    whole = datetime.fromisoformat(match[1]).replace(tzinfo=UTC)
    return int(whole.timestamp()) * 1000 + int((match[2] or "0")[:3].ljust(3, "0"))


def seconds_left(until: int | None, now_ms: int) -> int:
    """Whole seconds until a moment, as one counts down: 1 until the very end; 0 without one, or after it."""
    return 0 if until is None or until <= now_ms else -(-(until - now_ms) // 1000)
