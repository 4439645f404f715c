"""Letters are handed over once each, by a real mail server's rules; whatever goes wrong on the way, none is lost."""

import itertools
import re
from pathlib import Path
from threading import Event
from typing import Any

import orjson
import pytest

from sync.server.database import Row
from sync.server.house import House
from sync.server.intake import Asker, Filed
from sync.server.leadership import Alone, leadership_of
from sync.server.mail.mail_out import Books
from sync.server.mail.sending import Sending
from tests.rigs.bureau import Bureau, Caller, bureau
from tests.rigs.mail_server import Post, Stubborn, read

LOCK = 7_999_001
ON_ONE = pytest.mark.parametrize("server_database", ["sqlite"], indirect=True)
"""What does not depend on the database."""
MINUTE = 60_000
OCTETS = b"\0\r\n.\r\n\xff" * 9
REFUSALS = [("452 full", "waiting"), ("552 too large", "failed"), ("554 no", "failed")]


def own_sending(house: House) -> Sending:
    """A worker that works only when it is told, in place of the server's own."""
    house.sending.stop()
    books = Books.of(house.parts, house.ticketing, house.secrets)
    return Sending(house.parts, books, house.mail_out, house.blobs, house.secrets)


class Helpdesk:
    """A server with an agent, a ticket and an answer to be mailed."""

    def __init__(self, desk: Bureau, category: str) -> None:
        self.desk = desk
        self.category = category
        self.agent = desk.agent("Ann", category)
        self.ann: Caller = desk.caller("Ann")
        self.sending = own_sending(desk.house)
        self.account = self.ann.account("Billing")

    def ticket(self, **more: Any) -> Filed:
        return self.desk.file(self.category, "Charged twice", "Invoice 1143 was taken twice.", **more)

    def reply(self, ticket_id: str, text: str = "It is on its way back.", **more: Any) -> str:
        return str(self.ann.create("Message", self.account, self.desk.words(ticket_id, "reply", text, **more))["id"])

    def work(self) -> float:
        return self.sending.work(Alone())

    def deliveries(self) -> list[tuple[str, str | None]]:
        return [(one["status"], one["detail"]) for one in self.ann.get("Delivery", self.account)]

    def letters(self) -> list[Row]:
        database = self.desk.house.parts.database
        return [
            {"kind": kind, "state": state, "attempts": attempts}
            for kind, state, attempts in database.read(
                lambda: database.select("SELECT kind, state, attempts FROM letter ORDER BY id")
            )
        ]


@pytest.fixture
def helpdesk(desk: Bureau, billing: str) -> Helpdesk:
    return Helpdesk(desk, billing)


@pytest.mark.parametrize("at_once", [False, True])
def test_a_confirmation_and_a_reply_arrive_and_keep_together(helpdesk: Helpdesk, post: Post, at_once: bool) -> None:
    post.introduce(helpdesk.desk.house, at_once=at_once)
    filed = helpdesk.ticket(asker=Asker("Oskar Nünlist", "oskar@mail.example"))
    message = helpdesk.reply(filed.ticket.id)
    assert helpdesk.deliveries() == [("queued", None)]
    helpdesk.work()
    assert helpdesk.deliveries() == [("handedOver", None)]
    mails = post.wait_for(2)
    confirmation, reply = sorted(mails, key=lambda one: one["Auto-Submitted"] is None)
    assert confirmation["Auto-Submitted"] == "auto-replied"
    assert f"#{filed.ticket.number}" in confirmation["Subject"]
    assert "https://help.example.com/t/" in confirmation.get_content()
    assert reply["Auto-Submitted"] is None
    assert reply["From"] == "Help desk <support@helpdesk.example>"
    assert reply["To"] == "Oskar Nünlist <oskar@mail.example>"
    assert reply["Subject"] == "Re: Charged twice"
    assert reply["Message-ID"].strip().startswith(f"<{message}.")
    assert reply["References"].split() == [confirmation["Message-ID"].strip()] == [reply["In-Reply-To"].strip()]
    assert reply["Message-ID"].strip().split("@")[0].endswith("." + reply["X-Deskbell-Ticket"])
    assert reply["Reply-To"] == confirmation["Reply-To"]
    local, _, host = reply["Reply-To"].addresses[0].addr_spec.partition("@")
    assert (local.split("+")[0], host) == ("support", "helpdesk.example")
    text = reply.get_content()
    assert "It is on its way back." in text
    assert "> Invoice 1143 was taken twice." in text
    assert [one["state"] for one in helpdesk.letters()] == ["done", "done"]
    assert helpdesk.work() > 0
    assert len(post.mails()) == 2


