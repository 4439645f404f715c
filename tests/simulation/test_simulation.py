"""A fixed set of seeds on every run; the same seed is the same run; planted bugs are found."""

import pytest

from tests.simulation.bugs import PLANTED, Plant
from tests.simulation.runs import run

GROUPS = 8
SEEDS_OF_A_GROUP = 4
TRIES = 25


@pytest.mark.parametrize("group", range(GROUPS))
def test_no_seed_breaks_an_invariant(group: int) -> None:
    for number in range(SEEDS_OF_A_GROUP):
        seed = 1 + group * SEEDS_OF_A_GROUP + number
        played = run(seed)
        assert played.broken is None, f"seed {seed}: {played.broken}; python -m tests.simulation --first {seed}"


@pytest.mark.parametrize("seed", [3, 47, 84, 525])
def test_seeds_that_broke_once_hold(seed: int) -> None:
    assert run(seed).broken is None


@pytest.mark.parametrize("seed", [7, 1001])
def test_a_seed_is_the_same_run_each_time(seed: int) -> None:
    first, second = run(seed), run(seed)
    assert first.history == second.history
    assert first.trace == second.trace


@pytest.mark.parametrize("seed", [201, 202])
def test_no_seed_breaks_an_invariant_on_postgresql(seed: int, fresh_postgres_url: str) -> None:
    assert run(seed, address=fresh_postgres_url).broken is None


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    broken = (run(seed).broken for seed in range(PLANTED[plant], PLANTED[plant] + TRIES))
    assert any(broken), "the simulation did not see it"
