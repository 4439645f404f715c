"""When to try again: pure arithmetic on failures, the server's wishes and a source of randomness."""

from typing import Final, Protocol

BACKOFF_CEILING_S: Final = 60.0
POLL_MIN_S: Final = 15.0
POLL_MAX_S: Final = 30.0
SANITY_POLL_S: Final = 300.0
SANITY_SPREAD: Final = 0.5
STREAM_HEALTHY_S: Final = 60.0
WAKE_SPREAD_S: Final = 2.0


class Uniform(Protocol):
    """The part of `random.Random` that waiting needs."""

    def uniform(self, a: float, b: float, /) -> float: ...


def retry_wait(failures: int, randomness: Uniform, retry_after: float | None = None) -> float:
    """Seconds to wait after that many failures in a row: full jitter, never sooner than the server asked."""
    ceiling = min(BACKOFF_CEILING_S, 2.0 ** min(failures, 10))
    return max(randomness.uniform(0.0, ceiling), retry_after or 0.0)


def poll_wait(pushed: bool, randomness: Uniform) -> float:
    """Seconds until all accounts are asked again: often without push, as a safety net with it."""
    if pushed:
        return SANITY_POLL_S * randomness.uniform(1.0 - SANITY_SPREAD, 1.0 + SANITY_SPREAD)
    return randomness.uniform(POLL_MIN_S, POLL_MAX_S)


def slept(wall_ms: int, monotonic_s: float, promised_s: float) -> bool:
    """Whether the machine slept while that much wall and monotonic time passed between two steps.

    Some systems stop the monotonic clock in sleep (the two then differ), others run it on (a step then comes
    long after the wait that it was promised for).
    """
    return wall_ms / 1000.0 - monotonic_s > 10.0 or monotonic_s > promised_s + 15.0
