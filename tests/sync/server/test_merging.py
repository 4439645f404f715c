"""A duplicate goes on in another ticket (ARCHITECTURE 3.9), and an owner may delete a ticket for good."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sync.server.check import faults
from sync.server.intake import Asker
from tests.rigs.bureau import BASE, Bureau, Caller


@pytest.fixture
def ann(desk: Bureau, billing: str, repairs: str) -> Caller:
    """Ann, who sees Billing and Repairs."""
    desk.agent("Ann", billing, repairs)
    return desk.caller("Ann")


@pytest.fixture
def olga(desk: Bureau) -> Caller:
    """An owner."""
    desk.agent("Olga", owner=True)
    return desk.caller("Olga")


def _merge(caller: Caller, ticket_id: str, into_id: str, **more: Any) -> dict[str, Any] | None:
    """The error, None: it was done."""
    account = caller.account("Billing")
    found = caller.call(
        "Ticket/set", accountId=account, update={ticket_id: {"mergedIntoId": into_id, **more.pop("also", {})}}, **more
    )
    error: dict[str, Any] | None = (found["notUpdated"] or {}).get(ticket_id)
    return error


def _events(caller: Caller, ticket_id: str, account: str = "Billing") -> list[dict[str, Any]]:
    found = [one for one in caller.get("Message", caller.account(account)) if one["ticketId"] == ticket_id]
    return [json.loads(one["bodyText"]) for one in found if one["kind"] == "event"]


def _faults(desk: Bureau) -> list[str]:
    return faults(desk.house.parts.database)


def _rows(desk: Bureau, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    database = desk.house.parts.database
    return database.read(lambda: database.select(sql, values))


def test_a_merge_closes_the_one_and_the_other_owes_the_longer_wait(desk: Bureau, billing: str, ann: Caller) -> None:
    account = ann.account("Billing")
    first = desk.file(billing, tags=frozenset({"red"})).ticket
    desk.clock.advance(60_000)
    second = desk.file(billing, tags=frozenset({"blue"})).ticket
    ann.create("Message", account, desk.words(second.id, "reply", baseSeq=1))
    desk.clock.advance(60_000)

    assert _merge(ann, first.id, second.id) is None

    closed, onto = ann.one("Ticket", account, first.id), ann.one("Ticket", account, second.id)
    assert (closed["status"], closed["awaiting"], closed["mergedIntoId"]) == ("closed", None, second.id)
    assert (onto["status"], onto["awaiting"], onto["mergedIntoId"]) == ("open", "team", None)
    assert onto["awaitingSince"] == closed["createdAt"]
    assert set(onto["tags"]) == {"red", "blue"}
    told = {"what": "merged", "from": first.id, "to": second.id}
    for ticket_id in (first.id, second.id):
        [event] = _events(ann, ticket_id)
        assert {name: event[name] for name in told} == told
    [(message_id, seq)] = _rows(desk, "SELECT id, seq FROM message WHERE ticket_id = ? AND kind = 'inbound'", first.id)
    assert (ann.one("Message", account, message_id)["ticketId"], seq) == (first.id, 1)
    assert _rows(desk, "SELECT what, subject FROM audit_entry WHERE what = 'ticketMerged'") == [
        ("ticketMerged", first.id)
    ]
    assert _faults(desk) == []


def test_a_merge_done_twice_or_both_ways_is_done_once(desk: Bureau, billing: str, ann: Caller) -> None:
    first, second, third = (desk.file(billing).ticket.id for _ in range(3))
    assert _merge(ann, first, second) is None
    before = ann.state("Ticket", ann.account("Billing"))
    assert _merge(ann, first, second) is None
    assert _merge(ann, second, first) is None
    assert ann.state("Ticket", ann.account("Billing")) == before
    assert _merge(ann, second, third) is None
    assert _merge(ann, first, third) is None
    assert (_merge(ann, third, first), _merge(ann, third, second)) == (None, None)
    assert ann.one("Ticket", ann.account("Billing"), third)["mergedIntoId"] is None
    assert _faults(desk) == []


def test_merges_that_cross_each_other_make_no_circle(desk: Bureau, billing: str, ann: Caller) -> None:
    tickets = [desk.file(billing).ticket.id for _ in range(4)]
    desk.agent("Ben", billing)
    callers = [ann, desk.caller("Ben"), desk.caller("Ann"), desk.caller("Ben")]
    account = ann.account("Billing")
    for _ in range(3):
        with ThreadPoolExecutor(4) as pool:
            ways = zip(callers, tickets, [*tickets[1:], tickets[0]], strict=True)
            done = [
                pool.submit(one.call, "Ticket/set", accountId=account, update={ticket_id: {"mergedIntoId": into_id}})
                for one, ticket_id, into_id in ways
            ]
        assert all(one.result()["accountId"] == account for one in done)
        assert _faults(desk) == []
    ends = [one for one in ann.get("Ticket", account) if one["mergedIntoId"] is None]
    assert len(ends) == 1


def test_a_chain_ends_where_the_words_go(desk: Bureau, billing: str, ann: Caller) -> None:
    account = ann.account("Billing")
    first, second, third, fourth = (desk.file(billing).ticket.id for _ in range(4))
    _merge(ann, second, third)
    assert _merge(ann, first, second) is None
    assert ann.one("Ticket", account, first)["mergedIntoId"] == third
    _merge(ann, third, fourth)

    refused = ann.refusal("Message", account, desk.words(first, "reply"))
    assert (refused["type"], refused["mergedIntoId"]) == ("merged", fourth)
    assert ann.create("Message", account, desk.words(first, "note"))["ticketId"] == fourth
    assert desk.answer(first).ticket.id == fourth
    error = ann.call("Ticket/set", accountId=account, update={first: {"tags/red": True}})["notUpdated"][first]
    assert (error["type"], error["mergedIntoId"]) == ("merged", fourth)


def test_a_target_elsewhere_and_a_target_nowhere_are_refused_alike(
    desk: Bureau, billing: str, repairs: str, ann: Caller
) -> None:
    hidden = desk.house.grants.add_category("Hidden")
    ticket = desk.file(billing).ticket.id
    targets = [desk.file(repairs).ticket.id, desk.file(hidden).ticket.id, "t" + "0" * 32, ticket]
    refusals = [_merge(ann, ticket, one) for one in targets]
    assert all(one == refusals[0] for one in refusals)
    assert refusals[0] is not None
    assert refusals[0]["type"] == "invalidProperties"
    assert "Move one of them first" in refusals[0]["description"]


def test_a_closed_ticket_of_somebody_else_is_no_target_and_one_of_the_same_opens(
    desk: Bureau, billing: str, ann: Caller
) -> None:
    account = ann.account("Billing")
    mine, closed = desk.file(billing).ticket.id, desk.file(billing).ticket.id
    others = desk.file(billing, asker=Asker("Eve", "eve@example.org")).ticket.id
    ann.call("Ticket/set", accountId=account, update={one: {"status": "closed"} for one in (closed, others)})

    refusal = _merge(ann, mine, others)
    assert refusal is not None
    assert "somebody else's" in refusal["description"]
    assert _merge(ann, mine, closed) is None
    assert ann.one("Ticket", account, closed)["status"] == "open"
    assert ann.one("Ticket", account, closed)["closedAt"] is None


def test_a_merge_stands_alone_and_may_be_guarded(desk: Bureau, billing: str, ann: Caller) -> None:
    first, second = desk.file(billing).ticket.id, desk.file(billing).ticket.id
    mixed = _merge(ann, first, second, also={"priority": "low"})
    guarded = _merge(ann, first, second, ifUnchangedBy={first: {"status": "open"}})
    filed = ann.refusal("Ticket", ann.account("Billing"), desk.call_note(billing, mergedIntoId=first))
    assert mixed is not None
    assert guarded is not None
    assert (mixed["type"], guarded["type"], filed["type"]) == (
        "invalidProperties", "stateMismatch", "invalidProperties",
    )  # fmt: skip


def test_a_ticket_that_moves_takes_along_what_was_merged_into_it(
    desk: Bureau, billing: str, repairs: str, ann: Caller
) -> None:
    account, there = ann.account("Billing"), ann.account("Repairs")
    first = desk.file(billing, asker=Asker("Eve", "eve@example.org")).ticket.id
    second, third = desk.file(billing).ticket.id, desk.file(billing).ticket.id
    desk.agent("Ben", billing)
    ben = desk.caller("Ben")
    ben_id = ben.document()["capabilities"]["https://deskbell.example/jmap/helpdesk"]["userId"]
    ann.call("Ticket/set", accountId=account, update={first: {"assigneeId": ben_id}})
    _merge(ann, first, second)
    _merge(ann, second, third)
    state = ann.state("Ticket", account)

    ann.call("Ticket/set", accountId=account, update={third: {"categoryId": repairs}})

    assert set(ann.changes("Ticket", account, state)["destroyed"]) == {first, second, third}
    assert {one["id"] for one in ann.get("Ticket", there)} == {first, second, third}
    assert {one["email"] for one in ann.get("Requester", there)} == {"bob@example.org", "eve@example.org"}
    assert ann.one("Ticket", there, first)["assigneeId"] is None
    assert (ann.get("Message", account), ann.get("Requester", account)) == ([], [])
    assert _faults(desk) == []


def test_a_deleted_ticket_leaves_everywhere(desk: Bureau, billing: str, ann: Caller, olga: Caller) -> None:
    account = ann.account("Billing")
    upload = ann.session.post(f"{BASE}/jmap/upload/{account}/", data=b"a secret picture").json()
    kept, other = desk.file(billing, asker=Asker("Eve", "eve@example.org")).ticket.id, desk.file(billing).ticket.id
    files = [{"blobId": upload["blobId"], "name": "a.png", "type": "image/png"}]
    words = desk.words(other, "reply", "Seen?", baseSeq=1, attachments=files)
    ann.create("Message", account, words)
    note = desk.words(other, "note")
    posted = ann.create("Message", account, note)["id"]
    merged = desk.file(billing, text="The same again").ticket.id
    _merge(ann, merged, other)
    ann.create("ReadMark", ann.account("Personal"), {"ticketId": other, "lastSeq": 2})
    secret = desk.house.parts.journal.write(lambda: desk.house.intake.open_page(other))
    state, marks = ann.state("Ticket", account), ann.state("ReadMark", ann.account("Personal"))

    refusal = ann.call("Ticket/set", accountId=account, destroy=[other])["notDestroyed"][other]
    assert refusal["type"] == "forbidden"
    found = olga.call("Ticket/set", accountId=account, destroy=[other])
    assert found["destroyed"] == [other]

    assert set(ann.changes("Ticket", account, state)["destroyed"]) == {other, merged}
    assert len(ann.changes("ReadMark", ann.account("Personal"), marks)["destroyed"]) == 1
    assert {one["ticketId"] for one in ann.get("Message", account)} == {kept}
    assert {one["ticketId"] for one in ann.get("TicketArrival", account)} == {kept}
    assert [one["email"] for one in ann.get("Requester", account)] == ["eve@example.org"]
    for table in ("blob", "blob_chunk", "blob_claim", "blob_use", "page_secret", "read_mark"):
        assert _rows(desk, f"SELECT COUNT(*) FROM {table}") == [(0,)], table  # noqa: S608  # the test's own words
    assert desk.house.parts.database.read(lambda: desk.house.intake.ticket_of_page(secret)) is None
    entries = _rows(desk, "SELECT subject FROM audit_entry WHERE what = 'ticketDeleted' ORDER BY id")
    assert entries == [(other,), (merged,)]
    assert ann.create("Message", account, note)["id"] == posted
    assert ann.refusal("Message", account, words)["type"] == "alreadyExists"
    assert ann.refusal("Message", account, desk.words(other))["type"] == "notFound"
    assert _faults(desk) == []


def test_a_file_that_another_message_needs_stays(desk: Bureau, billing: str, ann: Caller, olga: Caller) -> None:
    account = ann.account("Billing")
    blob_id = ann.session.post(f"{BASE}/jmap/upload/{account}/", data=b"a picture").json()["blobId"]
    files = [{"blobId": blob_id, "name": "a.png", "type": "image/png"}]
    gone, kept = desk.file(billing).ticket.id, desk.file(billing).ticket.id
    for ticket_id in (gone, kept):
        ann.create("Message", account, desk.words(ticket_id, attachments=files))
    olga.call("Ticket/set", accountId=account, destroy=[gone])
    assert _rows(desk, "SELECT COUNT(*) FROM blob") == [(1,)]
    assert _faults(desk) == []


def test_only_one_that_was_merged_may_be_deleted_too(desk: Bureau, billing: str, ann: Caller, olga: Caller) -> None:
    first, second = desk.file(billing).ticket.id, desk.file(billing).ticket.id
    _merge(ann, first, second)
    olga.call("Ticket/set", accountId=ann.account("Billing"), destroy=[first])
    assert [one["id"] for one in ann.get("Ticket", ann.account("Billing"))] == [second]
    assert _faults(desk) == []


def test_a_follow_up_has_the_same_requester_and_may_begin_with_the_reply(
    desk: Bureau, billing: str, repairs: str, ann: Caller
) -> None:
    account = ann.account("Billing")
    old, elsewhere = desk.file(billing).ticket, desk.file(repairs).ticket
    reply = {"bodyText": "About your question.", "composedAt": "2026-09-01T10:00:00Z", "kind": "reply"}
    values = desk.call_note(billing, followUpOf=old.id, firstMessage=reply)

    made = ann.create("Ticket", account, values)
    assert ann.create("Ticket", account, values) == made

    ticket = ann.one("Ticket", account, made["id"])
    assert (ticket["requesterId"], ticket["followUpOf"]) == (old.requester_id, old.id)
    assert (ticket["status"], ticket["awaiting"]) == ("waiting", "requester")
    message = ann.one("Message", account, made["messageId"])
    assert (message["kind"], message["seq"]) == ("reply", 1)
    assert made["id"] not in {one["ticketId"] for one in ann.get("TicketArrival", account)}
    alone = ann.refusal("Ticket", account, desk.call_note(billing, firstMessage=reply))
    far = [
        ann.refusal("Ticket", account, desk.call_note(billing, followUpOf=one))
        for one in (elsewhere.id, "t" + "0" * 32)
    ]
    assert (alone["type"], far[0]["type"]) == ("invalidProperties", "invalidProperties")
    assert far[0] == far[1]
    assert _faults(desk) == []
