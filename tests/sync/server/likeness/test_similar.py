"""Ticket/similar and what stands behind it: the same sender, the same words, earlier answers, nothing out of sight."""

from typing import Any

from sync.server.intake import Asker
from sync.server.likeness.tables import LikenessDue, LikenessPosting, LikenessTicket, LikenessWord
from tests.rigs.bureau import Bureau, Caller
from tests.sync.server.likeness.conftest import File

WORDS = "My invoice 2026-1143 was charged twice to the credit card that ends with the digits of August."
OTHER = "The coffee machine on the third floor leaks since Monday, somebody should look at its hose."
DAY = 86_400_000


def beside(who: Caller, ticket_id: str, account: str = "Billing") -> list[dict[str, Any]]:
    """What the caller is shown beside a ticket."""
    found = who.call("Ticket/similar", accountId=who.account(account), ticketId=ticket_id)
    return list(found["list"])


def close(desk: Bureau, who: Caller, ticket_id: str, answer: str | None) -> None:
    """Answer a ticket, or do not, and close it."""
    account = who.account("Billing")
    if answer is not None:
        who.create("Message", account, {**desk.words(ticket_id, "reply", answer), "baseSeq": 9})
    who.call("Ticket/set", accountId=account, update={ticket_id: {"status": "closed"}})


def test_the_same_words_of_somebody_else_are_found_with_the_reasons(
    desk: Bureau, ann: Caller, billing: str, file: File
) -> None:
    first = file(billing, "Charged twice", WORDS)
    file(billing, "Coffee", OTHER, "Cleo")
    second = file(billing, "Charged twice!", f"Hello, {WORDS}", "Dan")
    [one] = beside(ann, second)
    assert (one["ticketId"], one["kind"], one["status"]) == (first, "nearIdentical", "new")
    assert one["accountId"] == ann.account("Billing")
    reasons = {reason["what"]: reason["value"] for reason in one["reasons"]}
    assert reasons["sharedNumber"] == "2026-1143"
    assert int(reasons["sameWords"]) > 85
    assert "sameRequester" not in reasons
    assert one["number"] == 1


def test_an_open_ticket_of_the_same_sender_is_shown_whatever_it_says(
    desk: Bureau, ann: Caller, billing: str, file: File
) -> None:
    first = file(billing, "Coffee", OTHER)
    desk.clock.advance(3 * DAY)
    second = file(billing, "Charged twice", WORDS)
    [one] = beside(ann, second)
    assert (one["ticketId"], one["kind"]) == (first, "sameRequester")
    assert one["reasons"] == [{"what": "sameRequester", "value": "3"}]


def test_an_earlier_ticket_is_shown_with_its_last_answer_and_only_if_it_has_one(
    desk: Bureau, ann: Caller, billing: str, file: File
) -> None:
    answered, silent = file(billing, "Charged twice", WORDS), file(billing, "Charged twice", WORDS, "Cleo")
    close(desk, ann, answered, "We have paid it back.")
    close(desk, ann, silent, None)
    [one] = beside(ann, file(billing, "Charged two times", WORDS, "Dan"))
    assert (one["ticketId"], one["kind"], one["status"]) == (answered, "answered", "closed")
    answer = ann.one("Message", ann.account("Billing"), one["answerMessageId"])
    assert answer["bodyText"] == "We have paid it back."


def test_what_was_merged_away_is_not_shown_and_shows_nothing(
    desk: Bureau, ann: Caller, billing: str, file: File
) -> None:
    first, second = file(billing, "Charged twice", WORDS), file(billing, "Charged twice", WORDS)
    ann.call("Ticket/set", accountId=ann.account("Billing"), update={second: {"mergedIntoId": first}})
    assert beside(ann, first) == []
    assert beside(ann, second) == []


