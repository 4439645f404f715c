"""What a person decides about what could not be delivered, carried out over the real server: each word once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.domain.actions import CreateTicket, EditTicket, PostMessage
from sync.domain.choices import Choice
from sync.domain.errors import Rejected
from sync.domain.records import Attachment, MessageKind, Status
from sync.domain.times import DAY_MS
from tests.rigs.quarrel import Quarrel, Workstation, quarrel

WORDS = "Turn it off and on."


@pytest.fixture
def q(tmp_path: Path) -> Iterator[Quarrel]:
    """The scene."""
    with quarrel(tmp_path) as opened:
        yield opened


def _reply(q: Quarrel, *files: Attachment, then: Status | None = None) -> str:
    base = None if then is None else Status.NEW
    key, now = q.ann.ids.client_key(), q.clock.now_ms()
    post = PostMessage(key, q.ticket, MessageKind.REPLY, WORDS, now, files, 1, then, base)
    q.ann.cache.put(post)
    return key


def _overtaken(q: Quarrel, *files: Attachment, then: Status | None = None) -> str:
    key = _reply(q, *files, then=then)
    q.deed(q.reply(q.ticket, "Ben's answer"))
    q.ann.sync()
    assert q.ann.item().reason == "overtaken"
    return key


def _out_of_reach(q: Quarrel) -> str:
    key = _reply(q)
    q.office.house.grants.revoke(q.ann_id, q.first)
    q.ann.sync()
    assert q.places(WORDS) == ["held"]
    return key


def _nothing_left(station: Workstation) -> None:
    counts = station.reader.counts()
    assert (counts.undelivered, counts.outbox) == (0, 0)


def test_sent_anyway_it_stands_after_the_colleagues(q: Quarrel) -> None:
    q.ann.cache.resolve(_overtaken(q), Choice.SEND_ANYWAY)
    q.ann.sync()
    assert q.places(WORDS) == ["reply@T"]
    _nothing_left(q.ann)


def test_what_was_overtaken_twice_is_stopped_twice(q: Quarrel) -> None:
    key = _overtaken(q)
    q.deed(q.reply(q.ticket, "Ben again"))
    q.ann.cache.resolve(key, Choice.SEND_ANYWAY)
    q.ann.sync()
    assert (q.ann.item().reason, q.places(WORDS)) == ("overtaken", [])


def test_sent_with_other_words_it_is_those_that_go(q: Quarrel) -> None:
    q.ann.cache.resolve(_overtaken(q), Choice.SEND_ANYWAY, text="And one more thing.")
    q.ann.sync()
    assert (q.places(WORDS), q.places("And one more thing.")) == ([], ["reply@T"])


def test_as_a_note_only_colleagues_read_it_and_its_files_go_along(q: Quarrel) -> None:
    file = q.ann.cache.attach_bytes(b"a picture", "image/png", "screen.png")
    q.ann.cache.resolve(_overtaken(q, file, then=Status.CLOSED), Choice.AS_NOTE)
    q.ann.sync()
    assert (q.places(WORDS), q.row(q.ticket)["status"]) == (["note@T"], "waiting")
    assert "screen.png" in str(q.rows("SELECT attachments FROM message WHERE body_text = ?", WORDS))
    _nothing_left(q.ann)


def test_to_be_edited_it_is_a_draft_before_what_was_begun_there(q: Quarrel) -> None:
    file = q.ann.cache.attach_bytes(b"a picture", "image/png", "screen.png")
    key = _overtaken(q, file)
    q.ann.cache.save_draft(q.ticket, "reply", "Begun since.")
    q.ann.cache.resolve(key, Choice.EDIT)
    draft = q.ann.reader.draft(q.ticket, "reply")
    assert draft is not None
    assert (draft.text, [one.name for one in draft.attachments]) == (f"{WORDS}\n\nBegun since.", ["screen.png"])
    _nothing_left(q.ann)


def test_too_late_for_its_ticket_it_begins_a_new_one_of_the_same_requester(q: Quarrel) -> None:
    file = q.ann.cache.attach_bytes(b"a picture", "image/png", "screen.png")
    key = _reply(q, file)
    q.deed(q.edit(q.ticket, status="closed"))
    q.clock.advance(15 * DAY_MS)
    q.ann.sync()
    before = len(q.rows("SELECT id FROM arrival"))
    q.ann.cache.resolve(key, Choice.FOLLOW_UP)
    shown = q.ann.reader.outbox()[0].ticket_id
    assert shown is not None
    assert [one.kind for one in q.ann.reader.thread(shown)] == [MessageKind.REPLY]
    q.ann.wire.loses = True
    q.ann.sync()
    assert q.places(WORDS) == ["reply@new"]
    [new] = q.rows("SELECT * FROM ticket WHERE follow_up_of = ?", q.ticket)
    assert (new["status"], new["awaiting"], new["requester_id"]) == (
        "waiting", "requester", q.row(q.ticket)["requester_id"],
    )  # fmt: skip
    assert len(q.rows("SELECT id FROM arrival")) == before
    detail = q.ann.reader.ticket(shown)
    assert detail is not None
    assert (detail.row.id, detail.row.number, detail.row.status) == (new["id"], new["number"], Status.WAITING)
    assert q.faults() == []
    _nothing_left(q.ann)


def test_on_the_ticket_that_it_was_merged_into(q: Quarrel) -> None:
    key = _reply(q, then=Status.CLOSED)
    q.deed(q.merge(q.ticket, q.other))
    q.deed(q.merge(q.other, q.stranger))
    q.ann.sync()
    item = q.ann.item()
    assert (item.choices[0], item.goal_id) == (Choice.SEND_ON_MERGED, q.stranger)
    q.ann.cache.resolve(key, Choice.SEND_ON_MERGED)
    q.ann.sync()
    assert (q.places(WORDS), q.row(q.stranger)["status"]) == (["reply@S"], "closed")
    _nothing_left(q.ann)


def test_my_value_upon_theirs(q: Quarrel) -> None:
    edit = EditTicket(
        q.ann.ids.client_key(), q.ticket, {"priority": "urgent"}, {"priority": "normal"}, q.clock.now_ms()
    )
    q.ann.cache.put(edit)
    q.deed(q.edit(q.ticket, priority="high"))
    q.ann.sync()
    [conflict] = q.ann.item().conflicts
    assert (conflict.name, conflict.mine, conflict.theirs, conflict.base) == ("priority", "urgent", "high", "normal")
    q.ann.cache.apply_mine(edit.client_key)
    q.ann.sync()
    assert q.row(q.ticket)["priority"] == "urgent"
    _nothing_left(q.ann)


def test_a_new_ticket_whose_category_is_gone_goes_to_another(q: Quarrel) -> None:
    key, local = q.ann.ids.client_key(), q.ann.ids.new("t")
    q.ann.cache.put(CreateTicket(key, local, q.first, "A call", WORDS, q.clock.now_ms(), "Cleo"))
    q.office.house.grants.revoke(q.ann_id, q.first)
    q.ann.sync()
    q.ann.cache.resolve(key, Choice.OTHER_CATEGORY, category_id=q.third)
    q.ann.sync()
    [new] = q.rows("SELECT category_id FROM ticket WHERE subject = ?", "A call")
    assert (new["category_id"], q.places(WORDS)) == (q.third, ["inbound@new"])
    _nothing_left(q.ann)


def test_what_is_not_offered_is_refused_and_the_item_stays(q: Quarrel) -> None:
    key = _out_of_reach(q)
    with pytest.raises(Rejected):
        q.ann.cache.resolve(key, Choice.SEND_ANYWAY)
    assert not q.ann.cache.resolve(key, Choice.OPEN_TICKET)
    assert q.ann.item().text == WORDS


def test_held_words_are_offered_again_once_the_ticket_is_in_reach(q: Quarrel) -> None:
    key = _out_of_reach(q)
    q.office.house.grants.grant(q.ann_id, q.first)
    q.ann.sync()
    assert q.ann.item().choices[0] is Choice.SEND_ANYWAY
    q.ann.cache.resolve(key, Choice.SEND_ANYWAY)
    q.ann.sync()
    assert q.places(WORDS) == ["reply@T"]
    _nothing_left(q.ann)


def test_another_workstation_sees_held_words_and_discarding_there_discards_here(
    q: Quarrel, second: Workstation
) -> None:
    key = _out_of_reach(q)
    second.sync()
    item = second.item()
    assert (item.client_key, item.text, item.only_at_server) == (key, WORDS, True)
    assert second.reader.counts().undelivered == 1
    second.cache.discard(key)
    _nothing_left(second)
    second.sync()
    assert q.places(WORDS) == []
    q.ann.sync()
    for station in (q.ann, second):
        _nothing_left(station)
        assert [row.text for row in station.reader.discarded()] == [WORDS]
    q.ann.cache.take_back(key)
    q.ann.sync()
    assert q.ann.item().text == WORDS


def test_sending_at_the_other_workstation_leaves_nothing_to_decide_here(q: Quarrel, second: Workstation) -> None:
    key = _out_of_reach(q)
    q.office.house.grants.grant(q.ann_id, q.first)
    second.sync()
    second.cache.resolve(key, Choice.SEND_ANYWAY)
    second.sync()
    q.ann.sync()
    assert q.places(WORDS) == ["reply@T"]
    for station in (q.ann, second):
        _nothing_left(station)


def test_what_is_discarded_can_be_taken_back_for_thirty_days(q: Quarrel) -> None:
    key = _out_of_reach(q)
    q.ann.cache.discard(key)
    q.ann.sync()
    assert q.places(WORDS) == []
    q.clock.advance(29 * DAY_MS)
    q.ann.cache.take_back(key)
    q.ann.sync()
    assert (q.ann.item().text, q.ann.reader.discarded()) == (WORDS, [])


def test_nobody_else_sees_held_words(q: Quarrel) -> None:
    _out_of_reach(q)
    for connector in (q.ben, q.olga):
        for account in connector.access().accounts:
            page = connector.changes(account, None)
            assert not page.rows.get("HeldMessage")


def test_forty_that_failed_at_once_are_one_group(q: Quarrel) -> None:
    for number in range(40):
        q.ann.cache.put(
            EditTicket(q.ann.ids.client_key(), q.ticket, {"priority": "low"}, {"priority": "normal"}, number + 1)
        )
    q.deed(q.edit(q.ticket, priority="high"))
    q.ann.sync()
    [group] = q.ann.reader.undelivered_summary()
    assert (group.count, group.reasons) == (40, {"stateMismatch": 40})
    assert group.client_keys == tuple(row.client_key for row in q.ann.reader.undelivered())
    assert q.ann.reader.undelivered_summary(more_than=40) == []


def test_a_draft_of_a_merged_ticket_is_offered_where_it_goes_on(q: Quarrel) -> None:
    q.ann.cache.save_draft(q.ticket, "reply", "Begun.")
    q.ann.cache.save_draft(q.other, "reply", "There.")
    q.deed(q.merge(q.ticket, q.other))
    q.ann.sync()
    assert [(row.ticket_id, row.text) for row in q.ann.reader.offered_drafts(q.other)] == [(q.ticket, "Begun.")]
    q.ann.cache.adopt_draft(q.ticket, "reply", q.other)
    draft = q.ann.reader.draft(q.other, "reply")
    assert draft is not None
    assert draft.text == "Begun.\n\nThere."
    assert (q.ann.reader.offered_drafts(q.other), q.ann.reader.draft(q.ticket, "reply")) == ([], None)


def test_a_merge_is_shown_before_it_is_sent_and_undone_when_it_is_refused(q: Quarrel) -> None:
    awaiting = q.ann.reader.counts().awaiting
    q.ann.cache.put(q.merge(q.ticket, q.other))
    detail = q.ann.reader.ticket(q.ticket)
    assert detail is not None
    assert (detail.row.status, detail.merged_into_id) == (Status.CLOSED, q.other)
    assert q.ann.reader.counts().awaiting == awaiting - 1
    shown = q.ann.reader.ticket(q.other)
    assert shown is not None
    assert shown.row.awaiting_since == detail.row.created_at
    assert {row.ticket_id for row in q.ann.reader.thread(q.other)} == {q.ticket, q.other}
    with pytest.raises(Rejected):
        q.ann.cache.put(q.merge(q.ticket, q.stranger))
    q.deed(q.edit(q.other, categoryId=q.third))
    q.ann.sync()
    detail = q.ann.reader.ticket(q.ticket)
    assert detail is not None
    assert (detail.row.status, detail.merged_into_id, q.ann.item().kind) == (Status.NEW, None, "merge")
    assert q.ann.reader.counts().awaiting == awaiting
    assert {row.ticket_id for row in q.ann.reader.thread(q.other)} == {q.other}


def test_a_ticket_made_offline_may_be_merged_offline(q: Quarrel) -> None:
    key, local = q.ann.ids.client_key(), q.ann.ids.new("t")
    q.ann.cache.put(CreateTicket(key, local, q.first, "A call", WORDS, q.clock.now_ms(), "Cleo"))
    q.ann.cache.put(q.merge(local, q.ticket))
    q.ann.sync()
    [new] = q.rows("SELECT * FROM ticket WHERE subject = ?", "A call")
    assert (new["merged_into_id"], new["status"], q.ann.reader.undelivered()) == (q.ticket, "closed", [])
    detail = q.ann.reader.ticket(local)
    assert detail is not None
    assert detail.merged_into_id == q.ticket
    assert WORDS in [row.body_text for row in q.ann.reader.thread(q.ticket)]


def test_a_deleted_ticket_whose_words_arrived_before_is_not_sent_again_and_again(q: Quarrel) -> None:
    _reply(q)
    key, local = q.ann.ids.client_key(), q.ann.ids.new("t")
    q.ann.cache.put(CreateTicket(key, local, q.first, "A call", "She called.", q.clock.now_ms(), "Cleo"))
    q.ann.wire.loses = True
    q.ann.engine.step()
    q.delete(q.ticket)
    q.delete(str(q.rows("SELECT id FROM ticket WHERE subject = ?", "A call")[0]["id"]))
    q.ann.sync()
    assert (q.places(WORDS), q.places("She called.")) == ([], [])
    _nothing_left(q.ann)
    assert q.ann.reader.ticket(local) is None
