"""Status, turn and waiting time after each event (ARCHITECTURE 3.11)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain import rules
from sync.domain.actions import EditTicket, MarkRead, PostMessage
from sync.domain.records import Awaiting, MessageKind, Priority, Rating, Status, Ticket
from sync.domain.times import DAY_MS

NEW = Ticket("t", 1, "Printer", "c", "r", 100, 100, awaiting_since=100)
OPEN = replace(NEW, status=Status.OPEN)
WAITING = replace(NEW, status=Status.WAITING, awaiting=Awaiting.REQUESTER, awaiting_since=150)
CLOSED = replace(NEW, status=Status.CLOSED, awaiting=None, awaiting_since=None, closed_at=170)


def state(ticket: Ticket) -> tuple[Status, Awaiting | None, int | None, int | None]:
    """What the rules decide."""
    return ticket.status, ticket.awaiting, ticket.awaiting_since, ticket.closed_at


@pytest.mark.parametrize(
    ("before", "kind", "after"),
    [
        (NEW, MessageKind.INBOUND, (Status.NEW, Awaiting.TEAM, 100, None)),
        (OPEN, MessageKind.INBOUND, (Status.OPEN, Awaiting.TEAM, 100, None)),
        (WAITING, MessageKind.INBOUND, (Status.OPEN, Awaiting.TEAM, 200, None)),
        (CLOSED, MessageKind.INBOUND, (Status.OPEN, Awaiting.TEAM, 200, None)),
        (NEW, MessageKind.REPLY, (Status.WAITING, Awaiting.REQUESTER, 200, None)),
        (CLOSED, MessageKind.REPLY, (Status.WAITING, Awaiting.REQUESTER, 200, None)),
        (NEW, MessageKind.NOTE, (Status.NEW, Awaiting.TEAM, 100, None)),
        (CLOSED, MessageKind.NOTE, (Status.CLOSED, None, None, 170)),
        (WAITING, MessageKind.EVENT, (Status.WAITING, Awaiting.REQUESTER, 150, None)),
    ],
)
def test_a_message_moves_the_turn(
    before: Ticket, kind: MessageKind, after: tuple[Status, Awaiting | None, int | None, int | None]
) -> None:
    assert state(rules.after_message(before, kind, 200)) == after
    assert rules.after_message(before, kind, 200).updated_at == 200


@pytest.mark.parametrize(
    ("before", "status", "after"),
    [
        (NEW, Status.CLOSED, (Status.CLOSED, None, None, 200)),
        (CLOSED, Status.CLOSED, (Status.CLOSED, None, None, 170)),
        (CLOSED, Status.OPEN, (Status.OPEN, Awaiting.TEAM, 200, None)),
        (OPEN, Status.WAITING, (Status.WAITING, Awaiting.REQUESTER, 200, None)),
        (WAITING, Status.WAITING, (Status.WAITING, Awaiting.REQUESTER, 150, None)),
        (OPEN, Status.NEW, (Status.NEW, Awaiting.TEAM, 100, None)),
    ],
)
def test_a_status_set_by_hand(
    before: Ticket, status: Status, after: tuple[Status, Awaiting | None, int | None, int | None]
) -> None:
    assert state(rules.with_status(before, status, 200)) == after


def test_words_reopen_within_the_window_only() -> None:
    end = 170 + rules.REOPEN_DAYS * DAY_MS
    assert [rules.may_reopen(CLOSED, end), rules.may_reopen(CLOSED, end + 1)] == [True, False]
    assert rules.may_reopen(OPEN, end + 1)


def test_each_edit() -> None:
    assert rules.after_edit(NEW, "tags/vip", True, 200).tags == {"vip"}
    assert rules.after_edit(replace(NEW, tags=frozenset({"vip"})), "tags/vip", None, 200).tags == frozenset()
    assert rules.after_edit(NEW, "priority", "urgent", 200).priority is Priority.URGENT
    assert rules.after_edit(NEW, "assigneeId", "g", 200).assignee_id == "g"
    assert rules.after_edit(replace(NEW, assignee_id="g"), "assigneeId", None, 200).assignee_id is None
    assert rules.after_edit(NEW, "categoryId", "c2", 200).category_id == "c2"
    for name, value in (("subject", "x"), ("categoryId", None), ("status", "odd"), ("priority", None)):
        with pytest.raises(ValueError, match=r"."):
            rules.after_edit(NEW, name, value, 200)


def test_only_its_own_actions_touch_a_ticket() -> None:
    edit = EditTicket("k", "t", {"priority": "low", "tags/a": True}, {"priority": "normal", "tags/a": None}, 300)
    assert rules.project(NEW, edit) == replace(NEW, priority=Priority.LOW, tags=frozenset({"a"}), updated_at=300)
    reply = PostMessage("k", "t", MessageKind.REPLY, "Hi", 300, then_status=Status.CLOSED, base_status=Status.NEW)
    assert state(rules.project(NEW, reply)) == (Status.CLOSED, None, None, 300)
    assert rules.project(NEW, replace(edit, ticket_id="other")) is NEW
    assert rules.project(NEW, replace(reply, ticket_id="other")) is NEW
    assert rules.project(NEW, MarkRead("k", "t", 5)) is NEW


@given(st.lists(st.tuples(st.sampled_from([*MessageKind, *Status]), st.integers(200, 10_000)), max_size=12))
def test_status_and_turn_never_contradict_each_other(events: list[tuple[MessageKind | Status, int]]) -> None:
    ticket = NEW
    for event, at in events:
        if isinstance(event, Status):
            ticket = rules.with_status(ticket, event, at)
        else:
            ticket = rules.after_message(ticket, event, at)
        turn = {Status.CLOSED: None, Status.WAITING: Awaiting.REQUESTER}.get(ticket.status, Awaiting.TEAM)
        assert ticket.awaiting is turn
        assert (ticket.awaiting_since is None) == (ticket.status is Status.CLOSED)
        assert (ticket.closed_at is None) == (ticket.status is not Status.CLOSED)


@pytest.mark.parametrize(
    ("ticket", "into", "after"),
    [
        (NEW, WAITING, (Status.OPEN, Awaiting.TEAM, 100, None)),
        (NEW, replace(OPEN, awaiting_since=50), (Status.OPEN, Awaiting.TEAM, 50, None)),
        (OPEN, replace(NEW, awaiting_since=120), (Status.NEW, Awaiting.TEAM, 100, None)),
        (NEW, CLOSED, (Status.OPEN, Awaiting.TEAM, 100, None)),
        (WAITING, CLOSED, (Status.CLOSED, None, None, 170)),
        (CLOSED, WAITING, (Status.WAITING, Awaiting.REQUESTER, 150, None)),
        (CLOSED, OPEN, (Status.OPEN, Awaiting.TEAM, 100, None)),
    ],
)
def test_what_was_owed_on_a_merged_ticket_is_owed_on_the_other(
    ticket: Ticket, into: Ticket, after: tuple[Status, Awaiting | None, int | None, int | None]
) -> None:
    onto = rules.taken_in(replace(into, id="m", tags=frozenset({"b"})), replace(ticket, tags=frozenset({"a"})), 200)
    assert state(onto) == after
    assert (onto.tags, onto.updated_at) == (frozenset({"a", "b"}), 200)
    closed = rules.merged_away(ticket, "m", 200)
    assert (closed.status, closed.awaiting, closed.merged_into_id) == (Status.CLOSED, None, "m")
    assert closed.closed_at == (170 if ticket is CLOSED else 200)


def test_a_merge_adds_up_the_reminders() -> None:
    ticket, into = replace(NEW, reminders=2), replace(OPEN, id="m", reminders=1)
    assert rules.taken_in(into, ticket, 200).reminders == 3
    assert rules.merged_away(ticket, "m", 200).reminders == 2


def test_a_reminder_changes_neither_the_turn_nor_since_when() -> None:
    assert state(rules.reminded(NEW, 200)) == state(NEW)
    assert (rules.reminded(NEW, 200).reminders, rules.reminded(NEW, 200).updated_at) == (1, 200)


def test_solved_by_the_requester_is_closed_and_words_open_it_again() -> None:
    solved = rules.solved_by_requester(OPEN, 200)
    assert (solved.status, solved.awaiting, solved.closed_at) == (Status.CLOSED, None, 200)
    assert solved.outcome == rules.SOLVED_BY_REQUESTER
    assert rules.after_inbound(solved, 300).status is Status.OPEN
    assert rules.rated(solved, Rating.GOOD, 300).rating is Rating.GOOD


def test_which_tickets_may_be_merged() -> None:
    other = replace(OPEN, id="m")
    assert rules.may_merge(NEW, other)
    assert rules.may_merge(CLOSED, replace(CLOSED, id="m"))
    assert not rules.may_merge(NEW, NEW)
    assert not rules.may_merge(NEW, replace(other, category_id="d"))
    assert not rules.may_merge(NEW, replace(CLOSED, id="m", requester_id="q"))
    assert not rules.may_merge(replace(NEW, merged_into_id="x"), other)
    assert not rules.may_merge(NEW, replace(other, merged_into_id="x"))
