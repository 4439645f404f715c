"""Tickets over HTTP: filed, read, taken down, edited, moved."""

import json

from sync.domain.times import DAY_MS, to_utc_date
from tests.rigs.bureau import Bureau


def test_a_filed_ticket_is_seen_in_its_category_and_nowhere_else(desk: Bureau, billing: str, repairs: str) -> None:
    desk.agent("Ann", billing)
    desk.agent("Ben", repairs)
    filed = desk.file(billing, "Help", "I need help")
    ann, ben = desk.caller("Ann"), desk.caller("Ben")
    account = ann.account("Billing")

    ticket = ann.one("Ticket", account, filed.ticket.id)

    assert (ticket["number"], ticket["status"], ticket["awaiting"]) == (1, "new", "team")
    assert ticket["awaitingSince"] == to_utc_date(desk.clock.now)
    [message] = ann.get("Message", account)
    assert (message["kind"], message["bodyText"], message["seq"]) == ("inbound", "I need help", 1)
    [requester] = ann.get("Requester", account)
    assert requester["email"] == "bob@example.org"
    assert message["authorId"] == requester["id"] == ticket["requesterId"]
    [arrival] = ann.get("TicketArrival", account)
    assert (arrival["kind"], arrival["ticketId"], arrival["messageId"]) == ("new", ticket["id"], message["id"])
    assert ben.error("Ticket/get", accountId=account, ids=[ticket["id"]]) == "accountNotFound"
    assert ben.get("Ticket", ben.account("Repairs")) == []
    asked = ben.call("Ticket/get", accountId=ben.account("Repairs"), ids=[ticket["id"], "t" + "0" * 32])
    assert asked["notFound"] == [ticket["id"], "t" + "0" * 32]


def test_a_call_taken_down_is_one_ticket_with_one_message_and_one_arrival(desk: Bureau, billing: str) -> None:
    agent_id = desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    values = desk.call_note(billing, priority="high", tags={"vip": True}, subject="  A\n call ")

    made = ann.create("Ticket", account, values)
    again = ann.create("Ticket", account, values)

    assert made == again
    ticket = ann.one("Ticket", account, made["id"])
    assert (ticket["subject"], ticket["channel"], ticket["priority"]) == ("A call", "phone", "high")
    assert ticket["tags"] == {"vip": True}
    assert made["number"] == ticket["number"]
    assert made["requesterId"] == ticket["requesterId"]
    [message] = ann.get("Message", account)
    assert message["id"] == made["messageId"]
    assert message["composedAt"] == "2026-09-01T10:00:00Z"
    [arrival] = ann.get("TicketArrival", account)
    assert arrival["byAgentId"] == agent_id


