"""A real mailbox is read: what was there, what comes, what cannot be taken in; nothing is lost or taken twice."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from stage.dovecot import dovecot
from stage.process import ProgramMissing
from sync.server.leadership import Alone, LockLeadership
from sync.server.mail.fetching import PROBLEMS
from sync.server.mail.gathering import Gathering
from sync.server.mail.mailboxes import Mailbox, Opening, Security
from tests.rigs.bureau import Bureau
from tests.rigs.imap_server import ImapHouse, Papers, imap_house, until
from tests.rigs.quiet_bureau import quiet_bureau


def mail(number: int, text: str = "Words") -> bytes:
    """A mail of its own."""
    head = f"From: ada{number}@example.org\r\nSubject: Mail {number}\r\nMessage-ID: <{number}@mail.example>\r\n"
    return f"{head}\r\n{text} {number}\r\n".encode()


@pytest.fixture(params=["sqlite"])
def server_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite, where a test does not say otherwise: what is slow here is the mail server."""
    if request.param == "sqlite":
        return str(tmp_path / "server.sqlite")
    return str(request.getfixturevalue("fresh_postgres_url"))


@pytest.fixture
def desk(server_database: str) -> Iterator[Bureau]:
    """A server that does nothing by itself."""
    with quiet_bureau(server_database) as opened:
        yield opened


@pytest.fixture
def imap(tmp_path: Path) -> Iterator[ImapHouse]:
    """An IMAP server of its own."""
    try:
        with imap_house(tmp_path) as house:
            yield house
    except ProgramMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def reading(desk: Bureau) -> Iterator[Bureau]:
    """The server; what it has begun to read is ended."""
    yield desk
    desk.house.gathering.stop()


@pytest.fixture
def kept() -> Iterator[Path]:
    """A folder that other users may look into, too: the mail server runs as one."""
    with TemporaryDirectory(prefix="deskbell-dovecot-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def box(desk: Bureau) -> Mailbox:
    """The mailbox as it stands in the books."""
    return desk.house.mailboxes.find("Support")


def subjects(desk: Bureau) -> list[str]:
    """Of all tickets."""
    database = desk.house.parts.database
    return [str(one[0]) for one in database.read(lambda: database.select("SELECT subject FROM ticket ORDER BY number"))]


@pytest.mark.parametrize("server_database", ["sqlite", "postgres"], indirect=True)
def test_what_is_there_and_what_comes_is_taken_in_once(reading: Bureau, billing: str, imap: ImapHouse) -> None:
    for number in (1, 2):
        imap.server.deliver(mail(number))
    mailbox_id = imap.introduce(reading.house, billing, done_folder="Done")
    reading.house.gathering.work(Alone())
    until(lambda: len(subjects(reading)) == 2)
    imap.server.deliver(mail(3))
    until(lambda: len(subjects(reading)) == 3)
    until(lambda: box(reading).next_uid == 4)
    with imap.client() as client:
        assert client.search() == []
        client.select_folder("Done")
        assert (client.search("SEEN"), client.search("UNSEEN")) == ([1, 2, 3], [])
    found = reading.house.mailboxes.find("support")
    assert (found.trouble, found.seen_at is not None) == (None, True)
    reading.house.mailboxes.read_to(mailbox_id, 1, 1)  # as if the server had numbered its mails anew
    with imap.client() as client:
        client.select_folder("Done")
        client.copy(client.search(), "INBOX")
    imap.server.deliver(mail(4))
    until(lambda: len(subjects(reading)) == 4)
    assert subjects(reading) == [f"Mail {number}" for number in (1, 2, 3, 4)]


def test_old_mail_stays_where_it_is_unless_it_is_wanted(reading: Bureau, billing: str, imap: ImapHouse) -> None:
    imap.server.deliver(mail(1))
    imap.introduce(reading.house, billing, also_old=False, port=imap.server.tls_port, security=Security.TLS)
    reading.house.gathering.work(Alone())
    until(lambda: box(reading).seen_at)
    imap.server.deliver(mail(2))
    until(lambda: subjects(reading))
    assert subjects(reading) == ["Mail 2"]
    with imap.client() as client:
        assert client.search("UNSEEN") == [1]


def test_a_mail_that_cannot_be_stored_goes_aside_and_the_next_ones_come(
    reading: Bureau, billing: str, imap: ImapHouse
) -> None:
    reading.house.parts.database.write(
        lambda: reading.house.parts.database.execute(
            "CREATE TRIGGER poison BEFORE INSERT ON message WHEN NEW.body_text LIKE 'Poison%' "
            "BEGIN SELECT RAISE(ABORT, 'poison'); END"
        )
    )
    imap.server.deliver(mail(1, "Poison"))
    imap.server.deliver(mail(2))
    imap.introduce(reading.house, billing)
    reading.house.gathering.work(Alone())
    until(lambda: len(subjects(reading)) == 2)
    assert sorted(subjects(reading)) == ["Mail 1", "Mail 2"]
    with imap.client() as client:
        client.select_folder(PROBLEMS)
        assert len(client.search()) == 1
    texts = reading.house.parts.database.read(
        lambda: reading.house.parts.database.select("SELECT body_text FROM message")
    )
    assert sum(PROBLEMS in one[0] for one in texts) == 1
    assert box(reading).enabled


def test_a_mail_that_is_too_large_stays_and_is_told_of(reading: Bureau, billing: str, imap: ImapHouse) -> None:
    reading.house.parts.settings.put("mail.bytes", "100000")
    imap.server.deliver(mail(1, "x" * 70 + "\r\n" * 20 + ("y" * 70 + "\r\n") * 2_000))
    imap.introduce(reading.house, billing)
    reading.house.gathering.work(Alone())
    until(lambda: subjects(reading))
    [(text,)] = reading.house.parts.database.read(
        lambda: reading.house.parts.database.select("SELECT body_text FROM message")
    )
    assert (subjects(reading), "stays in the mailbox Support" in text) == (["Mail 1"], True)


def test_it_survives_the_end_of_the_server_and_says_meanwhile_what_is_wrong(
    reading: Bureau, billing: str, tmp_path: Path, kept: Path
) -> None:
    papers = Papers.issued(tmp_path)
    try:
        with dovecot(papers.chain, papers.key) as server:
            place = (kept, server.port, server.tls_port, server.lmtp_port)
    except ProgramMissing as missing:
        pytest.skip(str(missing))
    with dovecot(papers.chain, papers.key, place) as server:
        house = ImapHouse(server, papers.ca_file)
        house.introduce(reading.house, billing)
        server.deliver(mail(1))
        reading.house.gathering.work(Alone())
        until(lambda: subjects(reading))
    until(lambda: box(reading).trouble)
    with dovecot(papers.chain, papers.key, place) as server:
        server.deliver(mail(2))
        until(lambda: len(subjects(reading)) == 2)
        until(lambda: box(reading).trouble is None)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "wrong"}, "Authentication failed"),
        ({"host": "127.0.0.1"}, "certificate"),
        ({"folder": "None"}, "None"),
    ],
)
def test_what_is_wrong_is_said(
    reading: Bureau, billing: str, imap: ImapHouse, wrong: dict[str, str], said: str
) -> None:
    imap.introduce(reading.house, billing, **wrong)
    reading.house.gathering.work(Alone())
    until(lambda: box(reading).trouble)
    assert said in str(box(reading).trouble)
    assert subjects(reading) == []


