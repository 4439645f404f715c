"""Merging: the other ticket found by number or words, both seen first, also offline; and the ways between the two."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.models.composing import Mode
from desktop.windows.merge import MergeWindow
from sync.domain.actions import MergeTicket
from sync.domain.records import MessageKind
from sync.engine.status import Condition
from tests.rigs.frame import Frame, say_status
from tests.rigs.world import TOM

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def twice(frame: Frame) -> Frame:
    """Ines asked twice in Downloads: 4187 and, by the same requester, 4230; and once in Billing: 4231."""
    detail = frame.desk.reader.ticket(frame.tickets[4187])
    assert detail is not None
    assert detail.requester is not None
    for number, category in ((4230, "Downloads"), (4231, "Billing")):
        frame.tickets[number] = frame.world.ticket(
            "It stops again", category, "Ines R.", number=number, requester_id=detail.requester.id, minutes_ago=30
        )
        frame.world.message(frame.tickets[number], "inbound", "Still at 62 %.", minutes_ago=30)
    while frame.world.cache.index_some(500):
        pass
    return frame


def dialog(frame: Frame, number: int = 4230) -> MergeWindow:
    frame.open(number)
    frame.run("merge")
    found = frame.window.findChild(MergeWindow)
    assert isinstance(found, MergeWindow)
    return found


def cards(window: MergeWindow) -> list[str]:
    model = window.cards.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def merges(frame: Frame) -> list[MergeTicket]:
    return [row.action for row in frame.desk.reader.outbox() if isinstance(row.action, MergeTicket)]


def type_in(window: MergeWindow, words: str, qtbot: QtBot) -> None:
    window.field.setText(words)
    qtbot.waitUntil(lambda: not window._typing.isActive())


def test_the_requesters_other_tickets_of_the_category_are_offered_first(twice: Frame) -> None:
    window = dialog(twice)
    assert window.windowTitle() == "Merge #4230 into another ticket"
    (card,) = cards(window)
    assert card.startswith("Ines R., #4187, Download stops at 62 % every time, The same requester")
    assert window._merge.text() == "Merge into #4187"
    assert "Still at 62 %." in window._from.accessibleName()
    assert "Download stops at 62 % every time. Please help." in window._into.accessibleName()
    assert window.notice.words == ""


def test_ctrl_enter_merges_and_goes_there(twice: Frame, qtbot: QtBot) -> None:
    say_status(twice.world, Condition.OFFLINE)
    window = dialog(twice)
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window.field, Key.Key_Return, CONTROL)
    (action,) = merges(twice)
    assert (action.ticket_id, action.into_id) == (twice.tickets[4230], twice.tickets[4187])
    assert not window.isVisible()
    assert twice.parts.presenter.ticket_id == twice.tickets[4187]
    assert twice.window.notice.words == "#4230 goes on in #4187."
    qtbot.waitUntil(lambda: any(one.origin == "#4230" for one in twice.window.pane.thread_view.entries))


def test_another_requester_is_named_before_anything_is_done(twice: Frame, qtbot: QtBot) -> None:
    window = dialog(twice)
    type_in(window, "phone", qtbot)
    qtbot.waitUntil(lambda: len(cards(window)) == 2)
    assert cards(window)[0].startswith("Ines R., #4187")
    assert cards(window)[1].startswith("Priya S., #4214, Download link does not open on my phone, Another requester")
    window.cards.choose(twice.tickets[4214])
    assert window.notice.words.startswith("Ines R. and Priya S. are two requesters.")
    assert window._merge.isEnabled()


def test_a_number_that_cannot_be_says_why(twice: Frame, qtbot: QtBot) -> None:
    window = dialog(twice)
    type_in(window, "4231", qtbot)
    qtbot.waitUntil(lambda: window.notice.words != "")
    assert window.notice.words == "#4231 is in Billing. Move one of them first, then merge."
    assert not window._merge.isEnabled()
    window.merge()
    assert merges(twice) == []


def test_nothing_found_can_be_merged_into(twice: Frame, qtbot: QtBot) -> None:
    window = dialog(twice)
    type_in(window, "no such words anywhere", qtbot)
    qtbot.waitUntil(lambda: cards(window) == [])
    assert not window._merge.isEnabled()


def merged(frame: Frame) -> None:
    """As the server tells it: 4230 goes on in 4187."""
    from_id, into_id = frame.tickets[4230], frame.tickets[4187]
    frame.world.change(from_id, status="closed", awaiting=None, mergedIntoId=into_id)
    event = json.dumps({"what": "merged", "from": from_id, "to": into_id, "by": TOM}, separators=(",", ":"))
    for one in (from_id, into_id):
        frame.world.message(one, "event", event, TOM)


def test_the_merged_ticket_leads_on_and_has_no_composer(twice: Frame) -> None:
    merged(twice)
    twice.open(4230)
    pane = twice.window.pane
    assert pane.link.words.startswith("This ticket goes on in #4187, Download stops at 62 % every time.")
    assert not pane.composer.isVisible()
    twice.run("reply")
    assert pane.composer.mode is None
    pane.link._yes.click()
    assert twice.parts.presenter.ticket_id == twice.tickets[4187]
    assert pane.link.words == ""
    assert pane.composer.isVisible()
    titles = [one.title for one in pane.thread_view.entries]
    assert "Tom B. merged #4230 into this ticket" in titles


def test_it_is_not_merged_twice(twice: Frame) -> None:
    merged(twice)
    twice.open(4230)
    twice.run("merge")
    assert twice.window.notice.words.startswith("This ticket was merged already.")


def test_a_draft_of_the_merged_ticket_is_offered_where_it_goes_on(twice: Frame) -> None:
    twice.desk.intents.save_draft(twice.tickets[4230], MessageKind.REPLY, "Dear Ines, again")
    merged(twice)
    twice.open(4187)
    pane = twice.window.pane
    assert pane.link.words == "You began a reply on #4230, which goes on here."
    pane.link._yes.click()
    assert (pane.composer.mode, pane.composer.draft.text) == (Mode.REPLY, "Dear Ines, again")
