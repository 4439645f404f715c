"""Every bug that is planted from outside is found: one that slips means that the simulation looks away."""

import pytest

from tests.simulation.bugs import PLANTED
from tests.simulation.hunt import hunt
from tests.simulation.planted import Planted
from tests.simulation.workshop import Workshop

FEWEST = 25


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: bug.name)
def test_a_planted_bug_is_found(made: Workshop, bug: Planted) -> None:
    assert hunt(made, bug, bug.seed, 1).seed is not None, f"nobody saw it; python -m tests.simulation --bug {bug.name}"


def test_there_are_enough_of_them() -> None:
    assert len({bug.name for bug in PLANTED}) == len(PLANTED) >= FEWEST
