"""python -m tests.faults: kill, damage, cut; one line of counts for each part, exit 1 if anything was lost."""

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

import click

from stage.postgres import postgres
from stage.process import ProgramMissing
from tests.faults import cuts, damage, journals, kills, statements


class Tally:
    """What was tried and what was lost."""

    def __init__(self) -> None:
        self.lost: list[str] = []

    def part(self, words: str, lost: list[str], began: float) -> None:
        """Say what a part found."""
        for one in lost:
            click.echo(f"LOST {one}")
        click.echo(f"{words}: {len(lost)} lost, {time.monotonic() - began:.1f} s")
        self.lost += lost


@click.command()
@click.option("--kills", "killed", default=200, show_default=True, help="Deaths of real processes.")
@click.option("--postgres/--sqlite", "both", default=True, help="A tenth of these on PostgreSQL, where it is there.")
@click.option("--every", default=1, show_default=True, help="Die at each so manyth SQL statement; 0: at none.")
@click.option("--places", default=200, show_default=True, help="Damaged caches.")
@click.option("--cuts", "cut", default=1000, show_default=True, help="Cuts of the write-ahead log.")
@click.option("--journal", default=0, show_default=True, help="Cuts of the side journal; 0: at each byte, -1: none.")
@click.option("--seed", default=1, show_default=True)
def main(killed: int, both: bool, every: int, places: int, cut: int, journal: int, seed: int) -> None:
    """Take the power away from everything, everywhere; count what is left."""
    tally = Tally()
    if every:
        began = time.monotonic()
        toll = statements.kill_at_each_statement(every, click.echo)
        tally.part(f"{toll.points} deaths at SQL statements", list(toll.lost), began)
    _files(tally, places, cut, journal, seed)
    if killed:
        _all_kills(tally, killed, both, seed)
    if tally.lost:
        click.echo(f"The same again: python -m tests.faults --kills {killed} --every {every} --places {places} "
                   f"--cuts {cut} --journal {journal} --seed {seed}")  # fmt: skip
    sys.exit(1 if tally.lost else 0)


def _all_kills(tally: Tally, killed: int, both: bool, seed: int) -> None:
    with ExitStack() as stack:
        tenth, address = max(1, killed // 10), None
        try:
            address = stack.enter_context(stack.enter_context(postgres()).database()) if both else None
        except ProgramMissing as missing:
            click.echo(f"{missing} All kills are on SQLite.")
        _kills(tally, killed - tenth if address else killed, seed, None)
        if address:
            _kills(tally, tenth, seed + 1, address)


def _kills(tally: Tally, count: int, seed: int, database: str | None) -> None:
    began = time.monotonic()
    toll = kills.kill_at_random(count, seed, database, click.echo)
    words = f"{toll.desktops} desktops and {toll.servers} servers killed, {toll.words} acknowledged words"
    tally.part(f"{words}, on {'PostgreSQL' if database else 'SQLite'}", list(toll.lost), began)


def _files(tally: Tally, places: int, cut: int, journal: int, seed: int) -> None:
    parts: list[tuple[str, bool, Callable[[], list[str]]]] = [
        (f"{places} damaged caches", places > 0, lambda: damage.damage_caches(places, seed)),
        ("a wrong key", places > 0, damage.wrong_key),
        ("files without the right to write", places > 0, lambda: damage.read_only(statements.in_a_child)),
        ("6 deletions while running", places > 0, lambda: damage.deleted_while_running(seed)),
        ("10 full disks", places > 0, lambda: damage.full_disks(seed)),
        (f"{cut} cuts of the log", cut > 0, lambda: cuts.cut_logs(cut, seed)),
    ]
    for words, wanted, work in parts:
        if wanted:
            began = time.monotonic()
            tally.part(words, work(), began)
    if journal >= 0:
        began = time.monotonic()
        places, lost = journals.cut_journals(journal, seed)
        tally.part(f"{places} cuts of the journal, each beside its cache and alone", lost, began)


main()
