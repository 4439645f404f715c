"""Settings, backup, restore and check, by command."""

from __future__ import annotations

from pathlib import Path

import click

from sync.domain.clock import SystemClock
from sync.domain.errors import Rejected
from sync.server.admin.opening import address, open_house, with_house, with_options
from sync.server.admin.saying import say
from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.backup import back_up, restore_into
from sync.server.check import faults
from sync.server.house import House
from sync.server.settings import SETTINGS


@click.command()
@click.argument("key", required=False)
@click.argument("value", required=False)
@with_house
def setting(house: House, key: str | None, value: str | None) -> None:
    """Show every setting, one, or set one; an empty VALUE goes back to the default."""
    settings = house.parts.settings
    if key is None:
        for name, current in settings.everything().items():
            say(f"{name} = {'' if current is None else current}\t{SETTINGS[name].meaning}")
    elif value is not None:
        known, given = key, value

        def put() -> None:
            settings.put(known, given)
            house.parts.audit.record(Deed.SETTING_CHANGED, ADMINISTRATOR, known, {"value": settings.get(known)})

        house.parts.database.write(put)
    elif key in SETTINGS:
        current = settings.get(key)
        say("" if current is None else current)
    else:
        raise Rejected(f"There is no setting {key}. `deskbell-server setting` shows them all.", "notFound")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_house
def backup(house: House, file: Path) -> None:
    """Write everything into one FILE, from one moment; the server may be running."""
    back_up(house.parts.database, file)
    house.parts.audit.record(Deed.BACKUP, ADMINISTRATOR, file.name)
    say(f"{file}: {file.stat().st_size} bytes")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_options
@click.pass_context
def restore(context: click.Context, file: Path, data: Path | None, database: str | None) -> None:
    """Bring a backup back into a place that is empty. Every workstation then loads its copy again."""
    where = address(context, data, database)
    restore_into(where, file, SystemClock())
    house = open_house(where, may_make=False)
    context.call_on_close(house.close)
    house.parts.audit.record(Deed.RESTORE, ADMINISTRATOR, file.name, {"epoch": _epoch(house)})
    say(f"Restored into {where if '://' not in where else 'the database'}; epoch {_epoch(house)}.")


@click.command("raise-epoch")
@with_house
def raise_epoch(house: House) -> None:
    """After the database itself went back to an older state (PostgreSQL's own backup, a lost replica): make every
    workstation load its copy again. Stop every server process before; `restore` does this by itself."""
    database, clock = house.parts.database, house.parts.clock
    click.echo(f"Epoch {database.write(lambda: house.parts.identity.raise_epoch(clock.now_ms()))}.")


@click.command()
@with_house
def check(house: House) -> None:
    """Verify the database: its file, its counters, who stands where, threads, files."""
    found = faults(house.parts.database)
    for fault in found:
        say(fault, err=True)
    if found:
        raise Rejected(f"{len(found)} faults. Keep this database, and restore the last backup into a new place.")
    say("No fault found.")


def _epoch(house: House) -> int:
    return house.parts.database.read(house.parts.identity.epoch)
