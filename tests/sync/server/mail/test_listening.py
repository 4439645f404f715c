"""Mail that is handed over: 250 only once it is stored, 4yz while it cannot be, 5yz for whom nobody knows."""

from collections.abc import Iterator
from pathlib import Path
from smtplib import LMTP, SMTP, SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest

from sync.domain.errors import Rejected
from sync.server.leadership import Alone
from sync.server.mail.addresses import Addresses
from sync.server.mail.places import places_of
from tests.rigs.bureau import Bureau
from tests.rigs.quiet_bureau import quiet_bureau

MAIL = b"From: Ada <ada@example.org>\r\nSubject: Handed over\r\nMessage-ID: <1@mail.example>\r\n\r\nWords\r\n.\r\n"


@pytest.fixture
def desk(server_database: str) -> Iterator[Bureau]:
    """A server that does nothing by itself."""
    with quiet_bureau(server_database) as opened:
        yield opened


@pytest.fixture
def listening(desk: Bureau, billing: str, repairs: str) -> Iterator[Bureau]:
    """A server that listens by LMTP and by SMTP for two addresses."""
    desk.house.parts.settings.put("mail.listen", "lmtp://127.0.0.1:0, smtp://127.0.0.1:0")
    desk.house.mail_in.own.add("Help@Deskbell.test", billing)
    desk.house.mail_in.own.add("repairs@deskbell.test", repairs)
    desk.house.listening.work(Alone())
    yield desk
    desk.house.listening.stop()


def lmtp(desk: Bureau) -> LMTP:
    """A line."""
    return LMTP(*desk.house.listening.addresses[0])


def smtp(desk: Bureau) -> SMTP:
    """Another."""
    return SMTP(*desk.house.listening.addresses[1])


def tickets(desk: Bureau) -> list[tuple[str, str]]:
    """Subject and category of each."""
    database = desk.house.parts.database
    return [
        (str(one[0]), str(one[1]))
        for one in database.read(lambda: database.select("SELECT subject, category_id FROM ticket ORDER BY number"))
    ]


def test_mail_becomes_a_ticket_of_its_address_once(listening: Bureau, billing: str) -> None:
    with lmtp(listening) as line:
        line.ehlo_or_helo_if_needed()
        line.mail("ada@example.org")
        for one in ("help@deskbell.test", "repairs@deskbell.test"):
            assert line.rcpt(one)[0] == 250
        assert [line.data(MAIL)[0], line.getreply()[0]] == [250, 250]  # one answer for each
    with smtp(listening) as other:
        assert other.sendmail("ada@example.org", ["help+anything@deskbell.test"], MAIL) == {}
    assert tickets(listening) == [("Handed over", billing)]


def test_who_is_not_known_gets_nothing(listening: Bureau) -> None:
    for line in (lmtp(listening), smtp(listening)):
        with line, pytest.raises(SMTPRecipientsRefused) as refused:
            line.sendmail("ada@example.org", ["someone@else.example"], MAIL)
        assert [code for code, _ in refused.value.recipients.values()] == [550]
    assert tickets(listening) == []


def test_a_token_is_address_enough(listening: Bureau, billing: str) -> None:
    first = listening.file(billing).ticket
    addresses = Addresses(listening.house.parts)
    to = listening.house.parts.database.read(lambda: addresses.reply_to("other@deskbell.test", first.id))
    with lmtp(listening) as line:
        assert line.sendmail("bob@example.org", [to.upper()], MAIL) == {}
    assert len(tickets(listening)) == 1


def test_a_bounce_has_no_sender_and_is_taken(listening: Bureau) -> None:
    with lmtp(listening) as line:
        line.sendmail("", ["help@deskbell.test"], MAIL.replace(b"Handed over", b"Undelivered mail"))
    [(subject, _)] = tickets(listening)
    assert subject == "Undelivered mail"


@pytest.mark.parametrize("server_database", ["sqlite"], indirect=True)
def test_while_the_database_is_full_the_mail_stays_with_the_sender(listening: Bureau, tmp_path: Path) -> None:
    database = listening.house.parts.database
    with database.connection():
        database.base.execute_sql("SELECT 1")
    database.write(
        lambda: database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON ticket BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    )
    with lmtp(listening) as line, pytest.raises(SMTPDataError) as put_off:
        line.sendmail("ada@example.org", ["help@deskbell.test"], MAIL)
    assert put_off.value.smtp_code == 451
    database.write(lambda: database.execute("DROP TRIGGER full"))
    with lmtp(listening) as line:
        assert line.sendmail("ada@example.org", ["help@deskbell.test"], MAIL) == {}
    assert len(tickets(listening)) == 1


def test_what_is_too_large_or_too_long_in_a_line(listening: Bureau) -> None:
    with lmtp(listening) as line:
        assert line.sendmail("ada@example.org", ["help@deskbell.test"], MAIL + b"x" * 200_000 + b"\r\n") == {}
    listening.house.listening.stop()
    listening.house.parts.settings.put("mail.bytes", "100000")
    listening.house.listening.work(Alone())
    with lmtp(listening) as line, pytest.raises((SMTPDataError, SMTPServerDisconnected, Exception)) as refused:
        line.sendmail("ada@example.org", ["help@deskbell.test"], MAIL + b"y\r\n" * 100_000)
    assert "552" in str(refused.value)
    assert len(tickets(listening)) == 1


def test_connections_beyond_the_places_are_asked_to_come_again(listening: Bureau) -> None:
    lines = [lmtp(listening) for _ in range(20)]
    with pytest.raises(Exception, match="421"):
        lmtp(listening)
    for one in lines:
        one.quit()


def test_it_stops_listening_when_told_and_says_what_it_cannot_read(listening: Bureau) -> None:
    place = listening.house.listening.addresses[0]
    listening.house.parts.settings.put("mail.listen", "")
    listening.house.listening.work(Alone())
    with pytest.raises(ConnectionRefusedError):
        LMTP(*place)
    for wrong in ("lmtp://", "http://a:1", "smtp://a", "smtp://a:x", "smtp://a:99999"):
        with pytest.raises(Rejected, match=r"lmtp://127\.0\.0\.1:2424"):
            listening.house.parts.settings.put("mail.listen", wrong)
    assert [one.port for one in places_of("lmtp://[::1]:24,lmtp://unix:/run/x")] == [24, None]
