"""By Tab alone one comes to everything, in the order of the eye, and out of it again; one always sees where one is."""

from itertools import groupby

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.models.composing import Mode
from tests.rigs.frame import Frame

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def part_of(frame: Frame, widget: QWidget) -> str:
    window, pane = frame.window, frame.window.pane
    parts: list[tuple[str, QWidget]] = [
        ("search", window.tool_bar.search), ("tool bar", window.tool_bar), ("side bar", window.side_bar),
        ("list", window.list_pane.view), ("list head", window.list_pane), ("thread", pane.thread_view),
        ("composer", pane.composer), ("details", pane.details), ("head", pane), ("status line", window.status_line),
    ]  # fmt: skip
    return next((name for name, part in parts if part is widget or part.isAncestorOf(widget)), type(widget).__name__)


def walk(frame: Frame, key: Qt.Key = Qt.Key.Key_Tab, most: int = 200) -> list[QWidget]:
    """Everything from the search field round to it again."""
    window = frame.window
    start = window.tool_bar.search
    start.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[QWidget] = []
    for _ in range(most):
        here = window.focusWidget()
        assert here is not None
        if here is start and seen:
            return seen
        seen.append(here)
        QTest.keyClick(here, key)
    raise AssertionError(f"a trap: {[part_of(frame, one) for one in seen[-3:]]}, {seen[-1]}")


@pytest.fixture
def ready(frame: Frame, qtbot: QtBot) -> Frame:
    frame.window.activateWindow()
    qtbot.waitUntil(frame.window.isActiveWindow)
    frame.open(4187)
    return frame


@pytest.mark.parametrize("width", [1440, 1280, 900])
def test_round_the_window_in_the_order_of_the_eye(ready: Frame, width: int) -> None:
    ready.window.resize(width, 800)
    QCoreApplication.processEvents()
    parts = [name for name, _ in groupby(part_of(ready, one) for one in walk(ready))]
    drawn = ["search", "side bar", "list", "thread", "composer", *(["details"] if width == 1440 else []), "status line"]
    assert len(parts) == len(set(parts)), parts
    assert [one for one in parts if one in drawn] == drawn, parts


def test_what_is_made_later_stands_in_its_place(ready: Frame) -> None:
    person = ready.desk.reader.ticket(ready.tickets[4187])
    assert person is not None
    assert person.requester is not None
    again = ready.world.ticket("Once more", requester_id=person.requester.id, number=4300)
    ready.parts.commanding.open_ticket(again)
    QCoreApplication.processEvents()
    names = [one.accessibleName() for one in walk(ready) if part_of(ready, one) == "details"]
    assert names[-2] == "Change the tags"
    assert names[-1] == "Open ticket #4187, Download stops at 62 % every time"
    places = [one.accessibleName() for one in walk(ready) if part_of(ready, one) == "side bar"]
    assert places[7:10] == ["Billing, 2", "Downloads, 4", "Installation, 2"]


def test_backwards_is_the_same_way(ready: Frame) -> None:
    there, back = walk(ready), walk(ready, Qt.Key.Key_Backtab)
    assert back == [there[0], *reversed(there[1:])]


@pytest.mark.parametrize("mode", list(Mode))
def test_a_text_being_written_is_no_trap(ready: Frame, mode: Mode) -> None:
    ready.window.pane.compose(mode)
    assert "composer" in {part_of(ready, one) for one in walk(ready)}


def grabbed(window: QWidget) -> QImage:
    QCoreApplication.processEvents()
    return window.grab().toImage()


def test_one_sees_where_the_keyboard_is(ready: Frame) -> None:
    QApplication.setCursorFlashTime(0)
    unseen = []
    for widget in walk(ready):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        there = grabbed(ready.window)
        widget.clearFocus()
        if grabbed(ready.window) == there:
            unseen.append(f"{type(widget).__name__} in {part_of(ready, widget)}: {widget.accessibleName()}")
    assert unseen == []
