"""Undo send in the whole window: counted down, taken back from anywhere, sent when its time has come."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.models.composing import Draft, Mode
from desktop.models.place import OUTBOX
from desktop.models.thread import State
from desktop.pages.outbox import OutboxPage
from desktop.widgets.sending_bar import SendingBar
from sync.domain.actions import PostMessage
from sync.domain.records import Attachment, Status
from tests.rigs.frame import Frame

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier
WORDS = "It is on its way, Ines."


def bar(frame: Frame) -> SendingBar:
    return frame.window.pane.sending


def send(frame: Frame, qtbot: QtBot, number: int = 4187, words: str = WORDS) -> None:
    """Written and sent by the keyboard."""
    frame.open(number)
    frame.window.pane.compose(Mode.REPLY)
    editor = frame.window.pane.composer.sheet.editor
    QTest.keyClicks(editor, words)
    QTest.keyClick(editor, Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: bool(bar(frame).words))


def waiting(frame: Frame) -> list[PostMessage]:
    actions = [row.action for row in frame.desk.reader.outbox()]
    return [one for one in actions if isinstance(one, PostMessage) and one.kind == "reply"]


def test_the_bar_and_the_message_count_down(frame: Frame, qtbot: QtBot) -> None:
    send(frame, qtbot)
    assert bar(frame).words == "Sending in 10 s"
    frame.world.clock.now += 2_500
    qtbot.waitUntil(lambda: bar(frame).words == "Sending in 8 s")
    entry = frame.window.pane.thread_view.column.shown[-1]
    assert (entry.state, entry.seconds, entry.undo) == (State.SENDS_SOON, 8, True)
    frame.world.clock.now += 7_500
    qtbot.waitUntil(bar(frame).isHidden)
    entry = frame.window.pane.thread_view.column.shown[-1]
    assert (entry.state, entry.seconds, entry.undo) == (State.SENDS_NEXT, 0, True)


def test_ctrl_z_brings_back_words_files_and_what_was_to_follow(frame: Frame, qtbot: QtBot) -> None:
    frame.open(4187)
    composer = frame.window.pane.composer
    frame.window.pane.compose(Mode.REPLY)
    composer.add_attachment(Attachment("b7", "log.txt", "text/plain", 3))
    composer.sheet.foot.choose(Status.CLOSED)
    QTest.keyClicks(composer.sheet.editor, WORDS)
    QTest.keyClick(composer.sheet.editor, Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: bar(frame).isVisible())
    qtbot.waitUntil(frame.window.isActiveWindow)
    QTest.keyClick(frame.window, Key.Key_Z, CONTROL)
    assert waiting(frame) == []
    assert composer.mode is Mode.REPLY
    assert composer.draft == Draft(WORDS, (Attachment("b7", "log.txt", "text/plain", 3),))
    assert composer.sheet.foot.then is Status.CLOSED
    qtbot.waitUntil(bar(frame).isHidden)


def test_what_was_begun_meanwhile_comes_after_the_words_that_come_back(frame: Frame, qtbot: QtBot) -> None:
    send(frame, qtbot)
    frame.window.pane.compose(Mode.REPLY)
    QTest.keyClicks(frame.window.pane.composer.sheet.editor, "One more thing")
    frame.run("undo_send")
    assert frame.window.pane.composer.draft.text == f"{WORDS}\n\nOne more thing"


def test_from_another_ticket_it_names_the_one_and_goes_back_to_it(frame: Frame, qtbot: QtBot) -> None:
    send(frame, qtbot)
    frame.open(4203)
    qtbot.waitUntil(lambda: bar(frame).words == "#4187 Download stops at 62 % every time: sending in 10 s")
    bar(frame)._undo.click()
    assert frame.parts.presenter.ticket_id == frame.tickets[4187]
    assert frame.window.pane.composer.draft.text == WORDS


def test_from_a_page_it_goes_back_to_the_ticket(frame: Frame, qtbot: QtBot) -> None:
    send(frame, qtbot)
    frame.run("view_quick_notes")
    frame.run("undo_send")
    assert (frame.window.page, frame.window.pane.composer.draft.text) == ("", WORDS)


def test_in_the_outbox_it_is_the_one_with_the_cursor(frame: Frame, qtbot: QtBot) -> None:
    send(frame, qtbot)
    frame.run("view_outbox")
    page = frame.window.pages[OUTBOX]
    assert isinstance(page, OutboxPage)
    (row,) = (row for row in frame.desk.reader.outbox() if row.hold_until)
    page.cards.choose(row.client_key)
    QTest.keyClick(page.cards, Key.Key_Z, CONTROL)
    assert waiting(frame) == []


def test_send_now_lets_it_go(frame: Frame, qtbot: QtBot) -> None:
    send(frame, qtbot)
    nudges = frame.world.nudges
    bar(frame)._now.click()
    qtbot.waitUntil(bar(frame).isHidden)
    assert frame.world.nudges == nudges + 1
    assert [one.action.client_key for one in frame.world.cache.batch(9, 9_999)][-1] == waiting(frame)[0].client_key


def test_two_are_taken_back_one_after_the_other(frame: Frame, qtbot: QtBot) -> None:
    send(frame, qtbot)
    send(frame, qtbot, 4203, "Your money is back, Oskar.")
    frame.run("undo_send")
    assert [one.body_text for one in waiting(frame)] == [WORDS]
    qtbot.waitUntil(lambda: bar(frame).words.startswith("#4187"))
    frame.run("undo_send")
    assert waiting(frame) == []


def test_what_is_on_its_way_says_so(frame: Frame, qtbot: QtBot) -> None:
    send(frame, qtbot)
    (action,) = waiting(frame)
    frame.world.clock.now += 10_000
    frame.world.cache.batch(100, 1_000_000)
    frame.window.pane.thread_view.undo_pressed.emit(action.client_key)
    assert "on its way already" in frame.window.notice.words
    assert frame.window.pane.composer.mode is None
    assert len(waiting(frame)) == 1


def test_with_nothing_to_take_back_it_says_so(frame: Frame) -> None:
    frame.open(4203)
    frame.run("undo_send")
    assert frame.window.notice.words.startswith("There is nothing to take back")


def test_offline_it_can_be_taken_back_long_after(frame: Frame, qtbot: QtBot) -> None:
    send(frame, qtbot)
    frame.world.clock.now += 3_600_000
    qtbot.waitUntil(bar(frame).isHidden)
    frame.run("undo_send")
    assert frame.window.pane.composer.draft.text == WORDS


def test_the_setting_off_sends_at_once(frame: Frame) -> None:
    frame.desk.settings.put("writing/undoSeconds", 0)
    frame.open(4187)
    frame.window.pane.compose(Mode.REPLY)
    QTest.keyClicks(frame.window.pane.composer.sheet.editor, WORDS)
    QTest.keyClick(frame.window.pane.composer.sheet.editor, Key.Key_Return, CONTROL)
    (row,) = (
        row for row in frame.desk.reader.outbox() if isinstance(row.action, PostMessage) and row.action.kind == "reply"
    )
    assert row.hold_until is None
    assert bar(frame).isHidden()
