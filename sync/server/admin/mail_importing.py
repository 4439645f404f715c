"""Import of old mail from an mbox or a Maildir, by command."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import Final

import click
from tqdm import tqdm

from sync.domain.addresses import normal_address
from sync.domain.errors import Rejected
from sync.domain.times import DAY_MS
from sync.server.admin.importing import BREATH_SECONDS, CategoryAccounts
from sync.server.admin.opening import with_house
from sync.server.admin.saying import say
from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.house import House
from sync.server.importing.mail_folders import MailFolder
from sync.server.importing.mails import Archive, MailImporter, MailReport
from sync.server.mail.writers import bare

_SHOWN: Final = 100


@click.command("import-mail")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--category", "category_name", required=True, help="Where the tickets stand; made if it is not there.")
@click.option("--own", multiple=True, help="An address of ours: what it wrote are replies. May be given often.")
@click.option("--open-days", default=0, show_default=True, type=click.IntRange(0), help="Leave younger threads open.")
@with_house
def import_mail(house: House, path: Path, category_name: str, own: tuple[str, ...], open_days: int) -> None:
    """Import mails from PATH, an mbox file or a Maildir: each thread becomes a ticket.

    Repeating it doubles nothing, so an import that was interrupted is just started again. Nobody is rung or mailed.
    Threads are closed unless their last mail is younger than --open-days.
    """
    parts = house.parts
    ours = house.mail_in.own.all() | frozenset(_own(one) for one in own)
    now = parts.clock.now_ms()
    folder = MailFolder(path, now)
    account = parts.journal.write(lambda: CategoryAccounts(house)(category_name))
    archive = Archive(account, ours, now - open_days * DAY_MS if open_days else now + DAY_MS)
    importer = MailImporter(parts, house.intake, house.ticketing, house.blobs, archive)
    breathe = partial(time.sleep, 0.0 if parts.database.is_postgres else BREATH_SECONDS)
    try:
        with tqdm(total=len(folder), unit=" mails") as bar:
            report = importer.run(folder.mails(), bar.update, breathe)
    finally:
        folder.close()
    detail = {"tickets": report.tickets, "inbound": report.inbound, "replies": report.replies}
    parts.audit.record(Deed.IMPORT, ADMINISTRATOR, "mail", detail)
    _tell(report)


def _own(address: str) -> str:
    try:
        return bare(normal_address(address))
    except ValueError as error:
        raise Rejected(f"{address} is no e-mail address. Write it like support@example.com.") from error


def _tell(report: MailReport) -> None:
    say(
        f"{report.tickets} tickets made; {report.inbound} mails of requesters, {report.replies} replies, "
        f"{report.traces} automatic ones."
    )
    if report.there:
        say(f"{report.there} mails were here before, and stay as they are.")
    if report.skipped:
        say(f"{len(report.skipped)} mails were skipped:", err=True)
        for place, why in report.skipped[:_SHOWN]:
            say(f"  {place}: {why}", err=True)
        if len(report.skipped) > _SHOWN:
            say(f"  and {len(report.skipped) - _SHOWN} more", err=True)
