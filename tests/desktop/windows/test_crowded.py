"""Long names, many categories, a hundred tags: nothing that decides is cut off."""

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from desktop.models.composing import Mode
from desktop.models.place import view
from desktop.widgets.composer_closed import ClosedComposer
from desktop.widgets.key_button import KeyButton
from desktop.widgets.tag_row import MOST, TagChip
from tests.rigs.frame import Frame, crowded

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(params=[(1440, 900), (1280, 800), (960, 540)])
def full(frame: Frame, request: pytest.FixtureRequest, qtbot: QtBot) -> Frame:
    width, height = request.param
    frame.window.resize(width, height)
    qtbot.waitUntil(lambda: frame.window.width() == width)
    crowded(frame)
    for _ in range(4):
        QCoreApplication.processEvents()
    return frame


def test_the_window_keeps_its_size(full: Frame) -> None:
    asked = full.window.minimumSizeHint()
    assert asked.width() <= 960
    assert asked.height() <= 540


def test_the_side_bar_scrolls_and_cuts_nothing(full: Frame) -> None:
    bar = full.window.side_bar
    item = bar.item(view("awaiting"))
    assert item.height() == item.sizeHint().height()
    assert item.width() >= item.sizeHint().width() - 1  # the line beside it
    assert bar.viewport().rect().right() >= item.mapTo(bar, item.rect().topRight()).x()


def test_both_modes_keep_their_words(full: Frame) -> None:
    closed = full.window.pane.composer.findChild(ClosedComposer)
    assert closed is not None
    reply, note = (one for one in closed.findChildren(KeyButton))
    assert note.width() == note.sizeHint().width()
    assert note.text() == "Internal note"
    assert reply.width() > note.width()
    full.window.pane.compose(Mode.NOTE)
    assert full.window.pane.composer.isVisible()


def test_a_hundred_tags_leave_room_for_clock_and_requester(full: Frame) -> None:
    chips = [one for one in full.window.pane.details.findChildren(TagChip) if not one.isHidden()]
    assert len(chips) == MOST
    assert (chips[-1].text(), chips[-1].accessibleName()) == ("+89", "89 more tags, change the tags")
