"""An address may send so many forms an hour, and is told when the next is free."""

from sync.server.web.rate import ADDRESSES_HELD, SlidingHour


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now_ms(self) -> int:
        return int(self.seconds * 1000)

    def monotonic(self) -> float:
        return self.seconds


def test_the_limit_holds_within_an_hour_and_frees_itself() -> None:
    clock = HandClock()
    hour = SlidingHour(clock)
    assert hour.wait("a", 2) == 0.0
    clock.seconds = 600
    assert hour.wait("a", 2) == 0.0
    assert hour.wait("a", 2) == 3000.0
    assert hour.wait("b", 2) == 0.0
    clock.seconds = 3600
    assert hour.wait("a", 2) == 0.0
    assert hour.wait("a", 2) == 600.0


def test_a_limit_of_none_lets_nobody_in() -> None:
    assert SlidingHour(HandClock()).wait("a", 0) == 3600.0


def test_memory_is_bounded() -> None:
    hour = SlidingHour(HandClock())
    hour.wait("first", 1)
    for number in range(ADDRESSES_HELD):
        hour.wait(str(number), 1)
    assert hour.wait("first", 1) == 0.0
