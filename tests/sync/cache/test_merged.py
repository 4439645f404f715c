"""Merged tickets and held words as the workstation shows them: before, while and after the server has its say."""

import pytest

from sync.cache.cache import Cache
from sync.cache.rows import Sort, View
from sync.connectors.port import Outcome, Result
from sync.domain.actions import CreateTicket, EditTicket, MergeTicket
from sync.domain.errors import Rejected
from sync.domain.records import Awaiting, MessageKind, Status
from sync.domain.times import to_utc_date
from tests.rigs.fed_cache import BILLING, PERSONAL, START, FedCache, access, account, message, requester, ticket

T1, T2, T3 = (ticket(number)["id"] for number in (1, 2, 3))
EVE = f"r{2:032x}"


@pytest.fixture
def pile(desk: FedCache) -> FedCache:
    """Three tickets of Downloads: 1 is tagged, 2 waits for its requester, 3 is Eve's."""
    desk.fill(1, 2, 3)
    rows = [
        ticket(1, tags={"red": True}),
        ticket(2, status="waiting", awaiting="requester", tags={"blue": True}),
        ticket(3, requesterId=EVE),
    ]
    desk.page({"Requester": [requester(2, name="Eve")], "Ticket": rows})
    return desk


def merge(desk: FedCache, ticket_id: str, into_id: str) -> MergeTicket:
    action = MergeTicket(desk.ids.client_key(), ticket_id, into_id, desk.clock.now)
    desk.cache.put(action)
    return action


def merged(number: int, into: str, **more: object) -> dict[str, object]:
    return ticket(number, status="closed", awaiting=None, awaitingSince=None, mergedIntoId=into, **more)


def shown(desk: FedCache, ticket_id: str) -> tuple[Status, Awaiting | None, str | None, set[str]]:
    detail = desk.reader.ticket(ticket_id)
    assert detail is not None
    return detail.row.status, detail.row.awaiting, detail.merged_into_id, set(detail.row.tags)


def held(number: int, **more: object) -> dict[str, object]:
    row = {
        "id": f"h{number}", "clientKey": f"key-{number:06}", "ticketId": T1, "kind": "reply",
        "bodyText": f"Held {number}", "composedAt": to_utc_date(START), "reason": "notFound",
    }  # fmt: skip
    return {**row, **more}


def test_a_merge_shows_on_both_tickets_until_it_is_refused(pile: FedCache) -> None:
    before = [shown(pile, one) for one in (T1, T2)]
    action = merge(pile, T1, T2)
    assert shown(pile, T1) == (Status.CLOSED, None, T2, {"red"})
    assert shown(pile, T2) == (Status.OPEN, Awaiting.TEAM, None, {"red", "blue"})
    assert pile.reader.counts().awaiting == 2
    assert len(pile.reader.ticket_ids(View("awaiting"), Sort())) == 2
    pile.refused(action.client_key, "invalidProperties")
    assert [shown(pile, one) for one in (T1, T2)] == before
    assert [row.kind for row in pile.reader.undelivered()] == ["merge"]


def test_a_merge_that_was_not_sent_can_be_taken_back(pile: FedCache) -> None:
    before = [shown(pile, one) for one in (T1, T2)]
    action = merge(pile, T1, T2)
    pile.cache.take_back(action.client_key)
    assert [shown(pile, one) for one in (T1, T2)] == before
    assert pile.reader.outbox() == []
    sent = merge(pile, T1, T2)
    pile.cache.batch(10, 10_000_000)
    with pytest.raises(Rejected):
        pile.cache.take_back(sent.client_key)


def test_a_merge_goes_on_being_shown_until_the_servers_rows_are_here(pile: FedCache) -> None:
    action = merge(pile, T1, T2)
    pile.cache.batch(10, 100_000)
    pile.applied(action.client_key)
    assert shown(pile, T1)[2] == T2
    pile.page({"Message": []}, more=True)
    assert shown(pile, T1)[2] == T2
    rows = [merged(1, T2), ticket(2, tags={"red": True, "blue": True})]
    pile.page({"Ticket": rows})
    assert (shown(pile, T1)[2], shown(pile, T2)[3]) == (T2, {"red", "blue"})
    assert pile.reader.counts().awaiting == 2


