"""What a planted bug is."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Planted:
    """A bug applied from outside. `seed` finds it; from any seed on it is found `within` so many schedules."""

    plant: Plant
    seed: int
    within: int = 40

    @property
    def name(self) -> str:
        """What it is called."""
        return self.plant.__name__
