"""The budgets, measured: `python -m tests.bench [--large] [NAME ...]`; a bench is no test, it always ends well."""

import os
import platform
import sys
import time
import traceback
from collections.abc import Callable

import click

from tests.bench import (
    cache,
    commits,
    copying,
    faq,
    flood,
    herd,
    intake,
    likeness,
    mailbox,
    processes,
    streams,
    telling,
    windows,
)
from tests.bench.report import Row, printed

BENCHES: dict[str, Callable[[bool], list[Row]]] = {
    "telling": telling.run,
    "idle": copying.idle,
    "copy": lambda _large: copying.first_copy(),
    "cache": cache.run,
    "windows": windows.run,
    "likeness": likeness.run,
    "intake": lambda _large: intake.run(),
    "flood": lambda _large: flood.run(),
    "commits": lambda _large: commits.run(),
    "mailbox": lambda _large: mailbox.run(),
    "faq": lambda _large: faq.run(),
    "processes": lambda _large: processes.run(),
    "streams": lambda _large: streams.run(),
    "herd": lambda _large: herd.run(),
}
LONG = ("streams", "herd")
"""Only when named: minutes each, with all of the machine to themselves."""


@click.command()
@click.option("--large", is_flag=True, help="With a million messages and 10,000 streams where that is a question.")
@click.argument("names", nargs=-1, type=click.Choice(sorted(BENCHES)))
def main(large: bool, names: tuple[str, ...]) -> None:
    """Run those named, or all but the long ones (streams, herd); each table as it comes, and all rows at the end."""
    rows: list[Row] = []
    for name in names or [one for one in BENCHES if one not in LONG]:
        click.echo(f"\n{name}, load {_load()}")
        began = time.monotonic()
        try:
            found = BENCHES[name](large)
        except Exception:  # one that cannot run here must not take the others' figures with it
            traceback.print_exc()
            continue
        rows += found
        click.echo(f"{printed(found)}\n{time.monotonic() - began:.0f} s")
    judged = [row.within for row in rows if row.within is not None]
    click.echo(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {_load()}")
    click.echo(f"{printed(rows)}\n{sum(judged)} of {len(judged)} within their budgets")


def _load() -> str:
    """How much else the machine has to do, where it tells."""
    return " ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


if __name__ == "__main__":
    sys.exit(main())
