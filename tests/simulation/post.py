"""What comes and goes by mail: letters handed over, some come back; mails of requesters and of their programs."""

from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path
from typing import Final

from sync.domain.times import HOUR_MS
from sync.server.importing.mail_folders import MailFolder
from sync.server.importing.mails import Archive, MailImporter
from sync.server.mail.addresses import Addresses
from sync.server.mail.deliveries import Deliveries, DeliveryStatus
from sync.server.mail.queue import Queue, State
from tests.simulation.station import Station
from tests.simulation.world import World

_DESK: Final = "desk@deskbell.test"
_SENT: Final = """
SELECT mail_id FROM letter WHERE state = 'done' AND ticket_id IS NOT NULL ORDER BY message_id IS NULL, id LIMIT 4
"""
"""Replies before what was sent by itself."""
_REPORT: Final = """Return-Path: <>
From: MAILER-DAEMON@mx.example
To: desk@deskbell.test
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: <{name}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; gone@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: message/rfc822

Message-ID: {letter}
From: desk@deskbell.test
Subject: Re

.
--b--
"""


def hand_over(world: World, _: Station) -> None:
    """The letters that are due go to the mail server, which takes them."""
    parts = world.office.house.parts
    queue, deliveries = Queue(parts.database), Deliveries(parts, world.office.house.ticketing)

    def work() -> None:
        for letter in queue.due(world.clock.now_ms(), 50):
            queue.settle(letter["id"], State.DONE, world.clock.now_ms())
            if letter["message_id"] is not None:
                deliveries.now(letter["message_id"], DeliveryStatus.HANDED_OVER)

    parts.journal.write(work)


def bounce(world: World, station: Station) -> None:
    """A letter that was handed over comes back, or is late; the report may come twice."""
    hand_over(world, station)
    sent = world.server.column(_SENT)
    if not sent:
        return
    action, name = world.random.choice(("failed", "failed", "delayed")), world.ledger.word()
    given = {"date": _date(world), "name": name, "action": action, "letter": world.random.choice(sent)}
    report = _REPORT.format_map(given).replace("\n", "\r\n").encode()
    for _again in range(world.random.choice((1, 2))):
        _take_in(world, report)


def mail(world: World, _: Station) -> None:
    """A requester writes by mail, on a ticket or for the first time; or their mail program does. Some come twice."""
    tickets = world.server.column("SELECT id FROM ticket ORDER BY id")
    on_ticket, automatic = world.random.random() < 0.7, world.random.random() < 0.3
    text, name = world.ledger.by_requester(), world.ledger.by_requester()
    letter = _letter(world, text, f"r{world.random.randint(1, 6)}@x.org", name)
    if on_ticket and tickets:
        letter.replace_header("To", _address_of(world, world.random.choice(tickets)))
    if automatic:
        letter["Auto-Submitted"] = "auto-replied"
    for _again in range(world.random.choice((1, 1, 2))):
        _take_in(world, letter.as_bytes())


def import_folder(world: World, _: Station) -> None:
    """The administrator takes in an old folder of mails; what is in the next one too stays as it is."""
    house, place = world.office.house, world.random.choice(world.categories)
    account = house.parts.database.read(lambda: house.parts.accounts.of_category(place))
    if account is None:
        raise LookupError(place)
    path = world.folder / "old.mbox"
    _fill(world, path)
    folder = MailFolder(path, world.clock.now_ms())
    since = world.clock.now_ms() - 24 * HOUR_MS
    archive = Archive(account, frozenset({_DESK}), since)
    importer = MailImporter(house.parts, house.intake, house.ticketing, house.blobs, archive)
    try:
        importer.run(folder.mails(), lambda _done: None, lambda: None)
    finally:
        folder.close()


def _fill(world: World, path: Path) -> None:
    """A question, and its answer by us, behind what the folder held before."""
    question = _letter(world, world.ledger.by_requester(), f"r{world.random.randint(1, 6)}@x.org", "Old")
    answer = _letter(world, world.ledger.by_requester(), _DESK, "Desk")
    answer.replace_header("To", str(question["From"]))
    answer["In-Reply-To"] = str(question["Message-ID"])
    with path.open("ab") as out:
        for one in (question, answer)[: world.random.randint(1, 2)]:
            out.write(b"From x Mon Sep 21 10:00:00 2026\n" + one.as_bytes() + b"\n\n")


def _letter(world: World, text: str, email: str, name: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = f"{name} <{email}>"
    letter["To"] = _DESK
    letter["Subject"] = "By mail"
    letter["Date"] = _date(world)
    letter["Message-ID"] = f"<{text}@x.org>"
    letter.set_content(text)
    return letter


def _date(world: World) -> str:
    return formatdate(world.clock.now_ms() // 1000)


def _address_of(world: World, ticket: str) -> str:
    parts = world.office.house.parts
    return parts.database.read(lambda: Addresses(parts).reply_to(_DESK, ticket))


def _take_in(world: World, raw: bytes) -> None:
    taken = world.office.house.mail_in.take_in(raw, world.random.choice(world.categories))
    world.note(f"a mail: {taken.kind.value} {taken.nature.value}")
