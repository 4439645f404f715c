"""The reckoning of how long tickets may be shown without the server's word."""

import pytest

from sync.domain.confirmation import Confirmation
from sync.domain.times import HOUR_MS, MINUTE_MS

START = 1_790_000_000_000
FRESH = Confirmation(START, START, 72)


@pytest.mark.parametrize(("hours", "locked"), [(0, False), (71.99, False), (72, True), (5000, True)])
def test_it_is_over_after_its_hours(hours: float, locked: bool) -> None:
    later = FRESH.at(START + round(hours * HOUR_MS))
    assert later.is_over is locked
    assert (later.left_ms == 0) is locked


def test_a_clock_that_is_set_back_turns_nothing_back() -> None:
    later = FRESH.at(START + 71 * HOUR_MS)
    back = later.at(START - 1000 * HOUR_MS)
    assert back.left_ms == later.left_ms == HOUR_MS
    assert back.at(START - 1000 * HOUR_MS, 59 * MINUTE_MS).left_ms == MINUTE_MS
    assert back.at(START - 1000 * HOUR_MS, 61 * MINUTE_MS).is_over


def test_what_passed_is_never_less_than_what_the_clock_says() -> None:
    assert FRESH.at(START + 5 * HOUR_MS, HOUR_MS).seen_ms == START + 5 * HOUR_MS
    assert FRESH.at(START, -HOUR_MS).seen_ms == START
