"""A mail becomes a ticket, a message, or a quiet trace; exactly once; and nobody gets into a ticket by guessing."""

from collections.abc import Callable
from typing import Any

import pytest

from sync.server.mail.addresses import Addresses
from sync.server.mail.incoming import TakenIn, TakenInAs
from sync.server.mail.nature import Nature
from tests.rigs.bureau import Bureau
from tests.rigs.mails.natures import NATURES
from tests.rigs.mails.programs import PROGRAMS
from tests.rigs.mails.ugly import UGLY

TakeIn = Callable[..., TakenIn]
Thread = Callable[[str], list[dict[str, Any]]]
Ticket = Callable[[str], dict[str, Any]]

FIRST = """From: Ada Byron <ada@example.org>
To: help@deskbell.test
Cc: Carl <carl@example.org>
Subject: No link
Date: Mon, 14 Sep 2026 10:00:00 +0000
Message-ID: <first@mail.example.org>

There is no link on the page.
"""


REPORT = """Return-Path: <>
From: MAILER-DAEMON@mx.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ada@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 user unknown

--b
Content-Type: text/rfc822-headers

Message-ID: {mail_id}

--b--
"""


def answer(
    sender: str = "ada@example.org", subject: str = "Re: No link", text: str = "And still none.", **more: str
) -> str:
    """Another mail."""
    head = {
        "From": sender,
        "To": "help@deskbell.test",
        "Subject": subject,
        "Message-ID": "<next@mail.example.org>",
        **more,
    }
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in head.items()]
    return "\n".join([*lines, "", text, ""])


@pytest.fixture
def first(take_in: TakeIn) -> TakenIn:
    """A ticket by mail."""
    return take_in(FIRST)


@pytest.fixture
def token(desk: Bureau, first: TakenIn) -> str:
    """Of that ticket."""
    addresses = Addresses(desk.house.parts)
    return desk.house.parts.database.read(lambda: addresses.thread_token(str(first.ticket_id)))


def test_a_mail_becomes_a_ticket_with_its_original(
    first: TakenIn, ticket: Ticket, thread: Thread, desk: Bureau
) -> None:
    assert (first.kind, first.nature) == (TakenInAs.FILED, Nature.ORDINARY)
    found = ticket(str(first.ticket_id))
    assert (found["subject"], found["channel"], found["status"]) == ("No link", "email", "new")
    assert (found["name"], found["email"]) == ("Ada Byron", "ada@example.org")
    [message] = thread(str(first.ticket_id))
    assert message["text"] == "There is no link on the page."
    desk.agent("Ann", str(found["category_id"]))
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    wire = ann.one("Message", account, str(first.message_id))
    answer = ann.session.get(f"http://testserver/jmap/download/{account}/{wire['originalBlobId']}/mail.eml?accept=a/b")
    assert answer.content == FIRST.encode()


def test_the_same_mail_is_taken_in_once_by_whichever_way(take_in: TakeIn, first: TakenIn) -> None:
    again = take_in(("Received: by another\n" + FIRST).replace("\n", "\r\n"))
    assert (again.kind, again.ticket_id, again.message_id) == (TakenInAs.KNOWN, first.ticket_id, first.message_id)
    other = take_in(FIRST.replace("no link", "no button"))
    assert other.kind is TakenInAs.FILED


def test_a_token_in_the_address_finds_the_ticket_whoever_writes(
    take_in: TakeIn, first: TakenIn, token: str, thread: Thread
) -> None:
    for number, way in enumerate(("To", "Cc", "Delivered-To", "X-Original-To")):
        raw = answer(
            "eve@example.net", "Something else", f"Words {number}", **{way: f"help+{token.upper()}@deskbell.test"}
        )
        assert take_in(raw).ticket_id == first.ticket_id
    raw = answer("eve@example.net", "x", "By envelope")
    assert take_in(raw, envelope_to=[f"help+{token}@deskbell.test"]).kind is TakenInAs.ADDED
    messages = thread(str(first.ticket_id))
    assert len(messages) == 6
    assert messages[1]["author"] != messages[0]["author"]


def test_our_message_id_finds_the_ticket_also_when_the_subject_changed(
    take_in: TakeIn, first: TakenIn, desk: Bureau
) -> None:
    addresses = Addresses(desk.house.parts)
    sent = desk.house.parts.database.read(
        lambda: addresses.message_id("m" + "1" * 32, str(first.ticket_id), "deskbell.test")
    )
    for number, way in enumerate(("In-Reply-To", "References")):
        found = take_in(answer("other@example.org", "Completely new", str(number), **{way: f"<a@b.example> {sent}"}))
        assert (found.kind, found.ticket_id) == (TakenInAs.ADDED, first.ticket_id)


