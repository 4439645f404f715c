"""A fixed set of seeds on every run; the same seed is the same run, here, in another process and on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.runs import run
from tests.simulation.workshop import Workshop

ROOT = Path(__file__).parents[2]
GROUPS = 20
SEEDS_OF_A_GROUP = 15
REPLAYED = range(1, GROUPS * SEEDS_OF_A_GROUP, 30)
ON_POSTGRESQL = (201, 202, 203, 204)


@pytest.mark.parametrize("group", range(GROUPS))
def test_no_seed_breaks_an_invariant(made: Workshop, group: int) -> None:
    for number in range(SEEDS_OF_A_GROUP):
        seed = 1 + group * SEEDS_OF_A_GROUP + number
        seen = run(made, seed, later=True)
        assert seen.broken is None, f"seed {seed}: {seen.broken}; python -m tests.simulation --history --start {seed}"


@pytest.mark.parametrize("seed", REPLAYED)
def test_a_seed_is_the_same_run_each_time(made: Workshop, seed: int) -> None:
    first, second = run(made, seed, later=True), run(made, seed, later=True)
    assert first.history == second.history
    assert first.trace == second.trace


def test_a_seed_is_the_same_run_in_another_process(made: Workshop) -> None:
    """Whatever order its sets have there."""
    command = [sys.executable, "-m", "tests.simulation", "--history", "--start", "7"]
    environment = {**os.environ, "PYTHONHASHSEED": "3"}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == f"trace {run(made, 7, later=True).trace}: nothing broke"


@pytest.mark.parametrize("seed", ON_POSTGRESQL)
def test_postgresql_gives_the_same_run(made: Workshop, seed: int, fresh_postgres_url: str) -> None:
    ours = run(made, seed, any_database=True, later=True)
    theirs = run(made, seed, address=fresh_postgres_url, later=True)
    assert theirs.broken is None
    assert theirs.history == ours.history
    assert theirs.trace == ours.trace
