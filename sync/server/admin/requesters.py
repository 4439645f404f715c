"""What is kept of a requester, by command: handed out to them, or erased at their wish."""

from __future__ import annotations

from pathlib import Path

import click

from sync.domain.errors import Rejected
from sync.server.admin.opening import with_house
from sync.server.admin.saying import say
from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.house import House
from sync.server.personal.erasing import Erasing
from sync.server.personal.finding import find
from sync.server.personal.handing_out import HandingOut
from sync.server.personal.scrubbing import scrub


@click.group()
def requester() -> None:
    """A requester's own data: export it for them, or erase it."""


@requester.command("export")
@click.argument("who")
@click.argument("folder", type=click.Path(path_type=Path))
@with_house
def export_requester(house: House, who: str, folder: Path) -> None:
    """Write everything that is kept of WHO (an e-mail address, or an id) into a new FOLDER."""
    done = HandingOut(house.parts.database, house.blobs).write(who, folder)
    detail = {"tickets": done.tickets, "messages": done.messages, "files": done.files}
    house.parts.audit.record(Deed.REQUESTER_EXPORTED, ADMINISTRATOR, done.requester_id, detail)
    say(f"{folder}: {done.tickets} tickets, {done.messages} messages, {done.files} files.")


@requester.command("erase")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_house
def erase_requester(house: House, who: str, yes: bool) -> None:
    """Erase everything that is kept of WHO (an e-mail address, or an id), for good.

    Ticket numbers, categories, kinds and times stay, so that past figures stay true. Backups and exports that were made
    earlier still have it: delete them when their time has come, or erase again after restoring one.
    """
    parts = house.parts
    try:
        theirs = parts.database.read(lambda: find(parts.database, who))
    except Rejected:
        if not parts.journal.write(lambda: Erasing(parts, house.ticketing).forget_address(who, ADMINISTRATOR)):
            raise
        say("Erased: an address that asked nothing, and was kept for letters or an incident only.")
        scrub(parts.database)
        return
    if not yes:
        name, count = theirs.requester["name"], len(theirs.tickets)
        say(f"{name}, {theirs.requester['email'] or 'without an address'}: {count} tickets.", err=True)
        click.confirm("Erase all their words, names, addresses and files for good?", abort=True, err=True)
    done = parts.journal.write(
        lambda: Erasing(parts, house.ticketing).erase(str(theirs.requester["id"]), ADMINISTRATOR)
    )
    house.hints.learn()
    say(f"Erased: {done.tickets} tickets, {done.messages} messages, {done.files} files.")
    say("Workstations follow at their next contact. Earlier backups and exports still have it.")
    scrub(parts.database)


@requester.command("scrub")
@with_house
def scrub_files(house: House) -> None:
    """Rewrite the database, so that nothing which was erased stands in old pages of its file."""
    scrub(house.parts.database)
    say("Done: nothing erased is in the database's file any more.")
