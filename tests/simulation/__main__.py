"""python -m tests.simulation --seeds 20000 --processes 2: play many seeds, then hunt every planted bug.

Ends with one line of counts; exit 1 if a seed broke an invariant, or a bug slipped.
"""

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

import click

from tests.simulation.bugs import PLANTED
from tests.simulation.hunt import Hunted, hunted
from tests.simulation.runs import STEPS, run
from tests.simulation.tally import Tally, played
from tests.simulation.workshop import workshop

SLICE = 50


@click.command()
@click.option("--seeds", default=300, show_default=True, help="How many schedules.")
@click.option("--start", default=1, show_default=True, help="The first seed.")
@click.option("--steps", default=STEPS, show_default=True)
@click.option("--processes", default=os.cpu_count() or 1, show_default="one for each core")
@click.option("--bugs/--no-bugs", default=True, help="Whether the planted bugs are hunted afterwards.")
@click.option("--bug", default="", help="Hunt only the bugs with this in their names.")
@click.option("--later/--no-later", default=True, help="With the moves that came later, or as older seeds are kept.")
@click.option("--history", is_flag=True, help="Play the first seed only, and print all that happened in it.")
def main(seeds: int, start: int, steps: int, processes: int, bugs: bool, bug: str, later: bool, history: bool) -> None:
    """Play seeds and hunt bugs; exit 1 if a seed breaks or a bug slips."""
    if history:
        sys.exit(_one(start, steps, later))
    began, total, hunts = time.monotonic(), Tally(), list[Hunted]()
    chosen = [one.name for one in PLANTED if bugs and bug in one.name]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for some in as_completed([pool.submit(played, *part, steps, later) for part in _parts(start, seeds)]):
            total.add(just_played := some.result())
            click.echo(
                "".join(f"\nseed {seed}: {what}\n" for seed, what in sorted(just_played.broken)), nl=False, err=True
            )
            click.echo(f"\r{total.schedules}/{seeds} schedules, {len(total.broken)} broken", nl=False, err=True)
        for one in as_completed([pool.submit(hunted, name, start) for name in chosen]):
            hunts.append(one.result())
            click.echo(f"\n{hunts[-1].line()}", nl=False, err=True)
    click.echo("", err=True)
    for seed, what in sorted(total.broken):
        click.echo(f"seed {seed}: {what}\n  {_again(seed, steps, later)}")
    slipped = sorted(one.name for one in hunts if one.seed is None)
    for name in slipped:
        click.echo(f"slipped: {name}")
    found = f"{len(hunts) - len(slipped)} of {len(hunts)} bugs caught"
    click.echo(f"{total.line()}, {found}, {time.monotonic() - began:.0f} s")
    sys.exit(1 if total.broken or slipped else 0)


def _parts(start: int, seeds: int) -> Iterator[tuple[int, int]]:
    for first in range(start, start + seeds, SLICE):
        yield first, min(SLICE, start + seeds - first)


def _again(seed: int, steps: int, later: bool) -> str:
    return f"python -m tests.simulation --history --start {seed} --steps {steps} --{'' if later else 'no-'}later"


def _one(seed: int, steps: int, later: bool) -> int:
    with workshop() as made:
        seen = run(made, seed, steps, later=later)
    click.echo("\n".join(seen.history))
    click.echo(_again(seed, steps, later))
    click.echo(f"trace {seen.trace}: {seen.broken or 'nothing broke'}")
    return 1 if seen.broken else 0


if __name__ == "__main__":
    main()
