"""Every text that was saved is somewhere, at every moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.cache import action_text
from sync.cache.rows import MessageState
from sync.connectors.port import Outcome, Result
from sync.domain.actions import CreateTicket, EditTicket, PostMessage, SaveQuickNote
from sync.domain.errors import Rejected
from sync.domain.records import Attachment, MessageKind, Priority, Status
from sync.domain.times import DAY_MS
from tests.rigs.fed_cache import BILLING, FedCache, message, ticket

T1, T2 = ticket(1)["id"], ticket(2)["id"]


def places(desk: FedCache) -> list[str]:
    """All texts that live here."""
    texts = [row.text for row in desk.reader.drafts()]
    texts += [row.text for row in (*desk.reader.undelivered(), *desk.reader.discarded())]
    for row in desk.reader.outbox():
        if isinstance(row.action, PostMessage):
            texts.append(row.action.body_text)
    return sorted(texts)


def test_drafts_live_by_ticket_and_mode_until_dropped_or_sent(desk: FedCache) -> None:
    desk.fill(1)
    desk.cache.save_draft(T1, "reply", "Dear Bob", (Attachment("b1", "a.txt", "text/plain", 3),))
    desk.cache.save_draft(T1, "note", "He called")
    desk.reopen()
    found = desk.reader.draft(T1, "reply")
    assert found is not None
    assert (found.text, found.attachments[0].name) == ("Dear Bob", "a.txt")
    assert desk.reader.ticket_rows(list(desk.reader.keys([T1]).values()))[0].draft
    desk.cache.put(desk.reply(1, "Dear Bob, done"), ends_draft=(T1, "reply"))
    desk.cache.save_draft(T1, "note", "")
    assert places(desk) == ["Dear Bob, done"]


@pytest.mark.parametrize("result", [Result.CONFLICT, Result.HELD, Result.REFUSED])
def test_words_that_fail_wait_for_a_decision(desk: FedCache, result: Result) -> None:
    desk.fill(1)
    reply = desk.reply(1, "Mine")
    desk.cache.put(reply)
    desk.cache.batch(10, 10_000)
    changes = desk.cache.settle([Outcome(reply.client_key, result, {}, "overtaken")])
    assert changes.undelivered
    row = desk.reader.undelivered()[0]
    assert (row.text, row.reason, row.base_seq, row.ticket_number) == ("Mine", "overtaken", 1, 1)
    assert row.sentence.endswith(".")
    assert desk.reader.thread(T1)[-1].state is MessageState.NEEDS_YOU
    assert desk.reader.counts().undelivered == 1
    assert places(desk) == ["Mine"]


def test_send_again_is_a_new_action_on_what_is_known_now(desk: FedCache) -> None:
    desk.fill(1, 2)
    reply = desk.reply(1, "Mine", then_status=Status.CLOSED, base_status=Status.NEW)
    desk.cache.put(reply)
    desk.refused(reply.client_key, "overtaken")
    desk.page({"Message": [message(50, 1, seq=2, kind="reply", bodyText="Hers")]})
    assert [one.body_text for one in desk.reader.since(T1, 1)] == ["Hers"]
    desk.cache.send_again(reply.client_key)
    again = desk.reader.outbox()[0].action
    assert isinstance(again, PostMessage)
    assert again.client_key != reply.client_key
    assert (again.base_seq, again.base_status, again.body_text) == (2, Status.OPEN, "Mine")
    assert desk.reader.undelivered() == []
    desk.refused(again.client_key, "merged")
    desk.cache.send_again(again.client_key, ticket_id=T2)
    assert desk.reader.outbox()[0].ticket_id == T2
    assert [one.body_text for one in desk.reader.thread(T1)][-1] == "Hers"
    assert not desk.cache.send_again("unknown")


def test_an_edit_is_sent_again_on_its_new_base(desk: FedCache) -> None:
    desk.fill(1)
    edit = desk.edit(1, priority="urgent")
    desk.cache.put(edit)
    desk.refused(edit.client_key, "stateMismatch")
    desk.page({"Ticket": [ticket(1, priority="low")]})
    desk.cache.send_again(edit.client_key)
    again = desk.reader.outbox()[0].action
    assert isinstance(again, EditTicket)
    assert again.base == {"priority": "low"}


def test_a_refused_ticket_is_kept_whole_and_goes_to_another_category(desk: FedCache) -> None:
    desk.fill(1)
    made = desk.create()
    desk.cache.put(made)
    desk.refused(made.client_key, "accountNotFound")
    assert desk.reader.ticket(made.ticket_id) is None
    assert desk.reader.undelivered()[0].text == "Cannot log in\n\nHe forgot it."
    desk.cache.send_again(made.client_key, category_id=BILLING)
    again = desk.reader.outbox()[0].action
    assert isinstance(again, CreateTicket)
    assert again.category_id == BILLING
    assert desk.reader.ticket(made.ticket_id) is not None


def test_discarding_is_undoable_for_thirty_days(desk: FedCache) -> None:
    desk.fill(1)
    reply = desk.reply(1, "Mine")
    desk.cache.put(reply)
    desk.refused(reply.client_key)
    desk.cache.discard(reply.client_key)
    assert desk.reader.undelivered() == []
    assert len(desk.reader.thread(T1)) == 1
    desk.clock.now += 29 * DAY_MS
    desk.reopen()
    desk.cache.take_back(reply.client_key)
    assert [one.text for one in desk.reader.undelivered()] == ["Mine"]
    desk.cache.discard(reply.client_key)
    desk.clock.now += 31 * DAY_MS
    desk.reopen()
    assert desk.reader.discarded() == []
    assert places(desk) == []


def test_what_was_never_sent_is_taken_back_into_a_draft(desk: FedCache) -> None:
    desk.fill(1)
    reply = desk.reply(1, "Mine")
    desk.cache.put(reply)
    desk.cache.save_draft(T1, "reply", "and more")
    desk.cache.take_back(reply.client_key)
    assert places(desk) == ["Mine\n\nand more"]
    desk.cache.put(reply)
    desk.cache.batch(10, 10_000)
    with pytest.raises(Rejected, match="on its way"):
        desk.cache.take_back(reply.client_key)
    assert len(desk.reader.outbox()) == 1


def test_words_that_the_server_has_after_all_leave_undelivered(desk: FedCache) -> None:
    desk.fill(1)
    reply = desk.reply(1, "Mine")
    desk.cache.put(reply)
    desk.refused(reply.client_key)
    desk.page({"Message": [message(60, 1, seq=2, kind="reply", bodyText="Mine", clientKey=reply.client_key)]})
    assert desk.reader.undelivered() == []
    assert [one.body_text for one in desk.reader.thread(T1)].count("Mine") == 1


def test_the_same_action_put_twice_is_there_once(desk: FedCache) -> None:
    desk.fill(1)
    reply = desk.reply(1, "Mine")
    assert desk.cache.put(reply)
    assert not desk.cache.put(reply)
    assert places(desk) == ["Mine"]


def test_a_refused_quick_note_is_kept(desk: FedCache) -> None:
    desk.fill(1)
    note = SaveQuickNote(desk.ids.client_key(), "Call Eve", desk.clock.now)
    desk.cache.put(note)
    desk.refused(note.client_key, "tooLarge")
    assert desk.reader.quick_notes() == []
    assert [one.text for one in desk.reader.undelivered()] == ["Call Eve"]


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@given(
    text=TEXT,
    kind=st.sampled_from([MessageKind.NOTE, MessageKind.REPLY]),
    then=st.sampled_from([None, *Status]),
    files=st.lists(st.builds(Attachment, TEXT, TEXT, TEXT, st.integers(0, 10**9)), max_size=2),
)
def test_an_action_as_text_is_the_same_again(
    text: str, kind: MessageKind, then: Status | None, files: list[Attachment]
) -> None:
    action = PostMessage("k", "t", kind, text, 5, tuple(files), 3, then, then)
    assert action_text.from_text(action_text.to_text(action)) == action


@given(subject=TEXT, tags=st.frozensets(TEXT), priority=st.sampled_from(Priority))
def test_a_new_ticket_as_text_is_the_same_again(subject: str, tags: frozenset[str], priority: Priority) -> None:
    action = CreateTicket("k", "t", "c", subject, "body", 5, "Eve", None, "1", priority, tags=tags)
    assert action_text.from_text(action_text.to_text(action)) == action