@ON_ONE
def test_a_ticket_has_one_link_and_the_database_alone_gives_it_to_nobody(helpdesk: Helpdesk, post: Post) -> None:
    house = helpdesk.desk.house
    post.introduce(house)
    filed = helpdesk.ticket()
    helpdesk.reply(filed.ticket.id)
    helpdesk.work()
    found = {re.search(r"https://help\.example\.com/t/([\w-]{43})", str(one.get_body())) for one in post.wait_for(2)}
    links = {one[1] for one in found if one is not None}
    assert len(links) == 1
    database = house.parts.database
    database.close()
    assert links.pop().encode() not in Path(database.address).read_bytes()


@ON_ONE
def test_files_and_odd_words_arrive_as_they_were(helpdesk: Helpdesk, post: Post) -> None:
    post.introduce(helpdesk.desk.house)
    filed = helpdesk.ticket()
    blob = helpdesk.ann.session.post(
        f"http://testserver/jmap/upload/{helpdesk.account}/",
        data=OCTETS,
        headers={"Content-Type": "x/y"},
    ).json()
    attached = [{"blobId": blob["blobId"], "name": "Größe.bin", "type": "x/y"}]
    odd = ".\nFrom here: ü \N{SNOWMAN}\n" + "long " * 400 + "\n.."
    helpdesk.reply(filed.ticket.id, odd, attachments=attached)
    helpdesk.work()
    mails = post.wait_for(2)
    [reply] = [one for one in mails if one["Auto-Submitted"] is None]
    body = reply.get_body()
    assert body is not None
    assert odd in body.get_content().replace("\r\n", "\n")
    [file] = reply.iter_attachments()
    assert (file.get_filename(), file.get_payload(decode=True)) == ("Größe.bin", OCTETS)


def test_without_an_address_nothing_is_sent_and_it_is_said(helpdesk: Helpdesk, post: Post) -> None:
    post.introduce(helpdesk.desk.house)
    helpdesk.reply(helpdesk.ticket(asker=Asker("Bob")).ticket.id)
    assert helpdesk.deliveries() == [("notSent", "noAddress")]
    assert helpdesk.letters() == []


def test_without_a_mail_server_everything_is_as_before(helpdesk: Helpdesk) -> None:
    helpdesk.reply(helpdesk.ticket().ticket.id)
    assert (helpdesk.deliveries(), helpdesk.letters()) == ([], [])
    assert helpdesk.work() > 1


def test_one_who_is_not_there_fails_and_the_author_hears_of_it(helpdesk: Helpdesk, post: Post) -> None:
    post.introduce(helpdesk.desk.house)
    filed = helpdesk.ticket(asker=Asker("Bob", "nobody@mail.example"))
    message = helpdesk.reply(filed.ticket.id)
    state = helpdesk.ann.state("TicketArrival", helpdesk.account)
    helpdesk.work()
    [(status, detail)] = helpdesk.deliveries()
    assert (status, detail) == ("failed", "The mail server says: 550 There is no such person here")
    ticket = helpdesk.ann.one("Ticket", helpdesk.account, filed.ticket.id)
    assert (ticket["status"], ticket["awaiting"]) == ("open", "team")
    [arrival_id] = helpdesk.ann.changes("TicketArrival", helpdesk.account, state)["created"]
    arrival = helpdesk.ann.one("TicketArrival", helpdesk.account, arrival_id)
    assert (arrival["kind"], arrival["messageId"], arrival["forAgentId"]) == ("undelivered", message, helpdesk.agent)
    event = helpdesk.ann.get("Message", helpdesk.account)
    assert any('"what":"delivery"' in one["bodyText"] for one in event if one["kind"] == "event")