def test_the_same_key_with_other_content_is_refused_and_named(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    values = desk.call_note(billing)
    made = ann.create("Ticket", account, values)

    refusal = ann.refusal("Ticket", account, {**values, "subject": "Another call"})

    assert (refusal["type"], refusal["existingId"]) == ("alreadyExists", made["id"])
    assert len(ann.get("Ticket", account)) == 1


def test_a_replay_tells_nothing_of_a_ticket_that_has_left(desk: Bureau, billing: str, repairs: str) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    values = desk.call_note(billing)
    made = ann.create("Ticket", account, values)
    ann.call("Ticket/set", accountId=account, update={made["id"]: {"categoryId": repairs}})

    again = ann.create("Ticket", account, values)

    assert again["id"] == made["id"]
    assert "number" not in again


def test_an_edit_posts_an_event_and_rings_nobody(desk: Bureau, billing: str) -> None:
    agent_id = desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    ticket_id = desk.file(billing).ticket.id
    patch = {"priority": "urgent", "assigneeId": agent_id, "tags/vip": True, "status": "closed", "resolution": "Done"}

    answer = ann.call("Ticket/set", accountId=account, update={ticket_id: patch})

    assert answer["notUpdated"] is None, answer
    ticket = ann.one("Ticket", account, ticket_id)
    assert (ticket["priority"], ticket["assigneeId"], ticket["resolution"]) == ("urgent", agent_id, "Done")
    assert (ticket["status"], ticket["awaiting"], ticket["awaitingSince"]) == ("closed", None, None)
    assert ticket["closedAt"] == to_utc_date(desk.clock.now)
    events = [json.loads(one["bodyText"]) for one in ann.get("Message", account) if one["kind"] == "event"]
    assert {(one["what"], one["from"], one["to"], one["by"]) for one in events} == {
        ("tag", None, "vip", agent_id),
        ("status", "new", "closed", agent_id),
        ("priority", "normal", "urgent", agent_id),
        ("assigneeId", None, agent_id, agent_id),
    }
    assert len(ann.get("TicketArrival", account)) == 1


def test_an_edit_whose_base_has_changed_is_refused_alone(desk: Bureau, billing: str) -> None:
    ann_id, ben_id = desk.agent("Ann", billing), desk.agent("Ben", billing)
    ann, ben = desk.caller("Ann"), desk.caller("Ben")
    account = ann.account("Billing")
    ticket_id, other_id = desk.file(billing).ticket.id, desk.file(billing).ticket.id
    take = {"accountId": account, "ifUnchangedBy": {ticket_id: {"assigneeId": None}}}

    ann.call("Ticket/set", update={ticket_id: {"assigneeId": ann_id}}, **take)
    late = ben.call("Ticket/set", update={ticket_id: {"assigneeId": ben_id}, other_id: {"priority": "low"}}, **take)

    assert late["notUpdated"][ticket_id]["type"] == "stateMismatch"
    assert other_id in late["updated"]
    assert ann.one("Ticket", account, ticket_id)["assigneeId"] == ann_id


def test_a_moved_ticket_leaves_one_account_and_comes_into_the_other(desk: Bureau, billing: str, repairs: str) -> None:
    ann_id = desk.agent("Ann", billing)
    desk.agent("Ben", repairs)
    ann, ben = desk.caller("Ann"), desk.caller("Ben")
    source, target = ann.account("Billing"), ben.account("Repairs")
    filed = desk.file(billing)
    ticket_id = filed.ticket.id
    ann.call("Ticket/set", accountId=source, update={ticket_id: {"assigneeId": ann_id}})
    before = {name: ann.state(name, source) for name in ("Ticket", "Message", "Requester", "TicketArrival")}
    new = {name: ben.state(name, target) for name in before}

    answer = ann.call("Ticket/set", accountId=source, update={ticket_id: {"categoryId": repairs}})

    assert answer["notUpdated"] is None, answer
    assert ann.changes("Ticket", source, before["Ticket"])["destroyed"] == [ticket_id]
    assert ann.changes("Requester", source, before["Requester"])["destroyed"] == [filed.ticket.requester_id]
    assert filed.message_id in ann.changes("Message", source, before["Message"])["destroyed"]
    assert len(ann.changes("TicketArrival", source, before["TicketArrival"])["destroyed"]) == 1
    assert ann.get("Message", source) == []
    assert ben.changes("Ticket", target, new["Ticket"])["created"] == [ticket_id]
    moved = ben.one("Ticket", target, ticket_id)
    assert (moved["categoryId"], moved["number"], moved["assigneeId"]) == (repairs, filed.ticket.number, None)
    assert filed.message_id in ben.changes("Message", target, new["Message"])["created"]
    [arrival] = ben.get("TicketArrival", target)
    assert (arrival["kind"], arrival["byAgentId"]) == ("moved", ann_id)


def test_a_requester_stays_where_another_ticket_of_theirs_is(desk: Bureau, billing: str, repairs: str) -> None:
    desk.agent("Olga", owner=True)
    olga = desk.caller("Olga")
    source, target = olga.account("Billing"), olga.account("Repairs")
    first, second = desk.file(billing).ticket, desk.file(billing).ticket
    assert first.requester_id == second.requester_id

    olga.call("Ticket/set", accountId=source, update={first.id: {"categoryId": repairs}})

    assert [one["id"] for one in olga.get("Requester", source)] == [first.requester_id]
    assert [one["id"] for one in olga.get("Requester", target)] == [first.requester_id]
    olga.call("Ticket/set", accountId=source, update={second.id: {"categoryId": repairs}})
    assert olga.get("Requester", source) == []


def test_a_ticket_that_comes_back_is_created_again(desk: Bureau, billing: str, repairs: str) -> None:
    desk.agent("Olga", owner=True)
    olga = desk.caller("Olga")
    home, away = olga.account("Billing"), olga.account("Repairs")
    ticket_id = desk.file(billing).ticket.id
    known = olga.state("Ticket", home)

    olga.call("Ticket/set", accountId=home, update={ticket_id: {"categoryId": repairs}})
    gone = olga.state("Ticket", home)
    olga.call("Ticket/set", accountId=away, update={ticket_id: {"categoryId": billing}})

    assert olga.changes("Ticket", home, known)["created"] == [ticket_id]
    assert olga.changes("Ticket", home, gone)["created"] == [ticket_id]
    olga.call("Ticket/set", accountId=home, update={ticket_id: {"categoryId": repairs}})
    assert olga.changes("Ticket", home, known)["destroyed"] == [ticket_id]


def test_only_somebody_who_sees_the_category_is_assigned(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    ben_id = desk.agent("Ben")
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    ticket_id = desk.file(billing).ticket.id

    answer = ann.call("Ticket/set", accountId=account, update={ticket_id: {"assigneeId": ben_id}})
    nowhere = ann.call("Ticket/set", accountId=account, update={ticket_id: {"categoryId": "c" + "0" * 32}})

    assert answer["notUpdated"][ticket_id]["properties"] == ["assigneeId"]
    assert nowhere["notUpdated"][ticket_id]["properties"] == ["categoryId"]


def test_an_answer_reopens_within_the_days_and_follows_up_after(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    ticket_id = desk.file(billing).ticket.id
    close = {"accountId": account, "update": {ticket_id: {"status": "closed"}}}
    ann.call("Ticket/set", **close)

    desk.clock.advance(14 * DAY_MS)
    assert desk.answer(ticket_id).ticket.id == ticket_id
    ticket = ann.one("Ticket", account, ticket_id)
    assert (ticket["status"], ticket["awaiting"], ticket["closedAt"]) == ("open", "team", None)

    ann.call("Ticket/set", **close)
    desk.clock.advance(14 * DAY_MS + 1)
    follow_up = desk.answer(ticket_id, "Again").ticket
    assert follow_up.id != ticket_id
    assert ann.one("Ticket", account, follow_up.id)["followUpOf"] == ticket_id
    assert ann.one("Ticket", account, ticket_id)["status"] == "closed"


def test_texts_too_long_or_empty_are_refused_with_the_limit_named(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    ticket_id = desk.file(billing).ticket.id

    too_long = ann.refusal("Ticket", account, desk.call_note(billing, subject="x" * 501))
    empty = ann.refusal("Message", account, desk.words(ticket_id, text=" \n "))
    huge = ann.refusal("Message", account, desk.words(ticket_id, text="x" * 4_000_001))

    assert "500" in too_long["description"]
    assert empty["properties"] == ["bodyText"]
    assert (huge["type"], "4 MB" in huge["description"]) == ("tooLarge", True)
    odd = "\u202eרtl \U0001f600\x00\x07 line\r\nnext"
    made = ann.create("Message", account, desk.words(ticket_id, text=odd))
    stored = ann.one("Message", account, made["id"])["bodyText"]
    assert stored == "\u202eרtl \U0001f600\ufffd\ufffd line\nnext"


def test_queries_filter_and_sort(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    tickets = []
    for number in range(3):
        tickets.append(desk.file(billing, f"Help {number}").ticket.id)
        desk.clock.advance(1000)
    ann.call("Ticket/set", accountId=account, update={tickets[1]: {"status": "closed"}})

    newest = ann.call("Ticket/query", accountId=account, sort=[{"property": "createdAt", "isAscending": False}])
    open_ones = ann.call(
        "Ticket/query", accountId=account, filter={"operator": "NOT", "conditions": [{"status": "closed"}]}
    )
    of_two = ann.call(
        "Message/query", accountId=account, filter={"ticketIds": tickets[:2], "kind": "inbound"}, calculateTotal=True
    )

    assert newest["ids"] == tickets[::-1]
    assert set(open_ones["ids"]) == {tickets[0], tickets[2]}
    assert of_two["total"] == 2
