"""What a planted bug is."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Planted:
    """A bug applied from outside. `seed` finds it; from any seed on it is found `within` so many schedules. `later`:
    played with the moves that came later."""

    plant: Plant
    seed: int
    within: int = 40
    later: bool = False

    @property
    def name(self) -> str:
        """What it is called."""
        return self.plant.__name__