def test_chains_are_one_thread_and_their_words_are_found_at_its_end(pile: FedCache) -> None:
    pile.page({"Ticket": [merged(1, T2), merged(2, T3)]})
    assert [row.ticket_id for row in pile.reader.thread(T3)] == [T3, T2, T1]
    assert [row.ticket_id for row in pile.reader.thread(T2)] == [T2, T1]
    assert [row.number for row in pile.reader.search('"number 1"', 5)] == [3]
    assert [row.number for row in pile.reader.search("number status:closed", 5)] == [1, 2]
    assert pile.reader.search("#1", 5)[0].number == 1


def test_who_reads_the_end_is_told_of_what_happens_before_it(pile: FedCache) -> None:
    pile.page({"Ticket": [merged(1, T2), merged(2, T3)]})
    applied = pile.page({"Message": [message(9, 1, seq=2)]})
    assert applied.changes.messages_of == {T1, T3}
    assert T3 in pile.cache.put(pile.note(T1)).messages_of
    assert [row.ticket_id for row in pile.reader.thread(T3)].count(T1) == 3


def test_the_event_of_a_merge_is_told_once_in_a_thread_of_both(pile: FedCache) -> None:
    body = f'{{"what":"merged","from":"{T1}","to":"{T2}","by":null}}'
    events = [message(7, 1, seq=2, kind="event", bodyText=body), message(6, 2, seq=2, kind="event", bodyText=body)]
    pile.page({"Ticket": [merged(1, T2)], "Message": events})
    assert [row.ticket_id for row in pile.reader.thread(T2) if row.kind == "event"] == [T2]
    assert [row.ticket_id for row in pile.reader.thread(T1) if row.kind == "event"] == [T1]


def test_what_overtook_a_reply_is_looked_for_in_its_own_ticket(pile: FedCache) -> None:
    pile.page({"Ticket": [merged(1, T2)], "Message": [message(9, 1, seq=7), message(8, 2, seq=2)]})
    assert [row.id for row in pile.reader.since(T2, 1)] == [message(8)["id"]]


def test_merges_that_make_no_sense_are_refused_before_they_are_saved(pile: FedCache) -> None:
    pile.page({"Ticket": [merged(1, T2), ticket(3, status="closed", awaiting=None, requesterId=EVE)]})
    pile.page({"Ticket": [ticket(4, categoryId=BILLING)]}, of=account(BILLING))
    for ticket_id, into_id, word in (
        (T1, T3, "merged already"),
        (T3, T1, "merged already"),
        (T2, T3, "Open it again"),
        (T2, ticket(4)["id"], "Move one"),
        (T2, "t-unknown", "not here"),
    ):
        with pytest.raises(Rejected, match=word):
            merge(pile, ticket_id, into_id)
    assert pile.reader.outbox() == []


def test_two_merges_in_a_row_show_the_end_of_the_chain(pile: FedCache) -> None:
    merge(pile, T1, T2)
    second = merge(pile, T2, T3)
    assert shown(pile, T3) == (Status.OPEN, Awaiting.TEAM, None, {"red", "blue"})
    assert [row.ticket_id for row in pile.reader.thread(T3)] == [T3, T2, T1]
    pile.refused(second.client_key, "invalidProperties")
    assert shown(pile, T2) == (Status.OPEN, Awaiting.TEAM, None, {"red", "blue"})
    assert shown(pile, T3)[3] == set()


def test_a_merge_waits_for_the_ticket_that_it_needs(pile: FedCache) -> None:
    made = pile.create()
    pile.cache.put(made)
    action = merge(pile, T3, made.ticket_id)
    assert [one.action for one in pile.cache.batch(10, 100_000)] == [made]
    pile.applied(made.client_key, ticket=ticket(9)["id"])
    (routed,) = pile.cache.batch(10, 100_000)
    assert routed.action == MergeTicket(action.client_key, T3, ticket(9)["id"], action.at)


