"""What is drawn of each message, and which are folded."""

from dataclasses import replace
from datetime import UTC

import pytest

from desktop.models.event_sentence import Names
from desktop.models.moments import Moments
from desktop.models.thread import Scene, State, entries, spoken, state_words
from sync.cache.rows import Delivered, MessageRow, MessageState
from sync.domain.records import MessageKind
from sync.domain.times import MINUTE_MS

NOW = 1_773_757_560_000


@pytest.fixture
def scene(qapp: object) -> Scene:
    return Scene("Ines R.", Names("g1", {"g1": "Marta K."}), Moments(UTC), NOW, awaiting_team=True, read_seq=99)


def row(seq: int, kind: MessageKind, **other: object) -> MessageRow:
    at = NOW - (100 - seq) * MINUTE_MS
    plain = MessageRow(
        f"m{seq}", "t1", seq, kind, "g1", "Ines R." if kind is MessageKind.INBOUND else "Marta K.", False,
        f"words {seq}", at, at, (), MessageState.SENT, None,
    )  # fmt: skip
    return replace(plain, **other)  # type: ignore[arg-type]  # names of the row's fields


def test_the_requester_words_since_the_last_reply_are_unanswered(scene: Scene) -> None:
    kinds = [MessageKind.INBOUND, MessageKind.REPLY, MessageKind.INBOUND, MessageKind.NOTE, MessageKind.INBOUND]
    shown = entries([row(n, kind) for n, kind in enumerate(kinds, start=1)], scene)
    assert [entry.id for entry in shown if entry.state is State.UNANSWERED] == ["m3", "m5"]


def test_nothing_is_unanswered_where_no_answer_is_owed(scene: Scene) -> None:
    shown = entries([row(1, MessageKind.INBOUND)], replace(scene, awaiting_team=False))
    assert shown[0].state is State.NONE


def test_a_reply_that_was_held_answers_nothing(scene: Scene) -> None:
    held = row(2, MessageKind.REPLY, state=MessageState.NEEDS_YOU, client_key="k")
    shown = entries([row(1, MessageKind.INBOUND), held], scene)
    assert [entry.state for entry in shown] == [State.UNANSWERED, State.NEEDS_YOU]


def test_old_read_messages_fold_and_the_rest_stays(scene: Scene) -> None:
    rows = [row(n, MessageKind.NOTE) for n in range(1, 9)]
    assert [entry.folded for entry in entries(rows, scene)] == [True] * 4 + [False] * 4
    unread = entries(rows, replace(scene, read_seq=2))
    assert [entry.folded for entry in unread] == [True] * 2 + [False] * 6
    low = entries(rows, replace(scene, few_lines=True))
    assert [entry.folded for entry in low] == [True] * 7 + [False]


def test_more_unread_than_anybody_reads_at_once_folds(scene: Scene) -> None:
    rows = [row(n, MessageKind.INBOUND) for n in range(1, 21)]
    shown = entries(rows, replace(scene, read_seq=0))
    assert [entry.folded for entry in shown] == [True] * 8 + [False] * 12
    assert all(entry.state is State.UNANSWERED for entry in shown)


def test_what_waits_or_needs_somebody_never_folds(scene: Scene) -> None:
    waiting = row(1, MessageKind.NOTE, state=MessageState.SAVED_HERE, client_key="k")
    shown = entries([waiting, *(row(n, MessageKind.NOTE) for n in range(2, 12))], scene)
    assert not shown[0].folded


@pytest.mark.parametrize(
    ("online", "state", "words", "state_shown"),
    [
        (True, MessageState.SAVED_HERE, "14:16, written offline", State.SENDS_NEXT),
        (False, MessageState.SAVED_HERE, "14:16", State.SAVED_HERE),
        (True, MessageState.SENDING, "14:16, written offline", State.SENDING),
    ],
)
def test_unsent_words_say_where_they_are(
    scene: Scene, online: bool, state: MessageState, words: str, state_shown: State
) -> None:
    at = NOW - 10 * MINUTE_MS
    pending = row(1 << 40, MessageKind.REPLY, state=state, client_key="k", composed_at=at, posted_at=at)
    (entry,) = entries([pending], replace(scene, online=online))
    assert entry.when == words
    assert entry.state is state_shown
    assert entry.seq == 0
    assert entry.undo is (state is MessageState.SAVED_HERE)


def test_sent_words_say_when_they_were_written(scene: Scene) -> None:
    late = row(1, MessageKind.NOTE, composed_at=NOW - 30 * MINUTE_MS, posted_at=NOW)
    assert entries([late], scene)[0].when == "14:26, written offline 13:56"


def test_a_screen_reader_hears_kind_author_time_and_state(scene: Scene) -> None:
    (entry,) = entries([row(1, MessageKind.REPLY, posted_at=NOW, composed_at=NOW)], scene)
    assert spoken(entry) == "Reply to Ines R., Marta K., 14:26, Sent"


@pytest.mark.parametrize(
    ("status", "state", "why"),
    [
        ("queued", State.QUEUED, ""),
        ("handedOver", State.HANDED_OVER, ""),
        ("delayed", State.DELAYED, "full"),
        ("bounced", State.BOUNCED, "full"),
        ("failed", State.FAILED, "full"),
        ("notSent", State.NOT_SENT, ""),
        ("ofTheFuture", State.SENT, ""),
    ],
)
def test_what_became_of_the_mail_stands_under_the_reply(scene: Scene, status: str, state: State, why: str) -> None:
    if status == "ofTheFuture":
        shown = entries([row(1, MessageKind.REPLY)], scene)
    else:
        shown = entries([row(1, MessageKind.REPLY, delivered=Delivered(status, NOW, "full"))], scene)
    assert (shown[0].state, shown[0].why) == (state, why)
    assert state_words(state) in spoken(shown[0])
    assert why in spoken(shown[0])


def test_a_reply_that_came_back_answers_nothing(scene: Scene) -> None:
    rows = [row(1, MessageKind.INBOUND), row(2, MessageKind.REPLY, delivered=Delivered("bounced", NOW))]
    assert entries(rows, scene)[0].state is State.UNANSWERED
