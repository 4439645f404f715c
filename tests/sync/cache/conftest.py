"""What the tests of the cache share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.rigs.fed_cache import KEY, FedCache, StillClock


@pytest.fixture
def clock() -> StillClock:
    """A clock of one's own."""
    return StillClock()


@pytest.fixture
def desk(tmp_path: Path, clock: StillClock) -> Iterator[FedCache]:
    """An encrypted cache, empty."""
    made = FedCache(tmp_path / "cache", clock, KEY)
    yield made
    made.close()


@pytest.fixture
def bare(tmp_path: Path, clock: StillClock) -> Iterator[FedCache]:
    """A cache without a key, so that bytes can be looked for."""
    made = FedCache(tmp_path / "bare", clock, None)
    yield made
    made.close()


@pytest.fixture
def open_desk(tmp_path: Path, clock: StillClock) -> Iterator[Callable[[str], FedCache]]:
    """Opens further ones by name; the same name is the same folder."""
    made: list[FedCache] = []

    def opened(name: str) -> FedCache:
        made.append(FedCache(tmp_path / name, clock, KEY))
        return made[-1]

    yield opened
    for one in made:
        one.close()
