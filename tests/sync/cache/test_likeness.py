"""What belongs beside a ticket, found without a network; as the server finds it."""

from typing import Any

import pytest

from sync.domain.piles import Why
from sync.domain.similar import Because, Kind, Reason
from sync.domain.times import to_utc_date
from tests.rigs.fed_cache import BILLING, DOWNLOADS, START, FedCache, access, account, message, requester, ticket

WORDS = "My invoice 2026-1143 was charged twice to the credit card that ends with the digits of August."
OTHER = "The coffee machine on the third floor leaks since Monday, somebody should look at its hose."
BOB, EVE = f"r{1:032x}", f"r{2:032x}"


def one(number: int, text: str, who: str = EVE, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A ticket and its first message, `number` days old."""
    at = to_utc_date(START - number * 86_400_000)
    about = {"requesterId": who, "createdAt": at, "subject": "A matter", **more}
    return ticket(number, **about), message(number, bodyText=text)


@pytest.fixture
def full(desk: FedCache) -> FedCache:
    """1 and 2 say the same, 3 is of the sender of 1, 4 was answered and closed, 5 was closed without an answer."""
    closed: dict[str, Any] = {"status": "closed", "awaiting": None, "awaitingSince": None}
    told = [
        one(1, WORDS, BOB), one(2, f"Hello. {WORDS}"), one(3, OTHER, BOB), one(4, WORDS, **closed),
        one(5, WORDS, **closed), one(6, WORDS, mergedIntoId=f"t{2:032x}", **closed),
    ]  # fmt: skip
    reply = message(40, of=4, seq=2, kind="reply", bodyText="Paid back.", authorId="g" + "2" * 32)
    desk.fill()
    desk.page({
        "Requester": [requester(1), requester(2, name="Eve")],
        "Ticket": [row for row, _ in told],
        "Message": [*(row for _, row in told), reply],
    })  # fmt: skip
    while desk.cache.index_some(100):
        pass
    return desk


def test_the_same_words_the_same_sender_and_an_earlier_answer(full: FedCache) -> None:
    found = full.reader.similar(f"t{1:032x}")
    assert [(row.number, row.kind) for row in found] == [(2, Kind.NEAR), (3, Kind.SENDER), (4, Kind.ANSWERED)]
    near, sender, answered = found
    assert Reason(Because.NUMBER, "2026-1143") in near.reasons
    assert sender.reasons == (Reason(Because.SENDER, "2"),)
    assert answered.answer_message_id == f"m{40:032x}"
    assert answered.account_id == account(DOWNLOADS)


def test_what_left_with_its_category_is_not_shown(full: FedCache) -> None:
    full.cache.save_access(access(BILLING))
    assert full.reader.similar(f"t{1:032x}") == []


def test_the_open_pile(full: FedCache) -> None:
    found = full.reader.piles(DOWNLOADS)
    ids = {number: f"t{number:032x}" for number in range(1, 7)}
    assert [(pile.why, pile.ticket_ids) for pile in found] == [
        (Why.WORDS, (ids[2], ids[1])),
        (Why.SENDER, (ids[3], ids[1])),
    ]


def test_what_one_requester_has_open_in_several_categories(full: FedCache) -> None:
    assert full.reader.piles_over_categories() == []
    elsewhere, words = one(7, OTHER, BOB, categoryId=BILLING)
    shut, told = one(8, OTHER, EVE, categoryId=BILLING, status="closed", awaiting=None, awaitingSince=None)
    rows = {"Requester": [requester(1), requester(2)], "Ticket": [elsewhere, shut], "Message": [words, told]}
    full.page(rows, of=account(BILLING))

    [pile] = full.reader.piles_over_categories()
    assert (pile.why, pile.ticket_ids) == (Why.EVERYWHERE, tuple(f"t{number:032x}" for number in (7, 3, 1)))

    full.cache.save_access(access(BILLING))
    assert full.reader.piles_over_categories() == []