def test_a_paused_mailbox_is_left_alone_and_read_on_later(reading: Bureau, billing: str, imap: ImapHouse) -> None:
    imap.introduce(reading.house, billing)
    reading.house.mailboxes.set_enabled("Support", False)
    imap.server.deliver(mail(1))
    reading.house.gathering.work(Alone())
    assert subjects(reading) == []
    reading.house.mailboxes.set_enabled("Support", True)
    reading.house.gathering.work(Alone())
    until(lambda: subjects(reading))


@pytest.mark.parametrize("server_database", ["postgres"], indirect=True)
def test_of_two_processes_one_reads(reading: Bureau, billing: str, imap: ImapHouse, server_database: str) -> None:
    imap.introduce(reading.house, billing)
    imap.server.deliver(mail(1))
    first, second = LockLeadership(server_database, 7), LockLeadership(server_database, 7)
    assert first.held()
    reading.house.gathering.work(second)
    assert subjects(reading) == []
    first.give_up()
    until(second.held)
    reading.house.gathering.work(second)
    until(lambda: subjects(reading))
    second.give_up()


def test_a_mailbox_that_cannot_be_read_for_some_time_is_a_ticket_once(reading: Bureau, billing: str) -> None:
    opening = Opening("Support", billing, "localhost", "help@example.org", "x", Security.NONE, port=1)
    reading.house.mailboxes.add(opening)
    reading.house.gathering.work(Alone())
    until(lambda: box(reading).trouble)
    since = box(reading).trouble_at
    for minutes in (14, 2, 20):
        reading.clock.advance(minutes * 60_000)
        reading.house.gathering.work(Alone())
        assert subjects(reading) == ([] if minutes == 14 else ["The mailbox Support cannot be read"])
    again = Gathering(reading.house.parts, reading.house.mailboxes, reading.house.mail_in)
    again.work(Alone())
    again.stop()
    assert (len(subjects(reading)), box(reading).trouble_at) == (1, since)


def test_mails_that_come_while_it_looks_are_not_overlooked(reading: Bureau, billing: str, imap: ImapHouse) -> None:
    imap.introduce(reading.house, billing, done_folder="Done")
    reading.house.gathering.work(Alone())
    for number in range(40):
        imap.server.deliver(mail(number))
    until(lambda: len(subjects(reading)) == 40)
