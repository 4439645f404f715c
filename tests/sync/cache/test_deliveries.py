"""What became of mailed replies, and what other systems told of requesters, is kept at the workstation."""

from typing import Any

from sync.cache.rows import Delivered
from sync.domain.records import Fact
from sync.domain.times import to_utc_date
from tests.rigs.fed_cache import (
    BILLING,
    DOWNLOADS,
    ME,
    START,
    FedCache,
    access,
    account,
    arrival,
    message,
    requester,
    ticket,
)

REPLY = message(9, 1, kind="reply", seq=2, authorId=ME)


def delivery(status: str, **more: Any) -> dict[str, Any]:
    row = {"id": "d1", "ticketId": REPLY["ticketId"], "messageId": REPLY["id"], "status": status}
    return {**row, "at": to_utc_date(START), "detail": None, **more}


def delivered(desk: FedCache) -> list[Delivered | None]:
    return [one.delivered for one in desk.reader.thread(REPLY["ticketId"])]


def test_it_stands_under_its_reply_and_screens_are_told(desk: FedCache) -> None:
    desk.fill(1)
    desk.page({"Message": [REPLY], "Delivery": [delivery("queued")]})
    assert delivered(desk) == [None, Delivered("queued", START)]
    told = desk.page({"Delivery": [delivery("bounced", detail="No such person")]})
    assert REPLY["ticketId"] in told.changes.messages_of
    desk.reopen()
    assert delivered(desk) == [None, Delivered("bounced", START, "No such person")]


def test_the_list_marks_a_ticket_whose_reply_came_back_until_it_is_answered(desk: FedCache) -> None:
    desk.fill(1)
    at = to_utc_date(START)
    row = ticket(1, awaitingSince=at)
    desk.page({"Message": [REPLY], "Delivery": [delivery("failed")], "Ticket": [row]})
    [key] = desk.reader.keys([row["id"]]).values()
    assert desk.reader.ticket_rows([key])[0].needs_you
    desk.page({"Ticket": [{**row, "status": "waiting", "awaiting": "requester"}]})
    assert not desk.reader.ticket_rows([key])[0].needs_you
    desk.page({"Ticket": [{**row, "awaitingSince": to_utc_date(START + 1)}]})
    assert not desk.reader.ticket_rows([key])[0].needs_you


def test_it_leaves_with_its_ticket_and_with_its_account(desk: FedCache) -> None:
    desk.fill(1)
    secret = "swordfish in the mail server's words"
    desk.page({"Message": [REPLY], "Delivery": [delivery("failed", detail=secret)]})
    desk.page({}, {"Ticket": [REPLY["ticketId"]], "Message": [REPLY["id"]], "Delivery": ["d1"]})
    assert desk.reader.thread(REPLY["ticketId"]) == []
    desk.fill(1)
    desk.page({"Message": [REPLY], "Delivery": [delivery("failed", detail=secret)]})
    desk.cache.save_access(access(BILLING))
    desk.close()
    assert secret.encode() not in desk.bytes() or desk.key is not None


def test_a_fresh_copy_without_it_has_it_no_more(desk: FedCache) -> None:
    desk.fill(1)
    desk.page({"Message": [REPLY], "Delivery": [delivery("queued")]})
    desk.page({"Ticket": [ticket(1)], "Message": [message(1), REPLY], "Requester": [requester()]}, replace=True)
    assert delivered(desk) == [None, None]


def test_facts_of_a_requester_are_shown_as_they_come(desk: FedCache) -> None:
    desk.fill(1)
    fact = {"id": "j1", "at": to_utc_date(START), "kind": "payment", "text": "amount: 49"}
    desk.page({"Requester": [requester(facts=[fact])]})
    person = desk.reader.requester(requester()["id"])
    assert person is not None
    assert person.facts == (Fact("j1", START, "payment", "amount: 49"),)
    desk.page({"Requester": [requester(name="Robert", facts=[])]})
    person = desk.reader.requester(requester()["id"])
    assert person is not None
    assert person.facts == ()


def test_only_the_one_who_is_meant_is_rung(desk: FedCache) -> None:
    desk.fill(1)
    mine, other = {"kind": "undelivered", "forAgentId": ME}, {"kind": "undelivered", "forAgentId": "g2"}
    applied = desk.page({"TicketArrival": [arrival(1, 1, **mine), arrival(2, 1, **other), arrival(3, 1)]})
    assert [one.for_agent_id for one in applied.arrivals] == [ME, None]
    desk.reopen()
    owed = [one for _, one in desk.cache.unrung()]
    assert {one.for_agent_id for one in owed} == {ME, None}
    assert account(DOWNLOADS) in {place for place, _ in desk.cache.unrung()}