def test_what_is_out_of_sight_makes_no_difference(
    desk: Bureau, ann: Caller, billing: str, repairs: str, file: File
) -> None:
    file(billing, "Charged twice", WORDS)
    asked = file(billing, "Charged twice again", f"Hello! {WORDS}", "Dan")
    before = beside(ann, asked)
    for number in range(70):
        file(repairs, "Charged twice", WORDS, f"X{number}")
    file(repairs, "Charged", WORDS, "Dan")
    assert beside(ann, asked) == before
    desk.agent("Olga", owner=True)
    assert len(beside(desk.caller("Olga"), asked)) == 5


def test_a_ticket_that_moved_is_found_where_it_is_now(
    desk: Bureau, ann: Caller, billing: str, repairs: str, file: File
) -> None:
    first = file(repairs, "Charged twice", WORDS)
    asked = file(billing, "Charged twice", WORDS, "Dan")
    assert beside(ann, asked) == []
    desk.agent("Olga", owner=True)
    olga = desk.caller("Olga")
    olga.call("Ticket/set", accountId=olga.account("Repairs"), update={first: {"categoryId": billing}})
    desk.house.likeness.index.work()
    assert [one["ticketId"] for one in beside(ann, asked)] == [first]


def test_a_deleted_ticket_leaves_no_trace_in_the_index(desk: Bureau, billing: str, file: File) -> None:
    desk.agent("Olga", owner=True)
    olga = desk.caller("Olga")
    kept = file(billing, "Coffee", OTHER, "Cleo")
    tables = (LikenessWord, LikenessPosting, LikenessTicket, LikenessDue)
    database = desk.house.parts.database

    def index() -> list[list[tuple[tuple[str, Any], ...]]]:
        rows = database.read(lambda: [database.rows(one.select()) for one in tables])
        return [sorted(tuple(sorted(row.items())) for row in some) for some in rows]

    before = index()
    gone = file(billing, "Charged twice", WORDS)
    assert index() != before
    olga.call("Ticket/set", accountId=olga.account("Billing"), destroy=[gone])
    assert index() == before
    assert beside(olga, kept) == []


def test_a_ticket_that_is_not_indexed_yet_finds_the_others(desk: Bureau, ann: Caller, billing: str, file: File) -> None:
    first = file(billing, "Charged twice", WORDS)
    new = desk.file(billing, "Charged twice", WORDS, asker=Asker("Dan", "dan@mail.example")).ticket.id
    assert [one["ticketId"] for one in beside(ann, new)] == [first]


def test_one_word_in_common_is_no_matter(desk: Bureau, ann: Caller, billing: str, file: File) -> None:
    file(billing, "Printer", "Broken")
    assert beside(ann, file(billing, "Printer", "Broken", "Dan")) == []


def test_the_requester_s_own_open_ticket_on_the_same_matter(desk: Bureau, billing: str, file: File) -> None:
    first = file(billing, "Charged twice", WORDS)
    file(billing, "Charged twice", WORDS, "Dan")
    like = desk.house.likeness.open_like
    database = desk.house.parts.database

    def asked(email: str, text: str) -> str | None:
        return database.read(lambda: like(email, "Charged twice", text, billing))

    assert asked("BOB@mail.example", f"Good evening. {WORDS}") == first
    assert asked("bob@mail.example", OTHER) is None
    assert asked("nobody@mail.example", WORDS) is None


def test_the_open_pile_is_put_together(desk: Bureau, ann: Caller, billing: str, file: File) -> None:
    bob = [file(billing, "Charged twice", WORDS)]
    cleo = [file(billing, "Coffee", OTHER, "Cleo")]
    desk.clock.advance(1_000)
    bob.append(file(billing, "Where is it", "Nobody has answered my question about tomorrow.", "Bob"))
    cleo.append(file(billing, "Paper", "There is no paper in the printer of the second floor.", "Cleo"))
    dan = file(billing, "Charged twice", f"Hello. {WORDS}", "Dan")
    closed = file(billing, "Charged twice", WORDS, "Eve")
    close(desk, ann, closed, None)
    found = ann.call("Ticket/piles", accountId=ann.account("Billing"))["list"]
    assert found == [
        {"why": "sameWords", "ticketIds": [bob[0], dan]},
        {"why": "sameRequester", "ticketIds": bob},
        {"why": "sameRequester", "ticketIds": cleo},
    ]