def test_what_is_put_off_is_tried_again_later(helpdesk: Helpdesk, post: Post) -> None:
    post.introduce(helpdesk.desk.house)
    post.server.defer(yes=True)
    helpdesk.reply(helpdesk.ticket().ticket.id)
    helpdesk.work()
    assert helpdesk.deliveries() == [("delayed", "The mail server says: 451 Too busy, come back later")]
    post.server.defer(yes=False)
    helpdesk.work()
    assert helpdesk.deliveries()[0][0] == "delayed"
    helpdesk.desk.clock.advance(MINUTE + 1)
    helpdesk.work()
    assert helpdesk.deliveries() == [("handedOver", None)]
    post.wait_for(2)


@ON_ONE
@pytest.mark.parametrize(
    "answers", [{"CONNECT": ""}, {"MAIL": ""}, {"DATA": ""}, {"CONNECT": "421 later"}, {"EHLO": "", "HELO": ""}]
)
def test_a_mail_server_that_hangs_up_is_left_alone_for_a_while(helpdesk: Helpdesk, answers: dict[str, str]) -> None:
    with Stubborn(answers) as stubborn:
        stubborn.introduce(helpdesk.desk.house)
        helpdesk.reply(helpdesk.ticket().ticket.id)
        for _ in range(5):
            assert helpdesk.work() > 0
        assert stubborn.connections == 1
        assert helpdesk.deliveries() == [("queued", None)]
        helpdesk.desk.clock.advance(2 * MINUTE)
        helpdesk.work()
        assert helpdesk.deliveries()[0][0] == "delayed"
        stubborn.answers.clear()
        helpdesk.desk.clock.advance(10 * MINUTE)
        helpdesk.work()
        assert helpdesk.deliveries() == [("handedOver", None)]
        assert [one["state"] for one in helpdesk.letters()] == ["done", "done"]


def test_an_answer_that_is_lost_means_once_more_under_the_same_name(helpdesk: Helpdesk) -> None:
    with Stubborn({"END": ""}) as stubborn:
        stubborn.introduce(helpdesk.desk.house)
        helpdesk.reply(helpdesk.ticket(asker=Asker("Bob", "bob@mail.example")).ticket.id)
        helpdesk.work()
        stubborn.answers.clear()
        helpdesk.desk.clock.advance(MINUTE)
        helpdesk.work()
        names = [str(read(one)["Message-ID"]) for one in stubborn.taken]
        assert len(names) == 3
        assert len(set(names)) == 2


@ON_ONE
@pytest.mark.parametrize(
    ("said", "state"), [("452 full", "waiting"), ("552 too large", "failed"), ("554 no", "failed")]
)
def test_a_refusal_after_the_words_is_understood(helpdesk: Helpdesk, said: str, state: str) -> None:
    with Stubborn({"END": said}) as stubborn:
        stubborn.introduce(helpdesk.desk.house)
        helpdesk.reply(helpdesk.ticket().ticket.id)
        helpdesk.work()
        assert {one["state"] for one in helpdesk.letters()} == {state}


@ON_ONE
def test_in_the_end_it_is_given_up(helpdesk: Helpdesk) -> None:
    with Stubborn({"RCPT": "450 not now"}) as stubborn:
        stubborn.introduce(helpdesk.desk.house)
        helpdesk.reply(helpdesk.ticket().ticket.id)
        helpdesk.work()
        for _ in range(6):
            helpdesk.desk.clock.advance(24 * 60 * MINUTE)
            helpdesk.work()
        [(status, detail)] = helpdesk.deliveries()
        assert (status, detail) == ("failed", "Given up. The mail server says: 450 not now")


