"""Find in a thread, in a ticket on a real cache."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.models.composing import Mode
from desktop.theme.appearance import Choice
from desktop.widgets.message_body import FIRST_PART
from desktop.widgets.message_fold import MessageFold
from desktop.widgets.message_frame import MessageFrame
from tests.rigs.stand import Stand
from tests.rigs.world import TOM, World

Key = Qt.Key


@pytest.fixture
def ticket(world: World) -> str:
    ticket = world.ticket("Download stops", number=4187)
    world.message(ticket, "inbound", "Mirror 2 stops.", minutes_ago=900)
    for number in range(80):
        world.message(ticket, "note", f"Line {number}.\n" * 6, TOM, minutes_ago=800 - number)
    world.message(ticket, "reply", "🛎️ Is it MIRROR 2, the mirror in Oslo?", TOM, minutes_ago=20)
    world.message(ticket, "inbound", "Yes.", minutes_ago=10)
    world.read(ticket)
    return ticket


def seek(stand: Stand, words: str) -> None:
    stand.pane.find_words()
    stand.pane.finding.bar.field.setText(words)
    QTest.keyClick(stand.pane.finding.bar.field, Key.Key_Return)


def marked(stand: Stand) -> str:
    """The words under the stronger mark."""
    found = [one.body._marked.selectedText() for one in stand.pane.findChildren(MessageFrame)]
    (words,) = [one for one in found if one]
    return words


def in_sight(stand: Stand) -> bool:
    view = stand.pane.thread_view
    (body,) = [one.body for one in stand.pane.findChildren(MessageFrame) if one.body._marked.hasSelection()]
    place = body.mapTo(view.viewport(), body.marked_place.center())
    return view.viewport().rect().contains(place)


def count(stand: Stand) -> str:
    return stand.pane.finding.bar.count.text()


def test_enter_goes_on_shift_enter_back_and_round(stand: Stand, ticket: str, world: World) -> None:
    stand.presenter.show_ticket(ticket)
    view, field = stand.pane.thread_view, stand.pane.finding.bar.field
    seek(stand, "mirror")
    assert (count(stand), marked(stand)) == ("2 of 3", "MIRROR")  # the first from what is in sight on
    QTest.keyClick(field, Key.Key_Return)
    assert (count(stand), marked(stand)) == ("3 of 3", "mirror")
    first = world.desk.reader.thread(ticket)[0].id
    assert view.column.widget_of(first) is None
    QTest.keyClick(field, Key.Key_Return)
    assert (count(stand), marked(stand)) == ("1 of 3", "Mirror")
    assert isinstance(view.column.widget_of(first), MessageFrame)
    assert in_sight(stand)
    QTest.keyClick(field, Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert count(stand) == "3 of 3"
    assert in_sight(stand)


def test_what_is_folded_opens(stand: Stand, ticket: str, world: World) -> None:
    stand.presenter.show_ticket(ticket)
    row = world.desk.reader.thread(ticket)[60]
    column = stand.pane.thread_view.column
    assert isinstance(column.widget_of(row.id), MessageFold)
    seek(stand, "line 590")
    assert count(stand) == "Not in this thread"
    seek(stand, "line 59.")
    assert isinstance(column.widget_of(row.id), MessageFrame)
    assert count(stand) == "1 of 6"
    assert in_sight(stand)


def test_words_beyond_the_first_part_are_laid_out(stand: Stand, world: World) -> None:
    ticket = world.ticket("Log")
    world.message(ticket, "inbound", "word " * (FIRST_PART // 4) + "needle")
    stand.presenter.show_ticket(ticket)
    seek(stand, "needle")
    assert marked(stand) == "needle"
    assert in_sight(stand)


def test_escape_closes_the_bar_before_the_composer(stand: Stand, ticket: str) -> None:
    stand.presenter.show_ticket(ticket)
    stand.pane.compose(Mode.NOTE)
    seek(stand, "mirror")
    QTest.keyClick(stand.pane.finding.bar.field, Key.Key_Escape)
    assert stand.pane.finding.bar.isHidden()
    assert all(not frame.body.extraSelections() for frame in stand.pane.findChildren(MessageFrame))
    assert stand.pane.thread_view.hasFocus()
    assert stand.composer.mode is Mode.NOTE
    seek(stand, "mirror")
    assert stand.pane.leave()
    assert stand.pane.finding.bar.isHidden()
    assert stand.composer.mode is Mode.NOTE


def test_new_messages_count_and_another_ticket_ends_it(stand: Stand, ticket: str, world: World, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    seek(stand, "mirror")
    world.message(ticket, "inbound", "The mirror again.")
    qtbot.waitUntil(lambda: count(stand) == "2 of 4")
    world.desk.appearance.choose(Choice.DARK)
    assert marked(stand) == "MIRROR"
    stand.presenter.show_ticket(world.ticket("Another"))
    assert stand.pane.finding.bar.isHidden()
