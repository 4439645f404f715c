"""What is done here: shown at once, sent in order, settled by the server's word."""

from dataclasses import replace

import pytest

from sync.cache.rows import MessageState, Sort, View
from sync.connectors.port import Outcome, Result, Routed
from sync.domain.actions import (
    Action,
    AttachQuickNote,
    DiscardQuickNote,
    MarkRead,
    RecordSpotCheck,
    SaveQuickNote,
)
from sync.domain.errors import Rejected
from sync.domain.records import Status
from sync.domain.times import to_utc_date
from tests.rigs.fed_cache import BILLING, DOWNLOADS, ME, OVERSIGHT, PERSONAL, FedCache, access, account, message, ticket

T1 = ticket(1)["id"]


def states(desk: FedCache, ticket_id: str = T1) -> list[MessageState]:
    """Where each message of a thread is."""
    return [one.state for one in desk.reader.thread(ticket_id)]


def send(desk: FedCache) -> list[Routed]:
    """What is sent now."""
    return desk.cache.batch(100, 10_000_000)


def put(desk: FedCache, *actions: Action) -> None:
    """All into the outbox."""
    for action in actions:
        desk.cache.put(action)


def test_a_reply_is_shown_from_saving_to_the_servers_row(desk: FedCache) -> None:
    desk.fill(1)
    reply = desk.reply(1, then_status=Status.CLOSED, base_status=Status.OPEN)
    put(desk, reply)
    found = desk.reader.ticket(T1)
    assert found is not None
    assert (found.row.status, found.row.pending, found.base["status"]) == (Status.CLOSED, 1, "open")
    assert states(desk) == [MessageState.SENT, MessageState.SAVED_HERE]
    assert send(desk) == [Routed(reply, account(DOWNLOADS))]
    assert states(desk)[-1] is MessageState.SENDING
    desk.applied(reply.client_key, message="m-new")
    assert states(desk)[-1] is MessageState.SENT
    assert desk.reader.counts().outbox == 0
    detail = desk.reader.ticket(T1)
    assert detail is not None
    assert detail.row.status is Status.CLOSED
    row = message(2, 1, id="m-new", seq=2, kind="reply", bodyText=reply.body_text, clientKey=reply.client_key)
    desk.page({"Ticket": [ticket(1, status="waiting", awaiting="requester")], "Message": [row]})
    assert [one.id for one in desk.reader.thread(T1)] == [message(1)["id"], "m-new"]
    detail = desk.reader.ticket(T1)
    assert detail is not None
    assert detail.row.status is Status.WAITING


def test_the_servers_row_settles_what_got_no_answer(desk: FedCache) -> None:
    desk.fill(1)
    reply = desk.reply(1)
    put(desk, reply)
    send(desk)
    row = message(2, 1, id="m-new", seq=2, kind="reply", bodyText=reply.body_text, clientKey=reply.client_key)
    assert desk.page({"Message": [row]}).changes.settled == {reply.client_key}
    assert [one.id for one in desk.reader.thread(T1)] == [message(1)["id"], "m-new"]
    assert desk.reader.counts().outbox == 0
    desk.applied(reply.client_key, message="m-new")
    assert len(desk.reader.thread(T1)) == 2


def test_an_unknown_outcome_is_sent_again_with_its_key(desk: FedCache) -> None:
    desk.fill(1)
    reply = desk.reply(1)
    put(desk, reply)
    for attempt in (1, 2, 3):
        assert [one.action for one in send(desk)] == [reply]
        desk.cache.settle([Outcome(reply.client_key, Result.UNKNOWN)])
        assert desk.reader.outbox()[0].attempts == attempt
    assert states(desk)[-1] is MessageState.SAVED_HERE


def test_what_was_being_sent_when_the_program_died_waits_again(desk: FedCache) -> None:
    desk.fill(1)
    put(desk, desk.reply(1))
    send(desk)
    desk.reopen()
    assert states(desk)[-1] is MessageState.SAVED_HERE
    assert len(send(desk)) == 1


def test_the_servers_later_word_lies_under_what_waits_here(desk: FedCache) -> None:
    desk.fill(1)
    put(desk, desk.edit(1, priority="urgent"), desk.edit(1, assigneeId=ME))
    desk.page({"Ticket": [ticket(1, subject="New subject", priority="low")]})
    found = desk.reader.ticket(T1)
    assert found is not None
    assert (found.row.subject, found.row.priority, found.row.assignee_id) == ("New subject", "urgent", ME)
    assert found.base["priority"] == "low"
    for routed in send(desk):
        desk.refused(routed.action.client_key, "stateMismatch")
    found = desk.reader.ticket(T1)
    assert found is not None
    assert (found.row.priority, found.row.assignee_id, found.row.needs_you) == ("low", None, True)
    assert [one.kind for one in desk.reader.undelivered()] == ["edit", "edit"]


