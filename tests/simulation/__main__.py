"""python -m tests.simulation --seeds 500: play many seeds, print those that break an invariant."""

import sys
import time

import click

from tests.simulation.runs import STEPS, run


@click.command()
@click.option("--seeds", default=100, show_default=True, help="How many.")
@click.option("--first", default=1, show_default=True, help="The first seed.")
@click.option("--steps", default=STEPS, show_default=True)
@click.option("--history", is_flag=True, help="Print what happened in each seed that broke.")
def main(seeds: int, first: int, steps: int, history: bool) -> None:
    """Play seeds; exit 1 if one breaks."""
    began, failed = time.monotonic(), []
    for seed in range(first, first + seeds):
        played = run(seed, steps)
        if played.broken is not None:
            failed.append(seed)
            click.echo(f"seed {seed}: {played.broken}")
            if history:
                click.echo("\n".join(played.history))
    click.echo(f"{seeds} seeds of {steps} steps in {time.monotonic() - began:.1f} s, {len(failed)} broken")
    sys.exit(1 if failed else 0)


main()
