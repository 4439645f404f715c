"""Undo send: a reply that is held stays here until its time, whatever happens meanwhile."""

import pytest

from sync.cache.rows import MessageState
from sync.connectors.port import Outcome, Result
from sync.domain.actions import Action, AttachQuickNote, MergeTicket, PostMessage, SaveQuickNote
from sync.domain.errors import Rejected
from sync.domain.records import Status
from tests.rigs.fed_cache import BILLING, FedCache, access, ticket

T1 = ticket(1)["id"]


def sent(desk: FedCache) -> list[str]:
    """The keys of what goes now."""
    return [one.action.client_key for one in desk.cache.batch(100, 10_000_000)]


def held(desk: FedCache) -> PostMessage:
    """A reply that waits ten seconds."""
    desk.fill(1, 2)
    reply = desk.reply(1)
    desk.cache.put(reply, hold_ms=10_000)
    return reply


def test_it_goes_when_its_time_has_come(desk: FedCache) -> None:
    reply = held(desk)
    assert desk.cache.next_release() == desk.clock.now + 10_000
    (row,) = (row for row in desk.reader.thread(T1) if row.client_key)
    assert (row.state, row.hold_until) == (MessageState.SAVED_HERE, desk.clock.now + 10_000)
    assert desk.reader.outbox()[0].hold_until == row.hold_until
    desk.clock.now += 9_999
    assert sent(desk) == []
    desk.clock.now += 1
    assert desk.cache.next_release() is None
    assert sent(desk) == [reply.client_key]


def test_taken_back_it_is_a_draft_and_never_goes(desk: FedCache) -> None:
    reply = held(desk)
    desk.cache.take_back(reply.client_key)
    desk.clock.now += 60_000
    assert sent(desk) == []
    assert [(row.mode, row.text) for row in desk.reader.drafts()] == [("reply", reply.body_text)]


def test_a_merge_may_wait_with_the_replies_that_it_goes_before(desk: FedCache) -> None:
    desk.fill(1, 2)
    merge, reply = MergeTicket("k-merge", T1, ticket(2)["id"], desk.clock.now), desk.reply(2)
    for action in (merge, reply):
        desk.cache.put(action, hold_ms=10_000)
    assert sent(desk) == []
    desk.clock.now += 10_000
    assert sent(desk) == [merge.client_key, reply.client_key]


def test_a_merge_that_waits_is_taken_back_without_a_trace(desk: FedCache) -> None:
    desk.fill(1, 2)
    desk.cache.put(MergeTicket("k-merge", T1, ticket(2)["id"], desk.clock.now), hold_ms=10_000)
    desk.cache.take_back("k-merge")
    desk.clock.now += 60_000
    assert sent(desk) == []
    assert desk.reader.outbox() == []


def test_once_it_was_tried_it_cannot_be_taken_back(desk: FedCache) -> None:
    reply = held(desk)
    desk.clock.now += 10_000
    assert sent(desk) == [reply.client_key]
    desk.cache.settle([Outcome(reply.client_key, Result.UNKNOWN)])
    with pytest.raises(Rejected, match="on its way"):
        desk.cache.take_back(reply.client_key)
    assert [row.client_key for row in desk.reader.outbox()] == [reply.client_key]
    assert [row.hold_until for row in desk.reader.thread(T1)] == [None, None]


def test_send_now_ends_the_wait(desk: FedCache) -> None:
    reply = held(desk)
    assert T1 in desk.cache.send_now(reply.client_key).messages_of
    assert desk.cache.next_release() is None
    assert sent(desk) == [reply.client_key]


def test_only_replies_are_held_and_notes_overtake_them(desk: FedCache) -> None:
    reply = held(desk)
    note, elsewhere, edit = desk.note(T1), desk.reply(2), desk.edit(1, status="closed")
    jotted = SaveQuickNote(desk.ids.client_key(), "By the way", desk.clock.now)
    desk.cache.put(jotted)
    assert sent(desk) == [jotted.client_key]
    desk.applied(jotted.client_key, note="q1")
    attached = AttachQuickNote(desk.ids.client_key(), "q1", T1, "By the way", desk.clock.now)
    later: tuple[Action, ...] = (note, elsewhere, edit, attached)
    for action in later:
        desk.cache.put(action, hold_ms=10_000 if action is note else 0)
    assert sent(desk) == [note.client_key, elsewhere.client_key, attached.client_key]
    desk.clock.now += 10_000
    for key in (note.client_key, elsewhere.client_key, attached.client_key):
        desk.applied(key)
    assert sent(desk) == [reply.client_key, edit.client_key]


def test_quitting_does_not_send_it_early_and_the_next_start_sends_it(desk: FedCache) -> None:
    reply = held(desk)
    desk.clock.now += 3_000
    desk.reopen()
    assert sent(desk) == []
    desk.clock.now += 3_600_000
    desk.reopen()
    assert sent(desk) == [reply.client_key]


def test_a_category_that_was_taken_away_takes_no_held_words(desk: FedCache) -> None:
    reply = held(desk)
    desk.cache.save_access(access(BILLING))
    assert desk.cache.stranded() == []  # it may turn up in another category, and would go there before its time
    desk.clock.now += 10_000
    (left,) = desk.cache.stranded()
    assert left == reply
    desk.cache.settle([Outcome(reply.client_key, Result.HELD, {}, "accountNotFound", "Out of reach.")])
    assert [row.text for row in desk.reader.undelivered()] == [reply.body_text]
    assert desk.cache.next_release() is None


def test_what_must_come_after_it_waits_with_it_out_of_reach_too(desk: FedCache) -> None:
    first = held(desk)
    second, note = desk.reply(1, "One thing more."), desk.note(T1)
    desk.cache.put(second)
    desk.cache.put(note)
    desk.cache.save_access(access(BILLING))
    assert desk.cache.stranded() == [note]  # the ticket may stand elsewhere: the second reply would be the first there
    desk.clock.now += 10_000
    assert desk.cache.stranded() == [first, second, note]


def test_signing_out_keeps_it(desk: FedCache) -> None:
    reply = held(desk)
    desk.cache.clear()
    assert [row.client_key for row in desk.reader.outbox()] == [reply.client_key]


def test_a_clock_set_back_holds_nothing_for_hours(desk: FedCache) -> None:
    reply = held(desk)
    desk.clock.now -= 3_600_000
    assert desk.cache.next_release() is None
    assert sent(desk) == [reply.client_key]


def test_nobody_waits_longer_than_half_a_minute(desk: FedCache) -> None:
    desk.fill(1)
    reply = desk.reply(1, then_status=Status.CLOSED, base_status=Status.OPEN)
    desk.cache.put(reply, hold_ms=3_600_000)
    assert desk.cache.next_release() == desk.clock.now + 30_000


def test_what_was_lost_with_the_file_comes_back_and_waits_as_before(desk: FedCache) -> None:
    reply = held(desk)
    desk.close()
    for file in desk.folder.glob("cache.db*"):
        file.unlink()
    desk.reopen()
    desk.fill(1)
    assert sent(desk) == []
    desk.clock.now += 10_000
    assert sent(desk) == [reply.client_key]
