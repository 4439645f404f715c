"""Replies and notes, and what becomes of them when their ticket has changed meanwhile (ARCHITECTURE 4)."""

import pytest

from sync.domain.times import DAY_MS, to_utc_date
from tests.rigs.bureau import Bureau, Caller


@pytest.fixture
def ann(desk: Bureau, billing: str) -> Caller:
    """Ann, who sees Billing."""
    desk.agent("Ann", billing)
    return desk.caller("Ann")


@pytest.fixture
def ben(desk: Bureau, billing: str) -> Caller:
    """Ben, who sees it too."""
    desk.agent("Ben", billing)
    return desk.caller("Ben")


def test_a_reply_turns_to_the_requester_and_a_note_turns_nothing(desk: Bureau, billing: str, ann: Caller) -> None:
    account, ticket_id = ann.account("Billing"), desk.file(billing).ticket.id

    note = ann.create("Message", account, desk.words(ticket_id, "note"))
    assert ann.one("Ticket", account, ticket_id)["awaiting"] == "team"
    reply = ann.create("Message", account, desk.words(ticket_id, "reply", baseSeq=note["seq"]))

    ticket = ann.one("Ticket", account, ticket_id)
    assert (ticket["status"], ticket["awaiting"], ticket["lastSeq"]) == ("waiting", "requester", 3)
    assert (note["seq"], reply["seq"]) == (2, 3)
    assert reply["postedAt"] == to_utc_date(desk.clock.now)


def test_a_replay_gives_the_same_message_and_posts_it_once(desk: Bureau, billing: str, ann: Caller) -> None:
    account, ticket_id = ann.account("Billing"), desk.file(billing).ticket.id
    values = desk.words(ticket_id, "reply", baseSeq=1)

    first = ann.create("Message", account, values)
    desk.clock.advance(DAY_MS)
    again = ann.create("Message", account, {**values, "baseSeq": 2})
    other = ann.refusal("Message", account, {**values, "bodyText": "Other words"})

    assert first == again
    assert (other["type"], other["existingId"]) == ("alreadyExists", first["id"])
    assert len(ann.get("Message", account)) == 2


def test_keys_are_each_authors_own(desk: Bureau, billing: str, ann: Caller, ben: Caller) -> None:
    account, ticket_id = ann.account("Billing"), desk.file(billing).ticket.id
    values = desk.words(ticket_id)

    assert ann.create("Message", account, values)["id"] != ben.create("Message", account, values)["id"]


def test_a_reply_that_a_colleague_overtook_is_held_and_stays_so(
    desk: Bureau, billing: str, ann: Caller, ben: Caller
) -> None:
    account, ticket_id = ann.account("Billing"), desk.file(billing).ticket.id
    mine = ann.create("Message", account, desk.words(ticket_id, "reply", baseSeq=1))
    own_next = desk.words(ticket_id, "reply", baseSeq=1)
    late = desk.words(ticket_id, "reply", baseSeq=1)

    assert ann.create("Message", account, own_next)
    refusal = ben.refusal("Message", account, late)

    assert refusal["type"] == "overtaken"
    assert refusal["existingSeq"] == mine["seq"] + 1
    assert ben.refusal("Message", account, {**late, "baseSeq": 9}) == refusal
    assert ben.create("Message", account, desk.words(ticket_id, "reply", baseSeq=9))
    assert ben.create("Message", account, desk.words(ticket_id, "note", baseSeq=1))


def test_a_reply_reopens_within_the_days_and_is_refused_after(desk: Bureau, billing: str, ann: Caller) -> None:
    account, ticket_id = ann.account("Billing"), desk.file(billing).ticket.id
    ann.call("Ticket/set", accountId=account, update={ticket_id: {"status": "closed"}})
    desk.clock.advance(15 * DAY_MS)

    late = desk.words(ticket_id, "reply")
    assert ann.refusal("Message", account, late)["type"] == "closed"
    assert ann.create("Message", account, desk.words(ticket_id, "note"))
    assert ann.one("Ticket", account, ticket_id)["status"] == "closed"

    desk.house.parts.settings.put("reopen_days", "20")
    assert ann.refusal("Message", account, late)["type"] == "closed"
    assert ann.create("Message", account, desk.words(ticket_id, "reply"))
    assert ann.one("Ticket", account, ticket_id)["status"] == "waiting"