def test_tags_are_projected_found_and_taken_back(desk: FedCache) -> None:
    desk.fill(1)
    action = replace(desk.edit(1, priority="high"), wanted={"tags/vip": True}, base={"tags/vip": None})
    put(desk, action)
    assert [row.tags for row in desk.reader.search("tag:vip", 5)] == [("vip",)]
    desk.refused(action.client_key)
    assert desk.reader.search("tag:vip", 5) == []
    assert desk.reader.tags() == []


def test_an_applied_edit_stays_shown_until_its_row_or_the_end_of_a_round(desk: FedCache) -> None:
    desk.fill(1)
    edit = desk.edit(1, status="closed")
    put(desk, edit)
    desk.applied(edit.client_key)
    assert desk.reader.counts().awaiting == 0
    desk.page({"Ticket": [ticket(2)]}, more=True)
    assert desk.reader.counts().awaiting == 1
    desk.page({})
    assert desk.reader.counts().awaiting == 2


def test_a_new_ticket_gets_the_servers_id_everywhere(desk: FedCache) -> None:
    desk.fill(1)
    made = desk.create()
    note = desk.note(made.ticket_id)
    put(desk, made, note)
    desk.cache.save_draft(made.ticket_id, "reply", "Dear Eve")
    row = desk.reader.ticket(made.ticket_id)
    assert row is not None
    assert (row.row.number, row.row.requester_name, row.row.awaiting) == (None, "Eve", "team")
    assert [one.action for one in send(desk)] == [made]
    desk.applied(made.client_key, ticket="t-new", message="m-new")
    assert [one.action for one in send(desk)] == [replace(note, ticket_id="t-new")]
    for name in (made.ticket_id, "t-new"):
        found = desk.reader.ticket(name)
        assert found is not None
        assert found.row.key == row.row.key
        assert [one.body_text for one in desk.reader.thread(name)] == ["He forgot it.", "Called her."]
        draft = desk.reader.draft(name, "reply")
        assert draft is not None
        assert draft.text == "Dear Eve"
    put(desk, desk.note(made.ticket_id, "Later."))
    server = ticket(7, id="t-new", subject=made.subject)
    first = message(7, id="m-new", ticketId="t-new", bodyText="He forgot it.")
    desk.page({"Ticket": [server], "Message": [first]})
    assert [one.body_text for one in desk.reader.thread("t-new")] == ["He forgot it.", "Called her.", "Later."]
    assert desk.reader.counts().awaiting == 2
    assert desk.reader.ticket_by_number(7) == "t-new"


def test_the_servers_ticket_may_come_before_the_answer(desk: FedCache) -> None:
    desk.fill(1)
    made = desk.create()
    put(desk, made)
    send(desk)
    server = ticket(7, id="t-new", subject=made.subject)
    desk.page({"Ticket": [server], "Message": [message(7, id="m-new", ticketId="t-new")]})
    desk.applied(made.client_key, ticket="t-new", message="m-new")
    assert len(desk.reader.ticket_ids(View("all"), Sort())) == 2
    assert len(desk.reader.thread("t-new")) == 1
    desk.page({})
    assert desk.reader.ticket(made.ticket_id) is not None


def test_the_order_within_a_ticket_is_kept_and_one_does_not_stop_others(desk: FedCache) -> None:
    desk.fill(1, 2)
    made = desk.create()
    later, other = desk.note(made.ticket_id), desk.reply(2)
    move = desk.edit(1, categoryId=BILLING)
    after = desk.reply(1)
    put(desk, made, later, move, after, other)
    assert [one.action for one in send(desk)] == [made, move, other]
    desk.cache.settle([Outcome(move.client_key, Result.APPLIED), Outcome(made.client_key, Result.UNKNOWN)])
    assert after not in [one.action for one in send(desk)]
    desk.page({}, {"Ticket": [T1], "Message": [message(1)["id"]]})
    desk.page({"Ticket": [ticket(1, categoryId=BILLING)]}, of=account(BILLING))
    assert Routed(after, account(BILLING)) in send(desk)


