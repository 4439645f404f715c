"""Times as people say them."""

from datetime import UTC, datetime

import pytest

from desktop.models.moments import Moments, length, size
from sync.domain.times import DAY_MS, HOUR_MS, MINUTE_MS

NOW = int(datetime(2026, 3, 17, 14, 26, tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize(
    ("ago", "short", "full"),
    [
        (0, "14:26", "today 14:26"),
        (5 * HOUR_MS, "09:26", "today 09:26"),
        (20 * HOUR_MS, "yesterday 18:26", "yesterday 18:26"),
        (3 * DAY_MS, "14 Mar 14:26", "14 Mar 14:26"),
        (400 * DAY_MS, "10 Feb 2025 14:26", "10 Feb 2025 14:26"),
    ],
)
def test_near_days_have_names(qapp: object, ago: int, short: str, full: str) -> None:
    moments = Moments(UTC)
    assert moments.short(NOW - ago, NOW) == short
    assert moments.full(NOW - ago, NOW) == full


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (59_999, "under a minute"),
        (34 * MINUTE_MS, "34 min"),
        (2 * HOUR_MS, "2 h"),
        (2 * HOUR_MS + 12 * MINUTE_MS, "2 h 12 min"),
        (3 * DAY_MS + HOUR_MS, "3 d"),
    ],
)
def test_lengths_have_at_most_two_units(qapp: object, ms: int, words: str) -> None:
    assert length(ms) == words


@pytest.mark.parametrize(
    ("octets", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (14_000, "14 KB"), (25_000_000, "25 MB"), (2_440_000, "2.4 MB")],
)
def test_sizes(qapp: object, octets: int, words: str) -> None:
    assert size(octets) == words
