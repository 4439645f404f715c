"""A note at any moment."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.windows.quick_note import QuickNoteWindow
from sync.domain import limits
from tests.rigs.world import World


@pytest.fixture
def window(world: World, qtbot: QtBot) -> QuickNoteWindow:
    window = QuickNoteWindow(world.desk)
    qtbot.addWidget(window)
    window.ask()
    return window


def test_ctrl_s_saves_and_closes(window: QuickNoteWindow, world: World, qtbot: QtBot) -> None:
    assert window.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    QTest.keyClicks(window.editor, "mirror 2 is out")
    QTest.keyClick(window.editor, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert [row.text for row in world.desk.reader.quick_notes()] == ["mirror 2 is out"]
    assert window.isHidden()
    assert window.editor.text == ""


def test_escape_hides_and_the_words_stay(window: QuickNoteWindow, qtbot: QtBot) -> None:
    QTest.keyClicks(window.editor, "half")
    QTest.keyClick(window.editor, Qt.Key.Key_Escape)
    assert window.isHidden()
    window.ask("and more")
    assert window.editor.text == "half\nand more"


def test_nothing_is_not_saved(window: QuickNoteWindow, world: World) -> None:
    window.save()
    assert world.desk.reader.quick_notes() == []
    assert "nothing to save" in window.notice.words


def test_a_failure_keeps_the_words(
    window: QuickNoteWindow, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "QUICK_NOTE_MAX_BYTES", 5)
    QTest.keyClicks(window.editor, "too long")
    window.save()
    assert window.editor.text == "too long"
    assert "Shorten it." in window.notice.words
    assert not window.isHidden()


def test_words_that_were_begun_survive_the_program(window: QuickNoteWindow, world: World, qtbot: QtBot) -> None:
    QTest.keyClicks(window.editor, "half a thought")
    qtbot.waitUntil(lambda: [row.text for row in world.desk.reader.drafts()] == ["half a thought"])
    after_a_crash = QuickNoteWindow(world.desk)
    qtbot.addWidget(after_a_crash)
    after_a_crash.ask("and more")
    assert after_a_crash.editor.text == "half a thought\nand more"
    after_a_crash.save()
    assert world.desk.reader.drafts() == []
    assert [row.text for row in world.desk.reader.quick_notes()] == ["half a thought\nand more"]


def test_a_note_from_elsewhere_leaves_the_draft(window: QuickNoteWindow, world: World) -> None:
    QTest.keyClicks(window.editor, "half")
    window.flush()
    world.desk.intents.quick_note("from the terminal")
    assert [row.text for row in world.desk.reader.drafts()] == ["half"]
