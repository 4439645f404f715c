"""A place with everything: a help desk that is reached by form and mail, its agent, and a newcomer who meets it."""

from __future__ import annotations

import os
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from sync.connectors.central import CentralConnector
from tests.rigs.browser import Browser
from tests.rigs.imap_server import imap_house
from tests.rigs.mail_program import MailProgram, mail_program
from tests.rigs.mail_server import post_office
from tests.rigs.office import Office, office_of_its_own
from tests.rigs.workstation import Workstation, workstation

SUPPORT: Final = "support@helpdesk.example"
NAME, ADDRESS = "Nina N.", "nina@mail.example"
CATEGORY: Final = "Downloads"
_KEPT: Final = os.environ.get("DESKBELL_PICTURES", "")
_WIDTHS: Final = (320, 1200)


@dataclass
class Hamlet:
    """`office` is the help desk, `ann` its agent's workstation; Nina has `browser` and `mail`, and nothing else.

    `desk` and `owner` are what a workstation asks the server at once, Ann's and the owner's.
    """

    office: Office
    category: str
    ann: Workstation
    desk: CentralConnector
    owner: CentralConnector
    browser: Browser
    mail: MailProgram
    looked: int = 0

    def look(self, name: str, *, closely: bool = False) -> None:
        """Nothing of the page stands beyond its edge, and `closely`: axe finds nothing; with DESKBELL_PICTURES=FOLDER
        it is kept to be looked at."""
        self.looked += 1
        for width in _WIDTHS:
            self.browser.width(width)
            assert self.browser.sideways() == 0, name
            for dark in (False, True) if _KEPT else ():
                self.browser.dark(dark)
                shot = self.browser.devtools("Page.captureScreenshot", captureBeyondViewport=True)
                file = f"{self.looked:02}-{name}-{width}{'-dark' if dark else ''}.png"
                (Path(_KEPT) / file).write_bytes(b64decode(shot["data"]))
        self.browser.dark(False)
        if closely:
            assert self.browser.faults() == [], name

    def read(self, mail: EmailMessage, name: str) -> str:
        """Its text; kept like the pictures."""
        if _KEPT:
            (Path(_KEPT) / f"{self.looked:02}-{name}.eml").write_bytes(mail.as_bytes())
        return str(mail.get_content())

    def link(self, mail: EmailMessage, path: str = "/t/") -> str:
        """The one link of a mail."""
        [found] = re.findall(rf"{re.escape(self.office.address + path)}[\w-]{{43}}", str(mail.get_content()))
        return str(found)

    def count(self, table: str) -> int:
        """The rows of the server."""
        database = self.office.house.parts.database
        return int(database.read(lambda: database.select(f"SELECT COUNT(*) FROM {table}"))[0][0])  # noqa: S608  # the test's own words


@contextmanager
def hamlet(folder: Path, browser: Browser, database: str | None = None) -> Iterator[Hamlet]:
    """All of it runs. Raises ProgramMissing."""
    whose = "^support.* : nina"
    for name in ("imap", "post", "server"):
        (folder / name).mkdir()
    with (
        imap_house(folder / "imap") as imap,
        post_office(folder / "post", imap.server.lmtp_port, hand_on_for=whose) as post,
        office_of_its_own(folder / "server", database) as office,
        mail_program(
            NAME, ADDRESS, post.server.port, imap.server.port, _both(folder, post.ca_file, imap.ca_file)
        ) as mail,
    ):
        category = office.category(CATEGORY)
        office.category("Billing")
        office.agent("Ann", category)
        office.agent("Olga", is_owner=True)
        post.introduce(office.house)
        imap.introduce(office.house, category, user_name=SUPPORT)
        given = {
            "mail.ca_file": folder / "trusted.pem", "public_url": office.address, "mail.automatic_per_hour": 100,
            "site_name": "The example helpdesk",
        }  # fmt: skip
        for setting, value in given.items():
            office.house.parts.settings.put(setting, str(value))
        with workstation(folder / "ann", office.address, office.token("Ann")) as ann:
            desk, owner = office.connector("Ann"), office.connector("Olga")
            desk.access()
            owner.access()
            yield Hamlet(office, category, ann, desk, owner, browser, mail)


def _both(folder: Path, *files: Path) -> Path:
    """Whom this place trusts, in one file."""
    trusted = folder / "trusted.pem"
    trusted.write_bytes(b"".join(one.read_bytes() for one in files))
    return trusted