def test_words_for_a_merged_ticket(desk: Bureau, billing: str, ann: Caller) -> None:
    account = ann.account("Billing")
    ticket_id, target_id = desk.file(billing).ticket.id, desk.file(billing).ticket.id
    ann.call("Ticket/set", accountId=account, update={ticket_id: {"mergedIntoId": target_id}})

    refusal = ann.refusal("Message", account, desk.words(ticket_id, "reply"))
    note = ann.create("Message", account, desk.words(ticket_id, "note"))
    edit = ann.call("Ticket/set", accountId=account, update={ticket_id: {"priority": "low"}})

    assert (refusal["type"], refusal["mergedIntoId"]) == ("merged", target_id)
    assert note["ticketId"] == target_id
    assert edit["notUpdated"][ticket_id]["type"] == "merged"
    assert desk.answer(ticket_id).ticket.id == target_id


def test_a_ticket_elsewhere_and_a_ticket_nowhere_are_refused_alike(
    desk: Bureau, billing: str, repairs: str, ann: Caller
) -> None:
    account, elsewhere = ann.account("Billing"), desk.file(repairs).ticket.id

    refusals = [ann.refusal("Message", account, desk.words(one)) for one in (elsewhere, "t" + "0" * 32)]

    assert refusals[0] == refusals[1]
    assert refusals[0]["type"] == "notFound"


def test_words_that_found_no_ticket_find_it_where_it_went(desk: Bureau, billing: str, repairs: str) -> None:
    desk.agent("Olga", owner=True)
    olga = desk.caller("Olga")
    ticket_id = desk.file(repairs).ticket.id
    values = desk.words(ticket_id)

    assert olga.refusal("Message", olga.account("Billing"), values)["type"] == "notFound"
    made = olga.create("Message", olga.account("Repairs"), values)

    assert olga.create("Message", olga.account("Billing"), values)["id"] == made["id"]


def test_held_words_take_over_the_key_of_a_refusal_but_not_of_a_message(
    desk: Bureau, billing: str, ann: Caller, ben: Caller
) -> None:
    account, personal, ticket_id = ben.account("Billing"), ben.account("Personal"), desk.file(billing).ticket.id
    ann.create("Message", account, desk.words(ticket_id, "reply"))
    late, sent = desk.words(ticket_id, "reply", baseSeq=1), desk.words(ticket_id)
    ben.refusal("Message", account, late)
    posted = ben.create("Message", account, sent)

    held = ben.create("HeldMessage", personal, {**_held(late), "reason": "overtaken"})
    not_held = ben.refusal("HeldMessage", personal, {**_held(sent), "reason": "notFound"})
    not_posted = ben.refusal("Message", account, late)

    assert (not_held["type"], not_held["existingId"]) == ("alreadyExists", posted["id"])
    assert not_held["existingType"] == "Message"
    assert (not_posted["type"], not_posted["existingId"]) == ("alreadyExists", held["id"])


def _held(words: dict[str, object]) -> dict[str, object]:
    return {name: words[name] for name in ("clientKey", "ticketId", "kind", "bodyText", "composedAt")}