def test_merges_and_decisions_survive_the_loss_of_the_cache(pile: FedCache) -> None:
    action = merge(pile, T1, T2)
    pile.page({"HeldMessage": [held(1)]}, of=PERSONAL)
    pile.cache.discard("key-000001")
    pile.close()
    (pile.folder / "cache.db").unlink()
    pile.use(Cache.open(pile.folder, pile.key, pile.clock, pile.ids))
    assert [row.action for row in pile.reader.outbox()] == [action]
    assert [row.text for row in pile.reader.discarded()] == ["Held 1"]


def test_held_words_stand_once_whoever_holds_them(pile: FedCache) -> None:
    mine = pile.reply(1, "Held 1")
    pile.cache.put(mine)
    pile.cache.settle([Outcome(mine.client_key, Result.HELD, reason="notFound")])
    rows = [held(1, clientKey=mine.client_key), held(2, kind="note"), held(3, bodyText=" "), held(4, clientKey=None)]
    pile.page({"HeldMessage": rows}, of=PERSONAL)
    assert {row.text: row.only_at_server for row in pile.reader.undelivered()} == {"Held 1": False, "Held 2": True}
    assert pile.reader.counts().undelivered == 2


def test_held_words_leave_with_their_account_and_with_a_copy_that_lacks_them(bare: FedCache) -> None:
    bare.fill(1)
    bare.page({"HeldMessage": [held(1, bodyText="Zanzibar")]}, of=PERSONAL)
    assert b"Zanzibar" in bare.bytes()
    bare.page({}, of=PERSONAL, replace=True)
    assert (bare.reader.undelivered(), bare.reader.counts().undelivered) == ([], 0)
    bare.page({"HeldMessage": [held(2, bodyText="Zanzibar")]}, of=PERSONAL)
    bare.cache.clear()
    assert bare.reader.undelivered() == []
    assert b"Zanzibar" not in bare.bytes()


def test_a_decision_is_not_asked_twice_while_its_news_is_on_the_way(pile: FedCache) -> None:
    pile.page({"HeldMessage": [held(1)]}, of=PERSONAL)
    pile.cache.discard("key-000001")
    pile.cache.take_back("key-000001")
    (row,) = pile.reader.undelivered()
    assert not row.only_at_server
    pile.cache.discard("key-000001")
    pile.page({"HeldMessage": [held(1)]}, of=PERSONAL, replace=True)
    assert (pile.reader.undelivered(), len(pile.reader.discarded())) == ([], 1)


def test_an_older_cache_fetches_what_was_held_before_it_kept_such_words(bare: FedCache) -> None:
    bare.fill(1)
    assert bare.cache.cursor(PERSONAL) is not None
    store = bare.cache._store
    for statement in ("DROP TABLE held", "DROP INDEX outbox_into", "ALTER TABLE outbox DROP COLUMN into_id",
                      "ALTER TABLE outbox DROP COLUMN in_doubt",
                      "ALTER TABLE account DROP COLUMN restored", "ALTER TABLE ticket DROP COLUMN links",
                      "ALTER TABLE ticket DROP COLUMN reminders", "ALTER TABLE ticket DROP COLUMN rating",
                      "ALTER TABLE requester DROP COLUMN facts", "ALTER TABLE message DROP COLUMN original",
                      "ALTER TABLE unrung DROP COLUMN for_agent_id", "DROP INDEX ticket_incident",
                      "ALTER TABLE ticket DROP COLUMN incident_id", "DROP TRIGGER ticket_link_gone",
                      "ALTER TABLE category_grant DROP COLUMN second_line"):  # fmt: skip
        store.execute(statement)
    for (table,) in store.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('agent_access', "
                               "'agent_device', 'unreached_alert', 'faq_entry', 'closing', 'delivery', 'incident', "
                               "'incident_note', 'surge', 'next_in_line', 'ticket_link', 'attached')"):  # fmt: skip
        store.execute(f"DROP TABLE {table}")
    store.execute("PRAGMA user_version = 4")
    bare.reopen()
    assert (bare.cache.cursor(PERSONAL), bare.cache.incomplete()) == (None, [PERSONAL])
    bare.page({"HeldMessage": [held(1)]}, of=PERSONAL, replace=True)
    assert [row.text for row in bare.reader.undelivered()] == ["Held 1"]


