"""From a mail in the mailbox to the agent who is told of it, beside a bare IMAP client that waits with IDLE."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.report import Row, percentile
from tests.rigs.imap_server import ImapHouse, imap_house
from tests.rigs.office import Office, office_in_process, office_of_its_own
from tests.rigs.workstation import Workstation, workstation

_MAILS, _MANY = 25, 300
_BUDGET_MS = 1_000.0


def run() -> list[Row]:
    """Both figures."""
    with TemporaryDirectory(prefix="deskbell-mailbox-") as name:
        folder = Path(name)
        with imap_house(folder) as imap:
            bare = _bare(imap)
            told = _told(imap, folder)
        beside = "bare IMAP IDLE on the same Dovecot"
        pairs = {"median": (median(bare), median(told)), f"slowest of {_MAILS}": (max(bare), max(told))}
        return [
            *(
                Row(f"mail in the mailbox to agent told, {name}", one, other, "1 s", other <= _BUDGET_MS, beside=beside)
                for name, (one, other) in pairs.items()
            ),
            *_taken(folder),
        ]


def _mail(number: int, kind: str) -> bytes:
    head = f"From: ada{number}@example.org\r\nSubject: {kind} {number}\r\nMessage-ID: <{kind}{number}@mail.example>\r\n"
    return f"{head}\r\nThe link on the page does not work. {number}\r\n".encode()


def _bare(imap: ImapHouse) -> list[float]:
    """Times in ms until a client that does nothing else has the mail's text."""
    found = []
    with imap.client() as client:
        for number in range(_MAILS):
            client.idle()
            imap.server.deliver(_mail(number, "bare"))
            began = time.perf_counter()
            while not any(one[1] == b"EXISTS" for one in client.idle_check(timeout=10)):
                pass
            client.idle_done()
            client.fetch([max(client.search())], ["BODY.PEEK[]"])
            found.append((time.perf_counter() - began) * 1000)
    return found


def _told(imap: ImapHouse, folder: Path) -> list[float]:
    """Times in ms until the agent's workstation rings."""
    (folder / "server").mkdir()
    with office_of_its_own(folder / "server") as office:
        category = office.category("Billing")
        office.agent("Ann", category)
        imap.introduce(office.house, category, also_old=False)
        with workstation(folder / "ann", office.address, office.token("Ann")) as ann:
            ann.online()
            ann.wait(lambda: office.house.mailboxes.find("Support").seen_at)
            return [_once(imap, ann, number) for number in range(_MAILS)]


def _once(imap: ImapHouse, ann: Workstation, number: int) -> float:
    before = sum(ann.rung.values())
    imap.server.deliver(_mail(number, "told"))
    began = time.perf_counter()
    ann.wait(lambda: sum(ann.rung.values()) > before)
    found = (time.perf_counter() - began) * 1000
    threading.Event().wait(0.05)  # the mailbox is idle again
    return found


def _taken(folder: Path) -> list[Row]:
    """How long a mail takes that is there already, beside a ticket of the form."""
    (folder / "inside").mkdir()
    with office_in_process(folder / "inside") as office:
        category = office.category("Billing")
        filed = _timed(lambda number: _file(office, category, number))
        taken = _timed(lambda number: _take(office, category, number))
    return [
        Row("a mail taken in, with its original, p95", percentile(filed, 0.95), percentile(taken, 0.95), "-", None,
            beside="a ticket filed without files"),
    ]  # fmt: skip


def _file(office: Office, category: str, number: int) -> None:
    office.file(category, f"Form {number}", "The link on the page does not work.", f"bob{number}@example.org")


def _take(office: Office, category: str, number: int) -> None:
    office.house.mail_in.take_in(_mail(number, "taken"), category)


def _timed(work: Callable[[int], None]) -> list[float]:
    found = []
    for number in range(_MANY):
        began = time.perf_counter()
        work(number)
        found.append((time.perf_counter() - began) * 1000)
    return found
