"""One answer, one mail: several tickets of one requester become one first, and all of it is taken back at once."""

from collections.abc import Sequence

import pytest

from desktop.windows.answer_all import AnswerAllWindow
from sync.domain.actions import Action, MergeTicket, PostMessage
from tests.rigs.frame import Frame
from tests.rigs.incidents import GATHERED, RUNNING, fill_incidents

HELLO = "Good day"
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def gathered(frame: Frame, *categories: str, name: str = "Zoe", requester_id: str | None = None) -> list[str]:
    """Tickets of one requester in the incident, the oldest first, each in its category."""
    found: list[str] = []
    for number, category in enumerate(categories):
        words, age = f"It fails again {number}", 50 - number
        ticket_id = frame.world.ticket(
            words, category, name, minutes_ago=age, requester_id=requester_id, incidentId=RUNNING
        )
        requester_id = frame.world.requester_of(ticket_id)
        found.append(ticket_id)
    return found


def window_of(frame: Frame) -> AnswerAllWindow:
    frame.parts.gathering.answer_all(RUNNING)
    window = frame.parts.gathering.answering
    assert window is not None
    window.text.setPlainText(f"{HELLO} {{name}}, #{{number}}.")
    return window


def waiting(frame: Frame) -> tuple[list[tuple[str, str]], list[str]]:
    """The merges (from, into) and the tickets that are answered, in the order in which they go."""
    return sorted_out([row.action for row in frame.desk.reader.outbox()])


def sorted_out(actions: Sequence[Action]) -> tuple[list[tuple[str, str]], list[str]]:
    merges = [(one.ticket_id, one.into_id) for one in actions if isinstance(one, MergeTicket)]
    return merges, [
        one.ticket_id for one in actions if isinstance(one, PostMessage) and one.body_text.startswith(HELLO)
    ]


def test_where_everybody_has_one_nothing_is_offered(frame: Frame) -> None:
    fill_incidents(frame)
    window = window_of(frame)
    assert window.several.isHidden()
    assert window.merging.isHidden()
    assert window.send.text().startswith("Send to 3")


def test_three_of_one_requester_become_one_and_get_one_answer(frame: Frame) -> None:
    fill_incidents(frame)
    first, second, newest = gathered(frame, "Downloads", "Downloads", "Downloads")
    window = window_of(frame)
    assert window.several.text() == "3 of these are Zoe's."
    assert not window.merging.isHidden()
    assert window.merging.isChecked()
    assert window.send.text().startswith("Send to 4")
    window.cards.choose(first)
    number = frame.desk.reader.ticket(newest)
    assert number is not None
    assert f"#{number.row.number}." in window.preview.text()
    window.send_all()
    merges, answered = waiting(frame)
    assert merges == [(first, newest), (second, newest)]
    assert set(answered) == {newest, *(frame.tickets[one] for one in GATHERED)}
    assert len(answered) == 4


def test_one_key_takes_all_of_it_back_and_the_words_are_drafts(frame: Frame) -> None:
    fill_incidents(frame)
    first, _, newest = gathered(frame, "Downloads", "Downloads", "Downloads")
    window_of(frame).send_all()
    gone = [one.action for one in frame.desk.cache.batch(200, 10_000_000)]
    assert sorted_out(gone) == ([], [])  # they wait, so that they can be taken back
    assert "4" in frame.window.notice.words
    frame.window.notice.pressed.emit("undo")
    assert waiting(frame) == ([], [])
    detail = frame.desk.reader.ticket(first)
    assert detail is not None
    assert detail.merged_into_id is None
    draft = frame.desk.reader.draft(newest, "reply")
    assert draft is not None
    assert draft.text.startswith(f"{HELLO} Zoe")


def test_without_the_tick_each_ticket_is_answered(frame: Frame) -> None:
    fill_incidents(frame)
    theirs = gathered(frame, "Downloads", "Downloads")
    window = window_of(frame)
    window.merging.setChecked(False)
    assert window.send.text().startswith("Send to 5")
    window.send_all()
    merges, answered = waiting(frame)
    assert merges == []
    assert set(theirs) < set(answered)


def test_tickets_of_two_categories_stay_apart_and_it_is_said(frame: Frame) -> None:
    fill_incidents(frame)
    elsewhere, first, newest = gathered(frame, "Billing", "Downloads", "Downloads")
    window = window_of(frame)
    assert window.several.text() == "3 of these are Zoe's. Tickets of different categories stay apart."
    window.send_all()
    merges, answered = waiting(frame)
    assert merges == [(first, newest)]
    assert {elsewhere, newest} < set(answered)


def test_of_many_requesters_the_first_are_named(frame: Frame) -> None:
    fill_incidents(frame)
    for name in ("Ann", "Ben", "Cai", "Dan"):
        gathered(frame, "Downloads", "Downloads", name=name)
    said = window_of(frame).several.text()
    assert said == "2 of these are Ann's. 2 of these are Ben's. 2 of these are Cai's. More have several too: 1."