def test_what_was_being_handed_over_in_a_crash_is_handed_over_again(helpdesk: Helpdesk) -> None:
    with Stubborn({}) as stubborn:
        stubborn.introduce(helpdesk.desk.house)
        helpdesk.reply(helpdesk.ticket().ticket.id)
        database = helpdesk.desk.house.parts.database
        database.write(lambda: database.execute("UPDATE letter SET state = 'handing'"))
        helpdesk.work()
        assert len(stubborn.taken) == 2
        assert stubborn.connections == 1


def test_of_several_processes_one_hands_letters_over_and_another_goes_on(fresh_postgres_url: str) -> None:
    with bureau(fresh_postgres_url) as desk, Stubborn({}) as stubborn:
        helpdesk = Helpdesk(desk, desk.house.grants.add_category("Billing"))
        database, second = desk.house.parts.database, own_sending(desk.house)
        one, other = leadership_of(database, LOCK), leadership_of(database, LOCK)
        stubborn.introduce(desk.house)
        assert one.held()
        helpdesk.reply(helpdesk.ticket().ticket.id)
        assert second.work(other) > 0
        assert stubborn.taken == []
        database.write(lambda: database.execute("UPDATE letter SET state = 'handing'"))
        one.give_up()  # as PostgreSQL does, in a moment, when its process dies
        pause = Event()
        while not other.held():
            pause.wait(0.02)
        second.work(other)
        assert len(stubborn.taken) == 2
        other.give_up()


@ON_ONE
def test_a_certificate_of_another_name_is_not_overlooked(helpdesk: Helpdesk, post: Post) -> None:
    house = helpdesk.desk.house
    post.introduce(house)
    house.parts.settings.put("mail.smtp", f"smtp://helpdesk@127.0.0.1:{post.server.port}")
    helpdesk.reply(helpdesk.ticket().ticket.id)
    helpdesk.desk.clock.advance(2 * MINUTE)
    helpdesk.work()
    [(status, detail)] = helpdesk.deliveries()
    assert status == "delayed"
    assert "certificate" in str(detail)
    assert post.mails() == []


@ON_ONE
def test_no_word_goes_without_tls_to_another_machine(helpdesk: Helpdesk) -> None:
    with Stubborn({}, "127.0.0.2") as other:
        other.introduce(helpdesk.desk.house)
        helpdesk.reply(helpdesk.ticket().ticket.id)
        helpdesk.desk.clock.advance(2 * MINUTE)
        helpdesk.work()
        assert (other.connections, other.taken) == (1, [])
        assert helpdesk.deliveries() == [
            ("delayed", "The mail server 127.0.0.2 offers no TLS. Use another port, or smtps://.")
        ]


def test_a_ticket_that_is_deleted_takes_its_letters_along(helpdesk: Helpdesk, post: Post) -> None:
    post.introduce(helpdesk.desk.house)
    filed = helpdesk.ticket()
    helpdesk.reply(filed.ticket.id)
    helpdesk.desk.agent("Olga", owner=True)
    helpdesk.desk.caller("Olga").call("Ticket/set", accountId=helpdesk.account, destroy=[filed.ticket.id])
    helpdesk.work()
    assert (helpdesk.letters(), helpdesk.deliveries(), post.mails()) == ([], [], [])


def test_a_delivery_moves_with_its_ticket(helpdesk: Helpdesk, post: Post, repairs: str) -> None:
    post.introduce(helpdesk.desk.house)
    filed = helpdesk.ticket()
    helpdesk.reply(filed.ticket.id)
    helpdesk.desk.house.grants.grant(helpdesk.agent, repairs)
    helpdesk.ann.call("Ticket/set", accountId=helpdesk.account, update={filed.ticket.id: {"categoryId": repairs}})
    helpdesk.work()
    there = helpdesk.ann.get("Delivery", helpdesk.ann.account("Repairs"))
    assert ([one["status"] for one in there], helpdesk.deliveries()) == (["handedOver"], [])


