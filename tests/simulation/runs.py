"""One run of a seed, from an empty office to rest."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.simulation.always import after_each_step
from tests.simulation.later import LATER, finish
from tests.simulation.later_rest import after_each_later_step, at_later_rest
from tests.simulation.moves import FATES, MOVES, ON_ANY_DATABASE
from tests.simulation.news import news
from tests.simulation.rest import at_rest
from tests.simulation.workshop import Workshop
from tests.simulation.world import Move, World, world

STEPS = 60


@dataclass(frozen=True)
class Run:
    """What a seed did: the hash of its trace, its lines, and what broke."""

    seed: int
    trace: str
    history: tuple[str, ...]
    kills: int
    faults: Counter[str] = field(default_factory=Counter)
    broken: str | None = None


def run(
    workshop: Workshop,
    seed: int,
    steps: int = STEPS,
    address: str | None = None,
    any_database: bool = False,
    later: bool = False,
) -> Run:
    """Play a seed; `address`: with the server on that empty database; `any_database`: with the moves that fit one;
    `later`: with the second set of moves, which seeds that were kept before it are played without.

    Only broken invariants are caught: anything else is a bug that must be loud.
    """
    folder = Path(tempfile.mkdtemp(dir=workshop.folder))
    moves = ON_ANY_DATABASE if address is not None or any_database else MOVES
    try:
        with world(workshop, folder, seed, address, later) as made:
            broken = None
            try:
                if later:
                    _play_later(made, steps, moves)
                else:
                    made.run(steps, moves, after_each_step)
                    made.come_to_rest()
                at_rest(made)
                news(made)
            except AssertionError as error:
                broken = str(error)
            return _told(made, seed, broken)
    finally:
        shutil.rmtree(folder)


def _play_later(made: World, steps: int, moves: Mapping[Move, int]) -> None:
    made.run(steps, {**moves, **LATER}, after_each_later_step)
    made.come_to_rest()
    finish(made)
    at_later_rest(made)


def _told(made: World, seed: int, broken: str | None) -> Run:
    faults = sum((station.network.injected for station in made.stations), Counter[str]())
    faults += Counter({name: count for name, count in made.made.items() if name in FATES})
    kills = sum(station.kills for station in made.stations)
    return Run(seed, made.trace.hexdigest(), tuple(made.history), kills, faults, broken)