@pytest.mark.parametrize(("actions", "size", "sent"), [(2, 10_000, 2), (10, 1, 1), (0, 10_000, 0)])
def test_a_batch_keeps_to_its_limits(desk: FedCache, actions: int, size: int, sent: int) -> None:
    desk.fill(1, 2, 3)
    put(desk, desk.reply(1), desk.reply(2), desk.reply(3))
    assert len(desk.cache.batch(actions, size)) == sent


def test_quick_notes_are_saved_attached_and_dropped(desk: FedCache) -> None:
    desk.fill(1)
    first = SaveQuickNote(desk.ids.client_key(), "Call Eve", desk.clock.now)
    second = SaveQuickNote(desk.ids.client_key(), "Buy paper", desk.clock.now)
    put(desk, first, second)
    attach = AttachQuickNote(desk.ids.client_key(), first.client_key, T1, first.text, desk.clock.now)
    drop = DiscardQuickNote(desk.ids.client_key(), second.client_key, desk.clock.now)
    put(desk, attach, drop)
    assert desk.reader.quick_notes() == []
    assert desk.reader.counts().quick_notes == 0
    assert [one.account_id for one in send(desk)] == [PERSONAL, PERSONAL]
    desk.applied(first.client_key, note="q1")
    desk.applied(second.client_key, note="q2")
    assert {one.action for one in send(desk)} == {replace(attach, note_id="q1"), replace(drop, note_id="q2")}
    desk.refused(drop.client_key)
    assert [one.id for one in desk.reader.quick_notes()] == ["q2"]
    desk.applied(attach.client_key, message="m9")
    assert [one.body_text for one in desk.reader.thread(T1)][-1] == "Call Eve"


def quick_note(desk: FedCache) -> tuple[SaveQuickNote, AttachQuickNote]:
    """A note, and that it is for a ticket."""
    note = SaveQuickNote(desk.ids.client_key(), "Call Eve", desk.clock.now)
    return note, AttachQuickNote(desk.ids.client_key(), note.client_key, T1, note.text, desk.clock.now)


def test_a_quick_note_that_ended_at_the_server_before_its_row_came_ends_here(desk: FedCache) -> None:
    desk.fill(1)
    note, attach = quick_note(desk)
    put(desk, note, attach)
    desk.applied(note.client_key, note="q1")
    desk.refused(attach.client_key, "notFound")
    desk.page({}, of=PERSONAL, more=True)
    assert [one.id for one in desk.reader.quick_notes()] == ["q1"]
    assert desk.page({}, of=PERSONAL).changes.quick_notes
    assert desk.reader.quick_notes() == []
    assert [one.text for one in desk.reader.undelivered()] == ["Call Eve"]


def test_a_quick_note_taken_for_refused_is_ended_under_the_id_that_the_server_gave(desk: FedCache) -> None:
    desk.fill(1)
    note, attach = quick_note(desk)
    put(desk, note, attach)
    desk.refused(note.client_key)
    assert desk.reader.undelivered() == []
    row = {"id": "q1", "text": note.text, "createdAt": to_utc_date(note.created_at), "clientKey": note.client_key}
    desk.page({"QuickNote": [row]}, of=PERSONAL)
    assert [one.action for one in send(desk)] == [replace(attach, note_id="q1")]


def test_a_quick_note_attached_under_an_id_that_was_not_the_servers_is_ended_again(desk: FedCache) -> None:
    desk.fill(1)
    note, attach = quick_note(desk)
    put(desk, note, attach)
    desk.refused(note.client_key)
    send(desk)
    desk.applied(attach.client_key, message="m9")
    row = {"id": "q1", "text": note.text, "createdAt": to_utc_date(note.created_at), "clientKey": note.client_key}
    desk.page({"QuickNote": [row]}, of=PERSONAL)
    assert [one.action for one in send(desk)] == [replace(attach, note_id="q1")]


def test_a_ticket_taken_for_refused_is_known_as_made_by_its_row(desk: FedCache) -> None:
    desk.fill(1)
    made = desk.create()
    put(desk, made)
    send(desk)
    desk.refused(made.client_key)
    assert [one.kind for one in desk.reader.undelivered()] == ["ticket"]
    desk.page({"Ticket": [ticket(7, clientKey=made.client_key)]})
    assert desk.reader.undelivered() == []
    found = desk.reader.ticket(made.ticket_id)
    assert found is not None
    assert found.row.id == ticket(7)["id"]