def test_tags_on_a_ticket_that_is_gone_are_dropped_without_a_word(pile: FedCache) -> None:
    edit = EditTicket(pile.ids.client_key(), T1, {"tags/new": True}, {"tags/new": None}, pile.clock.now)
    pile.cache.put(edit)
    pile.cache.settle([Outcome(edit.client_key, Result.DROPPED, reason="notFound")])
    assert (pile.reader.outbox(), pile.reader.undelivered()) == ([], [])
    assert shown(pile, T1)[3] == {"red"}


def test_only_a_follow_up_begins_with_the_reply() -> None:
    with pytest.raises(ValueError, match="follow-up"):
        CreateTicket("key-0001", "t1", "c1", "Subject", "Text", 1, "Eve", first_kind=MessageKind.REPLY)


def test_access_to_nothing_still_shows_what_is_mine(pile: FedCache) -> None:
    pile.cache.put(pile.note(T1, "Mine"))
    pile.cache.save_access(access())
    (lost,) = pile.cache.stranded()
    pile.cache.settle([Outcome(lost.client_key, Result.HELD, reason="accountNotFound")])
    (row,) = pile.reader.undelivered()
    assert (row.text, row.goal_id, row.choices[0]) == ("Mine", None, "discard")


def test_a_draft_whose_ticket_is_gone_waits_in_undelivered_and_can_be_discarded(pile: FedCache) -> None:
    pile.cache.save_draft(T1, "reply", "Begun.")
    pile.cache.save_draft("own", "newTicket", "{}")
    assert pile.reader.undelivered() == []
    pile.page({}, {"Ticket": [T1]})
    (row,) = pile.reader.undelivered()
    assert (row.kind, row.text, row.reason, row.choices) == ("reply", "Begun.", "ticketGone", ("discard",))
    assert pile.reader.counts().undelivered == 1
    pile.cache.discard(row.client_key)
    assert (pile.reader.undelivered(), pile.reader.draft(T1, "reply")) == ([], None)
    (gone,) = pile.reader.discarded()
    pile.cache.take_back(gone.client_key)
    pile.reopen()
    assert [row.text for row in pile.reader.undelivered()] == ["Begun."]


def test_a_draft_whose_ticket_is_gone_leaves_its_place_when_it_is_sent(pile: FedCache) -> None:
    pile.cache.save_draft(T1, "reply", "Begun.")
    pile.page({}, {"Ticket": [T1]})
    (row,) = pile.reader.undelivered()
    pile.cache.send_again(row.client_key, ticket_id=ticket(2)["id"])
    assert (pile.reader.undelivered(), pile.reader.draft(T1, "reply")) == ([], None)
    assert [one.ticket_id for one in pile.reader.outbox()] == [ticket(2)["id"]]


def test_a_draft_is_no_stray_while_its_ticket_may_still_come(pile: FedCache) -> None:
    pile.cache.save_draft(T1, "note", "Begun.")
    pile.page({"Ticket": [ticket(2)]}, replace=True, more=True)
    assert pile.reader.undelivered() == []
    pile.page({"Ticket": [ticket(3)]})
    assert [row.text for row in pile.reader.undelivered()] == ["Begun."]
    pile.page({"Ticket": [ticket(1)]})
    assert pile.reader.undelivered() == []
    draft = pile.reader.draft(T1, "note")
    assert draft is not None
    assert draft.text == "Begun."


def test_a_link_shows_at_once_and_goes_along_with_a_merge(pile: FedCache) -> None:
    edit = EditTicket(pile.ids.client_key(), T1, {f"links/{T3}": True}, {f"links/{T3}": None}, pile.clock.now)
    pile.cache.put(edit)
    assert linked(pile, T1) == {T3}
    merge(pile, T1, T2)
    assert (linked(pile, T1), linked(pile, T2)) == (set(), {T3})
    pile.page({"Ticket": [ticket(3, requesterId=EVE, links={T2: True})]})
    assert linked(pile, T3) == {T2}


def linked(desk: FedCache, ticket_id: str) -> set[str]:
    detail = desk.reader.ticket(ticket_id)
    assert detail is not None
    return set(detail.links)
