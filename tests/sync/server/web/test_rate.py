"""An address may send so many forms an hour, and is told when the next is free."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from sync.server.database import Database
from sync.server.migrations import migrate
from sync.server.web.rate import ADDRESSES_HELD, Hour, SlidingHour, hour_of


class HandClock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now_ms(self) -> int:
        return int(self.seconds * 1000)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture(params=["sqlite", "postgres"])
def two(request: pytest.FixtureRequest, clock: HandClock, tmp_path: Path) -> Iterator[tuple[Hour, Hour]]:
    """The counts of two processes on PostgreSQL; the one count of the only process on SQLite."""
    if request.param == "sqlite":
        hour = SlidingHour(clock)
        yield hour, hour
        return
    address = str(request.getfixturevalue("fresh_postgres_url"))
    with closing(Database.open(address)) as one, closing(Database.open(address)) as another:
        migrate(one)
        yield hour_of(one, clock, "address"), hour_of(another, clock, "address")
        assert one.read(lambda: one.select("SELECT 1 FROM form_send WHERE key IN ('a', 'b')")) == []


@pytest.fixture
def clock() -> HandClock:
    """Moved by hand."""
    return HandClock()


def test_processes_count_together(two: tuple[Hour, Hour]) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda number: two[number % 2].wait("a", 5), range(16)))
    assert sorted(waits) == [0.0] * 5 + [3600.0] * 11


def test_kinds_are_counted_apart(fresh_postgres_url: str, clock: HandClock) -> None:
    with closing(Database.open(fresh_postgres_url)) as database:
        migrate(database)
        assert [hour_of(database, clock, kind).wait("a", 1) for kind in ("address", "mail")] == [0.0, 0.0]
        assert hour_of(database, clock, "mail").wait("a", 1) == 3600.0


def test_the_limit_holds_within_an_hour_and_frees_itself(two: tuple[Hour, Hour], clock: HandClock) -> None:
    hour = two[0]
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