def test_read_marks_and_spot_checks_go_to_their_accounts(desk: FedCache) -> None:
    desk.fill(1)
    mark = MarkRead(desk.ids.client_key(), T1, 1)
    check = RecordSpotCheck(desk.ids.client_key(), desk.clock.now, desk.clock.now, 1, 0, 0, None)
    put(desk, mark, check)
    assert desk.reader.outbox() == desk.reader.outbox()[-1:]
    assert [one.awaiting for one in desk.reader.spot_checks(0)] == [1]
    assert [one.account_id for one in send(desk)] == [PERSONAL, OVERSIGHT]
    desk.applied(mark.client_key)
    desk.applied(check.client_key, spotCheck="s1")
    assert [one.id for one in desk.reader.spot_checks(0)] == ["s1"]
    found = desk.reader.ticket(T1)
    assert found is not None
    assert not found.row.unread


def test_a_read_mark_that_was_refused_is_as_the_server_has_it(desk: FedCache) -> None:
    desk.fill(1, 2)
    earlier = {"id": "k1", "ticketId": f"t{2:032x}", "lastSeq": 1}
    desk.page({"ReadMark": [earlier]}, of=PERSONAL)
    for of in (1, 2):
        mark = MarkRead(desk.ids.client_key(), f"t{of:032x}", 3)
        put(desk, mark)
        send(desk)
        desk.refused(mark.client_key, "tooLarge")
        assert (desk.cache.cursor(PERSONAL) is None) == (of == 2), "what the server knew is asked for"
    found = desk.reader.ticket(T1)
    assert found is not None
    assert found.row.unread
    desk.page({"ReadMark": [earlier]}, of=PERSONAL, replace=True)
    assert desk.cache._store.rows("SELECT ticket_id, last_seq FROM read_mark") == [(f"t{2:032x}", 1)]


def test_a_status_that_did_not_hold_is_said_while_the_words_went(desk: FedCache) -> None:
    desk.fill(1)
    reply = desk.reply(1, then_status=Status.CLOSED, base_status=Status.OPEN)
    put(desk, reply)
    desk.cache.settle([Outcome(reply.client_key, Result.APPLIED, {"message": "m2"}, status_applied=False)])
    found = desk.reader.ticket(T1)
    assert found is not None
    assert found.row.status is Status.WAITING
    assert [one.kind for one in desk.reader.undelivered()] == ["edit"]


@pytest.mark.parametrize("text", ["x" * 4_000_001, "ü" * 2_000_001])
def test_a_text_over_the_limit_is_refused_and_not_saved(desk: FedCache, text: str) -> None:
    desk.fill(1)
    with pytest.raises(Rejected, match="4 MB"):
        put(desk, desk.reply(1, text))
    assert desk.reader.outbox() == []


def test_what_has_nowhere_to_go_is_named_once_all_is_copied(desk: FedCache) -> None:
    desk.fill(1)
    reply, made = desk.reply(1), desk.create()
    put(desk, reply, made, desk.note(made.ticket_id))
    assert desk.cache.stranded() == []
    desk.cache.save_access(access(BILLING))
    assert desk.cache.stranded() == [reply, made]
    assert send(desk) == []
    assert len(desk.reader.outbox()) == 3


def test_a_purged_tickets_words_stay_here(bare: FedCache) -> None:
    bare.fill(1)
    put(bare, bare.reply(1, "My own words"))
    bare.cache.save_access(access(BILLING))
    assert bare.reader.thread(T1) == []
    assert len(bare.reader.outbox()) == 1
    bare.cache.save_access(access(BILLING, DOWNLOADS))
    bare.page({"Ticket": [ticket(1)], "Message": [message(1)]}, replace=True)
    assert [one.body_text for one in bare.reader.thread(T1)][-1] == "My own words"


@pytest.mark.parametrize("came", [True, False], ids=["its row came", "moved out of sight first"])
def test_a_ticket_made_here_stays_only_if_its_row_comes(desk: FedCache, came: bool) -> None:
    desk.fill(1)
    made = desk.create()
    desk.cache.put(made)
    desk.cache.batch(50, 10**6)
    given = str(ticket(7)["id"])
    desk.applied(made.client_key, ticket=given)
    assert desk.reader.ticket(given) is not None
    desk.page({"Ticket": [ticket(7)]} if came else {})
    assert (desk.reader.ticket(given) is not None) is came
    assert len(desk.reader.ticket_ids(View("all"), Sort())) == 1 + came
    assert desk.reader.thread(given) == []
