"""Planted bugs, hunted one after the other."""

from dataclasses import dataclass

import pytest

from tests.simulation.bugs import PLANTED
from tests.simulation.planted import Planted
from tests.simulation.runs import run
from tests.simulation.workshop import Workshop, workshop


@dataclass(frozen=True)
class Hunted:
    """What became of a hunt: the seed that found the bug, None where it slipped, after how many schedules, and how."""

    name: str
    seed: int | None
    schedules: int
    how: str

    def line(self) -> str:
        """In one line."""
        found = "slipped" if self.seed is None else f"seed {self.seed}"
        return f"{self.name}: {found} after {self.schedules} schedules: {self.how[:150]}"


def hunt(workshop: Workshop, bug: Planted, first: int, within: int) -> Hunted:
    """Play seeds from `first` on until one finds the bug. A crash is a finding too."""
    with pytest.MonkeyPatch.context() as patch:
        bug.plant(patch)
        for seed in range(first, first + within):
            try:
                broken = run(workshop, seed, later=bug.later).broken
            except Exception as error:  # whatever it is, nobody could miss it
                broken = repr(error)
            if broken is not None:
                return Hunted(bug.name, seed, seed - first + 1, broken)
    return Hunted(bug.name, None, within, "")


def hunted(name: str, first: int) -> Hunted:
    """Hunt the bug of that name, in a process of its own."""
    (bug,) = (one for one in PLANTED if one.name == name)
    with workshop() as made:
        return hunt(made, bug, first, bug.within)
