"""What the tests of the engine share: a clock that moves only when told, a second workstation of one person."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.rigs.quarrel import Quarrel, Workstation


@dataclass
class HandClock:
    """Wall and monotonic time, moved by hand."""

    wall_ms: int = 1_790_000_000_000
    seconds: float = 1000.0

    def now_ms(self) -> int:
        """The wall clock."""
        return self.wall_ms

    def monotonic(self) -> float:
        """The other one."""
        return self.seconds

    def pass_(self, seconds: float) -> None:
        """Both move on."""
        self.wall_ms += round(seconds * 1000)
        self.seconds += seconds

    def sleep(self, seconds: float) -> None:
        """Only the wall clock moves, as in a machine's sleep on Linux."""
        self.wall_ms += round(seconds * 1000)


@pytest.fixture
def clock() -> HandClock:
    """A clock of one's own."""
    return HandClock()


@pytest.fixture
def second(q: Quarrel) -> Iterator[Workstation]:
    """Another workstation of Ann's, in the scene that the test has made."""
    made = Workstation(q.folder / "Ann at home", q.office, q.clock, 2)
    made.sync()
    yield made
    made.close()
