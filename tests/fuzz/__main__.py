"""Strange inputs for what reads the words of strangers: `python -m tests.fuzz [--seconds N] [TARGET ...]`."""

import hashlib
import logging
import sys
import tempfile
import time
import traceback
from pathlib import Path
from random import Random

import click

from tests.fuzz.house import fuzzed
from tests.fuzz.mutation import mutated
from tests.fuzz.targets import TARGETS, Target

CRASHERS = Path(__file__).parent / "crashers"
SLOW_SECONDS = 2.0


@click.command()
@click.option(
    "--seconds", type=click.FloatRange(0.1), default=60.0, show_default=True, help="For all targets together."
)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--keep/--no-keep", default=True, show_default=True, help="Write what fails into tests/fuzz/crashers.")
@click.argument("names", nargs=-1)
def main(seconds: float, seed: int, keep: bool, names: tuple[str, ...]) -> None:
    """Try until the time is over; one line for each target, and exit code 1 if anything was found."""
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="deskbell-fuzz-") as folder, fuzzed(Path(folder)) as server:
        every = {**TARGETS, **server.targets()}
        chosen = {name: every[name] for name in names or every}
        tried, found = 0, 0
        for number, (name, target) in enumerate(chosen.items()):
            inputs, failures = hunt(name, target, seconds / len(chosen), Random(seed * 1000 + number), keep)
            server.serves()
            click.echo(f"{name:<10} {inputs:>9,} inputs, {len(failures)} findings")
            tried, found = tried + inputs, found + len(failures)
        click.echo(f"fuzz: {tried:,} inputs, {found} findings, {len(chosen)} targets, seed {seed}")
    sys.exit(1 if found else 0)


def hunt(name: str, target: Target, seconds: float, chance: Random, keep: bool) -> tuple[int, set[str]]:
    """How many inputs were tried, and the different ways in which the target failed."""
    end, inputs, pool, failures = time.monotonic() + seconds, 0, list(target.seeds), set[str]()
    while time.monotonic() < end:
        octets = mutated(chance.choice(pool), chance, pool)
        if inputs % 20 == 0 and len(pool) < 300:
            pool.append(octets[:20_000])
        inputs += 1
        began = time.monotonic()
        try:
            target.run(octets)
            failure = "" if time.monotonic() - began < SLOW_SECONDS else "slow"
        except Exception as error:  # whatever it is, it is what is looked for
            where = traceback.extract_tb(error.__traceback__)[-1]
            failure = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno}"
            if failure not in failures:
                click.echo(f"{name}: {failure}: {str(error)[:300]}")
        if failure and failure not in failures:
            failures.add(failure)
            if keep:
                CRASHERS.mkdir(exist_ok=True)
                (CRASHERS / f"{name}-{hashlib.sha256(octets).hexdigest()[:12]}").write_bytes(octets)
    return inputs, failures


if __name__ == "__main__":
    main()
