"""A matter by mail from its first word to its last: a real mail server, the server's process, a real workstation."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest

from stage.exim import PASSWORD, USER
from stage.process import ProgramMissing
from sync.cache.rows import MessageRow, Sort, View
from sync.domain.actions import PostMessage
from sync.domain.records import MessageKind
from tests.rigs.mail_server import Post, post_office
from tests.rigs.office import Office, office_of_its_own
from tests.rigs.workstation import Workstation, workstation

SUPPORT = "support@helpdesk.example"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Town:
    """A help desk that is reached by mail, and its agent Ann."""

    office: Office
    post: Post
    folder: Path
    token: str

    def send(self, mail: EmailMessage) -> None:
        """As a requester's mail program does it."""
        context = ssl.create_default_context(cafile=str(self.post.ca_file))
        with smtplib.SMTP("localhost", self.post.server.port) as line:
            line.starttls(context=context)
            line.login(USER, PASSWORD)
            line.send_message(mail)

    def received(self, whose: str, station: Workstation, count: int = 1) -> list[EmailMessage]:
        """What has come into that mailbox, once it is so many."""

        def mails() -> list[EmailMessage]:
            return [one for one in self.post.mails() if whose in one["Envelope-to"]]

        station.wait(lambda: len(mails()) >= count)
        return mails()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    port = free_port()
    folders = [tmp_path / name for name in ("post", "server", "ann")]
    for one in folders:
        one.mkdir()
    try:
        with post_office(folders[0], hand_on=port) as post, office_of_its_own(folders[1]) as office:
            category = office.category("Billing")
            office.agent("Ann", category)
            post.introduce(office.house)
            office.house.mail_in.own.add(SUPPORT, category)
            office.house.parts.settings.put("mail.listen", f"lmtp://127.0.0.1:{port}")
            yield Town(office, post, folders[2], office.token("Ann"))
    except ProgramMissing as missing:
        pytest.skip(str(missing))


def mail(sender: str, subject: str, text: str, to: str = SUPPORT, **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Message-ID"] = f"<{abs(hash((sender, subject, text)))}@mail.example>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def ticket_of(station: Workstation, subject: str) -> str:
    """Its id, once it is there."""

    def found() -> list[str]:
        keys = station.reader.ticket_ids(View("all"), Sort("created"))
        return [row.id for row in station.reader.ticket_rows(list(keys)) if row.subject == subject]

    station.wait(lambda: bool(found()))
    return found()[0]


def thread(station: Workstation, ticket_id: str, kind: MessageKind) -> list[MessageRow]:
    return [row for row in station.reader.thread(ticket_id) if row.kind is kind]


def reply(station: Workstation, ticket_id: str, text: str) -> None:
    now, key = station.clock.now_ms(), station.ids.client_key()
    last = max(row.seq for row in station.reader.thread(ticket_id))
    station.put(PostMessage(key, ticket_id, MessageKind.REPLY, text, now, base_seq=last))


def delivered(station: Workstation, ticket_id: str) -> str | None:
    rows = [row.delivered for row in thread(station, ticket_id, MessageKind.REPLY)]
    return rows[-1].status if rows and rows[-1] is not None else None


def test_asked_rung_answered_offline_mailed_answered_again(town: Town) -> None:
    question = mail("Bob <bob@mail.example>", "Charged twice", "Invoice 1143 was taken twice.")
    with workstation(town.folder, town.office.address, town.token) as station:
        town.send(question)
        ticket_id = ticket_of(station, "Charged twice")
        station.wait(lambda: station.rung[ticket_id] == 1)
        [confirmation] = town.received("bob@mail.example", station)
        assert confirmation["Auto-Submitted"] == "auto-replied"
        station.wait(lambda: bool(thread(station, ticket_id, MessageKind.INBOUND)))
    station = Workstation(town.folder, town.office.address, town.token)
    reply(station, ticket_id, "It is on its way back.")  # nothing is connected yet
    assert len(station.reader.outbox()) == 1
    station.start()
    try:
        _, answer = town.received("bob@mail.example", station, 2)
        assert "It is on its way back." in answer.get_content()
        assert question["Message-ID"] in answer["References"].split()
        station.wait(lambda: delivered(station, ticket_id) == "handedOver")
        more = mail(
            "Bob <bob@mail.example>", "thanks, but", "1144 too.", answer["Reply-To"].addresses[0].addr_spec,
            In_Reply_To=answer["Message-ID"].strip(),
        )  # fmt: skip
        town.send(more)
        station.wait(lambda: station.rung[ticket_id] == 1)
        station.wait(lambda: len(thread(station, ticket_id, MessageKind.INBOUND)) == 2)
        assert "1144 too." in thread(station, ticket_id, MessageKind.INBOUND)[-1].body_text
        assert len(station.reader.ticket_ids(View("all"), Sort())) == 1
    finally:
        station.stop()


def awaiting(station: Workstation) -> list[tuple[str, bool]]:
    """The tickets that await an answer, and whether they need this agent."""
    rows = station.reader.ticket_rows(list(station.reader.ticket_ids(View("awaiting"), Sort())))
    return [(row.id, row.needs_you) for row in rows]


def test_a_reply_that_cannot_arrive_comes_back_to_its_author(town: Town) -> None:
    with workstation(town.folder, town.office.address, town.token) as station:
        town.send(mail("lost@mail.example", "Where is it", "I wait."))
        ticket_id = ticket_of(station, "Where is it")
        station.wait(lambda: station.rung[ticket_id] == 1)
        station.wait(lambda: bool(thread(station, ticket_id, MessageKind.INBOUND)))
        reply(station, ticket_id, "It is here.")
        station.wait(lambda: delivered(station, ticket_id) == "bounced")
        station.wait(lambda: station.rung[ticket_id] == 2)
        station.wait(lambda: awaiting(station) == [(ticket_id, True)])