def test_a_reply_that_comes_back_is_told_to_its_author(
    helpdesk: Helpdesk, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, clock = helpdesk.desk.house, helpdesk.desk.clock
    post.introduce(house)
    helpdesk.reply(helpdesk.ticket(asker=Asker("Bob", "lost@mail.example")).ticket.id)
    state = helpdesk.ann.state("TicketArrival", helpdesk.account)
    helpdesk.work()
    post.wait_for(2)
    with monkeypatch.context() as patch:  # a clock that goes on between two looks at it
        ticks = itertools.count(clock.now)
        patch.setattr(clock, "now_ms", lambda: next(ticks))
        for report in post.server.mails():
            house.mail_in.take_in(report, helpdesk.category, ["support@helpdesk.example"])
    [delivery], [ticket] = (helpdesk.ann.get(one, helpdesk.account) for one in ("Delivery", "Ticket"))
    assert delivery["at"] == ticket["awaitingSince"], "workstations show it as needing its author by this"
    [(status, detail)] = helpdesk.deliveries()
    assert status == "bounced"
    assert detail
    arrivals = helpdesk.ann.changes("TicketArrival", helpdesk.account, state)["created"]
    [arrival] = helpdesk.ann.get("TicketArrival", helpdesk.account, arrivals)
    assert (arrival["kind"], arrival["forAgentId"]) == ("undelivered", helpdesk.agent)
    assert len(helpdesk.ann.get("Ticket", helpdesk.account)) == 1
    events = [one["bodyText"] for one in helpdesk.ann.get("Message", helpdesk.account) if one["kind"] == "event"]
    assert sorted(orjson.loads(one)["what"] for one in events) == ["delivery", "letter"]
    for report in post.server.mails():
        house.mail_in.take_in(report, helpdesk.category, ["support@helpdesk.example"])
    assert len(helpdesk.ann.changes("TicketArrival", helpdesk.account, state)["created"]) == 1


def test_an_answer_to_our_mail_comes_to_the_same_ticket_whatever_its_subject(helpdesk: Helpdesk, post: Post) -> None:
    house = helpdesk.desk.house
    post.introduce(house)
    filed = helpdesk.ticket(asker=Asker("Bob", "bob@mail.example"))
    helpdesk.work()
    [confirmation] = post.wait_for(1)
    answer = (
        f"From: bob@mail.example\r\nTo: {confirmation['Reply-To']}\r\nSubject: something else\r\n\r\nAnd 1144 too.\r\n"
    )
    house.mail_in.take_in(answer.encode(), helpdesk.category, [confirmation["Reply-To"].addresses[0].addr_spec])
    texts = [one["bodyText"] for one in helpdesk.ann.get("Message", helpdesk.account) if one["kind"] == "inbound"]
    assert any("And 1144 too." in one for one in texts)
    assert len(helpdesk.ann.get("Ticket", helpdesk.account)) == 1
    reply = helpdesk.reply(filed.ticket.id)
    helpdesk.work()
    assert len(post.wait_for(2)) == 2
    assert reply


@ON_ONE
def test_mail_from_a_program_is_not_confirmed(helpdesk: Helpdesk, post: Post) -> None:
    house = helpdesk.desk.house
    post.introduce(house)
    mail = "From: bot@mail.example\r\nAuto-Submitted: auto-generated\r\nSubject: Report\r\n\r\nAll is well.\r\n"
    house.mail_in.take_in(mail.encode(), helpdesk.category)
    person = "From: bob@mail.example\r\nSubject: Help\r\nMessage-ID: <1@mail.example>\r\n\r\nIt is broken.\r\n"
    house.mail_in.take_in(person.encode(), helpdesk.category)
    helpdesk.work()
    [confirmation] = post.wait_for(1)
    assert confirmation["To"] == "bob@mail.example"
    assert confirmation["References"] == "<1@mail.example>"
