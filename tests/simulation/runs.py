"""One run of a seed, from an empty office to rest."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.simulation import invariants
from tests.simulation.moves import MOVES
from tests.simulation.world import world

STEPS = 80
MEMORY = Path("/dev/shm")  # noqa: S108  a folder in memory, where there is one: nothing here needs to outlive the run


@dataclass(frozen=True)
class Run:
    """What a seed did: the hash of its trace, its last lines, and what broke."""

    seed: int
    trace: str
    history: tuple[str, ...]
    broken: str | None = None


def run(seed: int, steps: int = STEPS, address: str | None = None) -> Run:
    """Play a seed; `address`: with the server on that empty database.

    Only broken invariants are caught: anything else is a bug that must be loud.
    """
    folder = Path(tempfile.mkdtemp(prefix="simulation", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        with world(folder, seed, address) as made:
            broken = None
            try:
                made.run(steps, MOVES, invariants.after_each_step)
                made.come_to_rest()
                invariants.at_rest(made)
            except AssertionError as error:
                broken = str(error)
            return Run(seed, made.trace.hexdigest(), tuple(made.history), broken)
    finally:
        shutil.rmtree(folder)