@pytest.mark.parametrize(
    ("base", "before", "then"),
    [("new", None, "closed"), ("open", None, "waiting"), ("closed", "closed", "open"), ("new", "open", "waiting")],
)
def test_reply_and_close_stores_the_words_and_closes_on_its_base(
    desk: Bureau, billing: str, ann: Caller, base: str, before: str | None, then: str
) -> None:
    account, ticket_id = ann.account("Billing"), desk.file(billing).ticket.id
    if before is not None:
        ann.call("Ticket/set", accountId=account, update={ticket_id: {"status": before}})
    wanted = "open" if base == "closed" else "closed"

    first, second = _reply_and(desk, ann, account, ticket_id, base, wanted)

    assert first["notCreated"] is None, first
    assert ann.one("Ticket", account, ticket_id)["status"] == then
    assert (second["notUpdated"] is None) == (then == wanted)


def test_reply_and_close_again_after_a_lost_answer_closes_once(desk: Bureau, billing: str, ann: Caller) -> None:
    account, ticket_id = ann.account("Billing"), desk.file(billing).ticket.id
    values = desk.words(ticket_id, "reply")
    for _ in range(2):
        _, closed = _reply_and(desk, ann, account, ticket_id, "new", "closed", values)
        assert closed["notUpdated"] is None, closed

    desk.answer(ticket_id, "Not solved!")
    _, late = _reply_and(desk, ann, account, ticket_id, "new", "closed", values)

    assert late["notUpdated"][ticket_id]["type"] == "stateMismatch"
    assert ann.one("Ticket", account, ticket_id)["status"] == "open"


def _reply_and(
    desk: Bureau,
    caller: Caller,
    account: str,
    ticket_id: str,
    base: str,
    wanted: str,
    values: dict[str, object] | None = None,
) -> tuple[dict[str, object], dict[str, dict[str, dict[str, object]]]]:
    wish = {"patch": {"status": wanted}, "ifUnchangedBy": {"status": base}}
    arguments = {
        "accountId": account,
        "create": {"k": values or desk.words(ticket_id, "reply")},
        "onSuccessUpdateTicket": {"#k": wish},
    }
    answers = caller.calls(("Message/set", arguments))
    assert [one[0] for one in answers] == ["Message/set", "Ticket/set"]
    return answers[0][1], answers[1][1]


def test_agents_post_neither_inbound_words_nor_events(desk: Bureau, billing: str, ann: Caller) -> None:
    account, ticket_id = ann.account("Billing"), desk.file(billing).ticket.id

    for kind in ("inbound", "event"):
        assert ann.refusal("Message", account, desk.words(ticket_id, kind))["properties"] == ["kind"]


def test_a_quick_note_becomes_a_note_of_a_ticket(desk: Bureau, billing: str, ann: Caller) -> None:
    account, personal, ticket_id = ann.account("Billing"), ann.account("Personal"), desk.file(billing).ticket.id
    jotted = {"clientKey": desk.key(), "text": "Call her back", "createdAt": "2026-09-01T10:00:00.5Z"}
    note_id = ann.create("QuickNote", personal, jotted)["id"]
    assert ann.create("QuickNote", personal, jotted)["id"] == note_id
    assert ann.one("QuickNote", personal, note_id)["createdAt"] == "2026-09-01T10:00:00.500Z"

    attached = ann.calls(
        ("Message/set", {"accountId": account, "create": {"k": desk.words(ticket_id, text="Call her back")}}),
        ("QuickNote/set", {"accountId": personal, "destroy": [note_id]}),
    )

    assert attached[1][1]["destroyed"] == [note_id]
    assert ann.get("QuickNote", personal) == []


def test_the_larger_read_mark_wins(desk: Bureau, billing: str, ann: Caller) -> None:
    personal, ticket_id = ann.account("Personal"), desk.file(billing).ticket.id
    first = ann.create("ReadMark", personal, {"ticketId": ticket_id, "lastSeq": 5})
    state = ann.state("ReadMark", personal)

    second = ann.create("ReadMark", personal, {"ticketId": ticket_id, "lastSeq": 3})

    assert second == {"id": first["id"], "lastSeq": 5}
    assert ann.state("ReadMark", personal) == state
    assert ann.create("ReadMark", personal, {"ticketId": ticket_id, "lastSeq": 6})["id"] == first["id"]