def test_the_requester_and_those_in_copy_may_go_on_by_their_own_message_ids(take_in: TakeIn, first: TakenIn) -> None:
    refers = {"In-Reply-To": "<first@mail.example.org>"}
    assert take_in(answer("ADA@example.org", text="a", **refers)).ticket_id == first.ticket_id
    assert take_in(answer("carl@example.org", text="b", **refers)).ticket_id == first.ticket_id
    stranger = take_in(answer("eve@example.net", text="c", **refers))
    assert (stranger.kind, stranger.ticket_id != first.ticket_id) == (TakenInAs.FILED, True)


def test_a_stranger_who_guesses_a_number_gets_nothing(
    take_in: TakeIn, first: TakenIn, ticket: Ticket, thread: Thread
) -> None:
    subject = f"Re: [#{ticket(str(first.ticket_id))['number']}] No link"
    guessed = take_in(answer("eve@example.net", subject, Cc="mallory@example.net"))
    assert (guessed.kind, guessed.ticket_id != first.ticket_id) == (TakenInAs.FILED, True)
    assert len(thread(str(first.ticket_id))) == 1
    assert take_in(answer("ada@example.org", subject, "mine", Cc="eve@example.net")).ticket_id == first.ticket_id
    assert take_in(answer("eve@example.net", subject, "in by the copy?")).ticket_id != first.ticket_id


def test_a_token_that_nobody_made_finds_nothing(take_in: TakeIn, first: TakenIn, token: str) -> None:
    forged = token[:-2] + ("aa" if token[-2:] != "aa" else "bb")
    assert take_in(answer(To=f"help+{forged}@deskbell.test")).ticket_id != first.ticket_id


def test_words_for_a_ticket_closed_long_ago_begin_another_that_names_it(
    take_in: TakeIn, first: TakenIn, token: str, desk: Bureau, ticket: Ticket
) -> None:
    write = desk.house.parts.journal.write
    held = desk.house.ticketing

    def close() -> None:
        before = held.held(str(first.ticket_id))
        assert before is not None
        held.save(before, held.edit(before, "status", "closed", None, desk.clock.now))

    write(close)
    to = {"To": f"help+{token}@deskbell.test"}
    assert take_in(answer(text="soon", **to)).ticket_id == first.ticket_id
    write(close)
    desk.clock.advance(20 * 86_400_000)
    late = take_in(answer(text="late", **to))
    found = ticket(str(late.ticket_id))
    assert (found["follow_up_of"], found["channel"], found["email"]) == (first.ticket_id, "email", "ada@example.org")


def test_an_automatic_reply_is_kept_quietly(
    take_in: TakeIn, first: TakenIn, token: str, thread: Thread, ticket: Ticket, desk: Bureau
) -> None:
    away = {"To": f"help+{token}@deskbell.test", "Auto-Submitted": "auto-replied"}
    before = ticket(str(first.ticket_id))
    taken = take_in(answer(text="I am away until Monday.", **away))
    assert (taken.kind, taken.nature) == (TakenInAs.QUIET, Nature.AUTO_REPLY)
    event = thread(str(first.ticket_id))[-1]
    assert (event["kind"], "away until Monday" in event["text"], event["original"] is None) == ("event", True, False)
    assert ticket(str(first.ticket_id)) == before
    alone = take_in(
        answer(text="Away from everything", **{"Auto-Submitted": "auto-replied", "Message-ID": "<x@y.example>"})
    )
    found = ticket(str(alone.ticket_id))
    assert (alone.kind, found["status"], found["awaiting"]) == (TakenInAs.QUIET, "closed", None)
    arrivals = desk.house.parts.database.read(lambda: desk.house.parts.database.select("SELECT ticket_id FROM arrival"))
    assert arrivals == [(first.ticket_id,)]


def test_our_own_letter_that_comes_back_is_dropped_and_mail_from_our_address_is_quiet(
    take_in: TakeIn, token: str, desk: Bureau, billing: str, ticket: Ticket
) -> None:
    desk.house.mail_in.own.add("help@deskbell.test", billing)
    ours = take_in(answer("help@deskbell.test", **{"X-Deskbell-Ticket": token}))
    assert (ours.kind, ours.nature, ours.ticket_id) == (TakenInAs.OURS, Nature.LOOP, None)
    forged = take_in(answer("help@deskbell.test", **{"X-Deskbell-Ticket": "a" * 24}))
    assert (forged.kind, ticket(str(forged.ticket_id))["status"]) == (TakenInAs.QUIET, "closed")


