"""Export of everything, and what reads it again, by command."""

from __future__ import annotations

from pathlib import Path

import click
from tqdm import tqdm

from sync.server.admin.opening import with_house, with_new_house
from sync.server.admin.saying import say
from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.exporting.reading import check_unused, prove, read_into
from sync.server.exporting.shape import LEFT_OUT
from sync.server.exporting.writing import check_place, export_to
from sync.server.house import House


@click.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@with_house
def export_everything(house: House, folder: Path) -> None:
    """Write everything into a new FOLDER, from one moment; the server may be running.

    JSON Lines for each table, every file, and all threads as one mbox. It holds personal data: keep it as safe as the
    database. Passwords and keys are not in it.
    """
    parts = house.parts
    check_place(folder)
    parts.audit.record(Deed.EXPORT, ADMINISTRATOR, "everything", {"folder": folder.name})
    with _Bar() as bar:
        done = export_to(parts.database, folder, parts.clock.now_ms(), bar.told)
    say(
        f"{folder}: {done.rows['ticket']} tickets, {done.rows['message']} messages, "
        f"{done.rows['requester']} requesters, {done.files} files ({done.octets} bytes)."
    )
    for one in LEFT_OUT:
        say(f"Not in it: {one}.")


@click.command("import-export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@with_new_house
def import_export(house: House, folder: Path) -> None:
    """Read a FOLDER that `export` wrote into a new server. Stop the old server before it was exported.

    All or nothing. Afterwards give the agents passwords (`agent password`), the mailboxes and webhooks theirs, and set
    mail.smtp again. Workstations that knew the old server load their copy again.
    """
    parts = house.parts
    export = prove(folder)
    check_unused(parts.database)
    with _Bar() as bar:
        count = read_into(parts.database, export, parts.clock, bar.told)
    parts.audit.record(Deed.IMPORT, ADMINISTRATOR, "everything", {"rows": count})
    say(f"{count} rows read. Nobody can sign in yet: give each agent a password with `deskbell-server agent password`.")


class _Bar:
    """A line that moves."""

    def __enter__(self) -> _Bar:
        self._line = tqdm(unit=" rows")
        return self

    def __exit__(self, *error: object) -> None:
        self._line.close()

    def told(self, name: str, count: int) -> None:
        """So many more of that."""
        self._line.set_description(name, refresh=False)
        self._line.update(count)
