"""When the engine tries again."""

import random

import pytest

from sync.engine.schedule import poll_wait, retry_wait, slept


@pytest.mark.parametrize("failures", [1, 3, 6, 50])
def test_a_retry_is_jittered_below_a_ceiling_that_grows_to_a_minute(failures: int) -> None:
    waits = [retry_wait(failures, random.Random(seed)) for seed in range(200)]
    ceiling = min(60.0, 2.0**failures)
    assert 0.0 <= min(waits) < ceiling / 4
    assert ceiling * 3 / 4 < max(waits) <= ceiling


def test_a_retry_is_never_sooner_than_the_server_asked() -> None:
    assert retry_wait(1, random.Random(1), retry_after=90.0) == 90.0


def test_polls_are_rare_with_push_and_frequent_without() -> None:
    source = random.Random(1)
    assert all(150.0 <= poll_wait(True, source) <= 450.0 for _ in range(200))
    assert all(15.0 <= poll_wait(False, source) <= 30.0 for _ in range(200))


@pytest.mark.parametrize(
    ("wall_ms", "monotonic_s", "promised_s", "expected"),
    [
        (5_000, 5.0, 300.0, False),
        (300_000, 300.0, 300.0, False),
        (3_600_000, 5.0, 300.0, True),
        (3_600_000, 3_600.0, 300.0, True),
        (-3_600_000, 5.0, 300.0, False),
        (9_000, 5.0, 0.0, False),
    ],
)
def test_sleep_shows_in_either_clock(wall_ms: int, monotonic_s: float, promised_s: float, expected: bool) -> None:
    assert slept(wall_ms, monotonic_s, promised_s) is expected
