"""Ticket/takeNext: the ticket most in need, never the same to two, the same again for the same key."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sync.domain.records import Priority
from tests.rigs.bureau import Bureau, Caller

AGENTS, TICKETS = 8, 200
NOTHING = {"ticketId": None, "accountId": None}


def _take(desk: Bureau, who: Caller, key: str | None = None, categories: list[str] | None = None) -> dict[str, Any]:
    return who.call(
        "Ticket/takeNext", accountId=who.account("Personal"), clientKey=key or desk.key(), categoryIds=categories
    )


@pytest.fixture
def ann(desk: Bureau, billing: str) -> Caller:
    desk.agent("Ann", billing)
    return desk.caller("Ann")


def test_the_most_pressing_comes_first_then_who_waits_longest(desk: Bureau, billing: str, ann: Caller) -> None:
    filed = []
    for priority in (Priority.NORMAL, Priority.LOW, Priority.URGENT, Priority.NORMAL, Priority.HIGH):
        desk.clock.advance(60_000)
        filed.append(desk.file(billing, priority=priority).ticket.id)
    taken = [_take(desk, ann) for _ in range(6)]
    assert [one["ticketId"] for one in taken] == [*(filed[number] for number in (2, 4, 0, 3, 1)), None]
    account = ann.account("Billing")
    assert [one["accountId"] for one in taken] == [*[account] * 5, None]
    me = ann.document()["accounts"]
    assert me
    assert {ticket["assigneeId"] for ticket in ann.get("Ticket", account)} == {
        desk.house.people.find("Ann")["id"],
    }


def test_taking_is_an_event_of_the_thread_and_a_change_of_the_ticket(desk: Bureau, billing: str, ann: Caller) -> None:
    ticket_id = desk.file(billing).ticket.id
    account, me = ann.account("Billing"), desk.house.people.find("Ann")["id"]
    before = ann.state("Ticket", account)
    _take(desk, ann)
    assert ann.changes("Ticket", account, before)["updated"] == [ticket_id]
    last = max(ann.get("Message", account), key=lambda message: int(message["seq"]))
    assert (last["kind"], last["bodyText"]) == (
        "event",
        f'{{"what":"assigneeId","from":null,"to":"{me}","by":"{me}"}}',
    )


def test_only_what_awaits_the_team_and_is_nobodys(desk: Bureau, billing: str, repairs: str, ann: Caller) -> None:
    ben_id = desk.agent("Ben", billing, repairs)
    ben, account = desk.caller("Ben"), ann.account("Billing")
    assigned, answered, closed = (desk.file(billing).ticket.id for _ in range(3))
    desk.file(repairs)
    ben.call("Ticket/set", accountId=account, update={assigned: {"assigneeId": ben_id}})
    ben.create("Message", account, desk.words(answered, "reply", baseSeq=1))
    ben.call("Ticket/set", accountId=account, update={closed: {"status": "closed"}})
    assert _take(desk, ann) == NOTHING


def test_among_the_categories_that_are_asked_for_and_seen(desk: Bureau, billing: str, repairs: str) -> None:
    desk.agent("Ann", billing, repairs)
    desk.agent("Ben", billing)
    ann, ben = desk.caller("Ann"), desk.caller("Ben")
    first, second = desk.file(billing).ticket.id, desk.file(repairs).ticket.id
    assert _take(desk, ben, categories=[repairs, "c" + "0" * 32]) == NOTHING
    assert _take(desk, ann, categories=[repairs])["ticketId"] == second
    assert _take(desk, ann, categories=[]) == NOTHING
    assert _take(desk, ann)["ticketId"] == first


def test_an_owner_takes_what_is_granted_or_everywhere_without_a_grant(desk: Bureau, billing: str, repairs: str) -> None:
    owner_id = desk.agent("Olga", owner=True)
    olga = desk.caller("Olga")
    first, second = desk.file(billing).ticket.id, desk.file(repairs).ticket.id
    assert _take(desk, olga)["ticketId"] == first
    desk.house.grants.grant(owner_id, billing)
    assert _take(desk, olga) == NOTHING
    assert _take(desk, olga, categories=[repairs])["ticketId"] == second


def test_the_same_key_gets_the_same_answer(desk: Bureau, billing: str, repairs: str, ann: Caller) -> None:
    nothing_key, key = desk.key(), desk.key()
    assert _take(desk, ann, nothing_key) == NOTHING
    first = desk.file(billing).ticket.id
    desk.file(billing)
    assert _take(desk, ann, nothing_key) == NOTHING
    answer = _take(desk, ann, key)
    assert answer["ticketId"] == first
    assert _take(desk, ann, key) == answer
    arguments = {"accountId": ann.account("Personal"), "clientKey": key, "categoryIds": [billing]}
    assert ann.error("Ticket/takeNext", **arguments) == "invalidArguments"


def test_a_ticket_that_went_out_of_sight_is_not_named_again(
    desk: Bureau, billing: str, repairs: str, ann: Caller
) -> None:
    ticket_id, key = desk.file(billing).ticket.id, desk.key()
    assert _take(desk, ann, key)["ticketId"] == ticket_id
    ann.call("Ticket/set", accountId=ann.account("Billing"), update={ticket_id: {"categoryId": repairs}})
    assert _take(desk, ann, key) == NOTHING


def test_it_is_called_on_ones_own_account(desk: Bureau, billing: str, ann: Caller) -> None:
    desk.agent("Ben", billing)
    of_ben = desk.caller("Ben").account("Personal")
    for account, error in (
        (of_ben, "accountNotFound"),
        (ann.account("Billing"), "accountNotSupportedByMethod"),
        (ann.account("Team"), "accountNotSupportedByMethod"),
    ):
        assert ann.error("Ticket/takeNext", accountId=account, clientKey=desk.key(), categoryIds=None) == error
    bad = {"accountId": ann.account("Personal"), "clientKey": "short", "categoryIds": None}
    assert ann.error("Ticket/takeNext", **bad) == "invalidArguments"


def test_eight_at_once_never_get_the_same(desk: Bureau, billing: str) -> None:
    for number in range(AGENTS):
        desk.agent(f"Agent {number}", billing)
    filed = {desk.file(billing, f"Ticket {number}").ticket.id for number in range(TICKETS)}
    callers = [desk.caller(f"Agent {number}") for number in range(AGENTS)]

    def work(number: int) -> list[str]:
        who, mine, found = callers[number], callers[number].account("Personal"), []
        for turn in range(TICKETS):
            key = f"agent-{number}-{turn:04d}"
            taken = who.call("Ticket/takeNext", accountId=mine, clientKey=key, categoryIds=None)["ticketId"]
            if taken is None:
                break
            found.append(taken)
        return found

    with ThreadPoolExecutor(AGENTS) as pool:
        taken = list(pool.map(work, range(AGENTS)))
    assert Counter(one for found in taken for one in found) == Counter(filed)
    owners = {ticket["id"]: ticket["assigneeId"] for ticket in callers[0].get("Ticket", callers[0].account("Billing"))}
    for number, found in enumerate(taken):
        assert {owners[one] for one in found} <= {desk.house.people.find(f"Agent {number}")["id"]}