def test_a_report_about_nothing_of_ours_is_quiet_and_one_about_a_ticket_is_told_there(
    take_in: TakeIn, first: TakenIn, token: str, thread: Thread
) -> None:
    report = answer(
        "MAILER-DAEMON@mx.example", "Undelivered Mail Returned to Sender", "<ada@example.org>: 550 5.1.1 no such user"
    )
    alone = take_in(report, envelope_from="")
    assert (alone.kind, alone.nature) == (TakenInAs.QUIET, Nature.DELIVERY_REPORT)
    found = take_in(report + f"\nX-Deskbell-Ticket: {token}\n", envelope_from="")
    assert (found.kind, found.ticket_id) == (TakenInAs.QUIET, first.ticket_id)
    assert "no such user" in thread(str(first.ticket_id))[-1]["text"]


def test_answers_go_where_the_mail_says_and_a_mail_without_anything_is_taken(take_in: TakeIn, ticket: Ticket) -> None:
    shop = take_in(answer("Shop <noreply@shop.example>", **{"Reply-To": "Bo <bo@example.org>"}))
    assert ticket(str(shop.ticket_id))["email"] == "bo@example.org"
    for raw in (b"", b"\n", b"\xff\x00", b"From: nobody\n\nwords", b"Subject: only\n\n"):
        taken = take_in(raw)
        assert taken.kind is TakenInAs.FILED
        assert ticket(str(taken.ticket_id))["name"]


def test_spam_is_marked_and_a_mail_that_is_too_long_is_cut(take_in: TakeIn, ticket: Ticket, thread: Thread) -> None:
    spam = take_in(answer(**{"X-Spam-Flag": "YES"}))
    assert "spam" in ticket(str(spam.ticket_id))["tags"]
    long = take_in(answer("x@example.org", "ä" * 3_000, "ö" * 2_500_000))
    assert len(ticket(str(long.ticket_id))["subject"]) == 500
    assert thread(str(long.ticket_id))[0]["text"].endswith("[…]")


def test_every_mail_of_the_set_is_taken_in_once(desk: Bureau, take_in: TakeIn, ticket: Ticket, thread: Thread) -> None:
    desk.house.mail_in.own.add("help@deskbell.test", desk.house.grants.add_category("Help"))
    for sample in (*PROGRAMS, *UGLY, *NATURES):
        taken = take_in(sample.raw)
        quiet = sample.nature in (Nature.AUTO_REPLY, Nature.DELIVERY_REPORT, Nature.LOOP)
        assert (sample.name, taken.kind) == (sample.name, TakenInAs.QUIET if quiet else TakenInAs.FILED)
        [message] = thread(str(taken.ticket_id))
        assert message["original"], sample.name
        assert (ticket(str(taken.ticket_id))["status"] == "closed") == quiet
        assert take_in(sample.raw.replace(b"\r\n", b"\n")).kind is TakenInAs.KNOWN, sample.name


def test_a_bounce_of_our_reply_is_told_of_that_reply(
    desk: Bureau, billing: str, first: TakenIn, take_in: TakeIn, ticket: Ticket
) -> None:
    desk.house.parts.settings.put("mail.smtp", "smtp://127.0.0.1:1")
    desk.house.parts.settings.put("mail.from", "Help <help@deskbell.test>")
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    ann.create("Message", account, desk.words(str(first.ticket_id), "reply", "Press the button."))
    database = desk.house.parts.database
    [(mail_id,)] = database.read(lambda: database.select("SELECT mail_id FROM letter WHERE kind = 'reply'"))
    delayed = take_in(REPORT.format(action="delayed", mail_id=mail_id), envelope_from="")
    assert (delayed.kind, delayed.ticket_id) == (TakenInAs.QUIET, first.ticket_id)
    assert [one["status"] for one in ann.get("Delivery", account)] == ["delayed"]
    assert ticket(str(first.ticket_id))["awaiting"] == "requester"
    bounced = take_in(REPORT.format(action="failed", mail_id=mail_id), envelope_from="")
    assert (bounced.kind, bounced.ticket_id) == (TakenInAs.QUIET, first.ticket_id)
    [delivery] = ann.get("Delivery", account)
    assert (delivery["status"], "user unknown" in delivery["detail"]) == ("bounced", True)
    assert ticket(str(first.ticket_id))["awaiting"] == "team"
    [(mail_id,)] = database.read(lambda: database.select("SELECT mail_id FROM letter WHERE kind = 'reply'"))
    reply = f"From: ada@example.org\nSubject: Something else\nIn-Reply-To: {mail_id}\n\nNo button.\n"
    assert take_in(reply).ticket_id == first.ticket_id
