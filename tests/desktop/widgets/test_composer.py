"""The composer: two modes that cannot be mistaken, and words that are never lost."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.models.composing import Draft, Mode, Submission
from desktop.widgets.composer import Composer
from sync.domain.records import Attachment, Status
from tests.rigs.world import World

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def composer(world: World, qtbot: QtBot) -> Composer:
    composer = Composer(world.desk.appearance)
    qtbot.addWidget(composer)
    composer.show_ticket("Ines R.", "ines.r@mail.example", "Downloads")
    composer.resize(700, 300)
    with qtbot.waitExposed(composer):
        composer.show()
    return composer


def write(composer: Composer, qtbot: QtBot, words: str) -> None:
    QTest.keyClicks(composer.sheet.editor, words)


def test_it_begins_closed_and_has_no_default_mode(composer: Composer) -> None:
    assert composer.mode is None
    assert composer.shut.isVisible()
    composer.open(Mode.NOTE)
    composer.show_ticket("Oskar N.", "", "Billing")
    assert composer.mode is None


def test_each_mode_says_who_reads_it(composer: Composer) -> None:
    composer.open(Mode.REPLY)
    assert composer.sheet.band.words == "E-mail to Ines R. ines.r@mail.example. The requester reads this"
    assert composer.sheet.editor.accessibleName() == "Reply to Ines R., sent by e-mail"
    composer.leave()
    composer.open(Mode.NOTE)
    assert composer.sheet.band.words == "Only colleagues in Downloads read this. Nothing goes to Ines R."
    assert composer.sheet.editor.accessibleName() == "Internal note, colleagues only"


def test_where_nothing_is_mailed_it_says_where_the_reply_is_read(composer: Composer) -> None:
    composer.show_ticket("Ines R.", "ines.r@mail.example", "Downloads", mails=False)
    composer.open(Mode.REPLY)
    assert composer.sheet.band.words == "No mail goes out: Ines R. reads this on the private page"
    assert composer.sheet.editor.accessibleName() == "Reply to Ines R., read on the private page"
    assert not composer.sheet.band.grab().isNull()
    composer.show_people("Ines R.", "ines.r@mail.example", "Downloads")
    assert composer.sheet.band.words.startswith("E-mail to Ines R.")
    assert composer.sheet.editor.accessibleName() == "Reply to Ines R., sent by e-mail"


def test_ctrl_enter_sends_a_reply(composer: Composer, qtbot: QtBot) -> None:
    composer.open(Mode.REPLY)
    write(composer, qtbot, "Hello")
    with qtbot.waitSignal(composer.submitted) as sent:
        QTest.keyClick(composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    assert sent.args == [Submission(Mode.REPLY, Draft("Hello"), Status.WAITING)]


def test_ctrl_s_saves_a_note(composer: Composer, qtbot: QtBot) -> None:
    composer.open(Mode.NOTE)
    write(composer, qtbot, "Aside")
    with qtbot.waitSignal(composer.submitted) as sent:
        QTest.keyClick(composer.sheet.editor, Qt.Key.Key_S, CONTROL)
    assert sent.args == [Submission(Mode.NOTE, Draft("Aside"))]


def test_the_other_modes_key_is_harmless(composer: Composer, qtbot: QtBot) -> None:
    composer.open(Mode.NOTE)
    write(composer, qtbot, "Aside")
    with qtbot.assertNotEmitted(composer.submitted):
        QTest.keyClick(composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    assert composer.sheet.notice.words == "This is a note. Ctrl+S saves it."
    composer.leave()
    composer.open(Mode.REPLY)
    write(composer, qtbot, "Hello")
    with (
        qtbot.assertNotEmitted(composer.submitted),
        qtbot.waitSignal(composer.draft_changed) as kept,
    ):
        QTest.keyClick(composer.sheet.editor, Qt.Key.Key_S, CONTROL)
    assert kept.args == [Mode.REPLY, Draft("Hello")]


def test_an_empty_message_is_not_sent(composer: Composer, qtbot: QtBot) -> None:
    composer.open(Mode.REPLY)
    with qtbot.assertNotEmitted(composer.submitted):
        QTest.keyClick(composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    assert "nothing to send" in composer.sheet.notice.words


def test_escape_keeps_the_draft_of_each_mode(composer: Composer, qtbot: QtBot) -> None:
    composer.open(Mode.REPLY)
    write(composer, qtbot, "Hello")
    QTest.keyClick(composer.sheet.editor, Qt.Key.Key_Escape)
    assert composer.mode is None
    composer.open(Mode.NOTE)
    assert composer.sheet.editor.text == ""
    write(composer, qtbot, "Aside")
    composer.open(Mode.REPLY)
    assert composer.sheet.editor.text == "Hello"
    composer.open(Mode.NOTE)
    assert composer.sheet.editor.text == "Aside"


def test_a_pause_hands_the_draft_over(composer: Composer, qtbot: QtBot) -> None:
    composer.open(Mode.REPLY)
    with qtbot.waitSignal(composer.draft_changed, timeout=45_000) as kept:
        write(composer, qtbot, "Hello")
    assert kept.args == [Mode.REPLY, Draft("Hello")]
    composer.show_saved(Mode.REPLY, "14:26")
    assert composer.sheet.tabs.saved.text() == "Draft saved 14:26"
    write(composer, qtbot, "!")
    assert composer.sheet.tabs.saved.text() == ""


def test_losing_the_keyboard_hands_the_draft_over(composer: Composer, qtbot: QtBot) -> None:
    composer.open(Mode.NOTE)
    write(composer, qtbot, "Aside")
    with qtbot.waitSignal(composer.draft_changed, timeout=500):
        composer.sheet.editor.clearFocus()


def test_words_wait_in_the_editor_until_they_are_safe(composer: Composer, qtbot: QtBot) -> None:
    composer.open(Mode.REPLY)
    write(composer, qtbot, "Hello")
    QTest.keyClick(composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    assert composer.sheet.editor.text == "Hello"
    assert composer.sheet.editor.isReadOnly()
    composer.fail("The disk is full. Your text stays in this window.")
    assert composer.sheet.editor.text == "Hello"
    assert not composer.sheet.editor.isReadOnly()
    assert composer.sheet.notice.words.startswith("The disk is full.")
    QTest.keyClick(composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    composer.accept()
    assert composer.mode is None
    composer.open(Mode.REPLY)
    assert composer.sheet.editor.text == ""


def test_sending_twice_hands_over_once(composer: Composer, qtbot: QtBot) -> None:
    sent: list[Submission] = []
    composer.submitted.connect(sent.append)
    composer.open(Mode.REPLY)
    write(composer, qtbot, "Hello")
    QTest.keyClick(composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    QTest.keyClick(composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    assert len(sent) == 1


def test_a_notes_text_goes_into_a_reply_only_after_a_question(composer: Composer, qtbot: QtBot) -> None:
    composer.open(Mode.NOTE)
    write(composer, qtbot, "He is rude")
    composer.open(Mode.REPLY)
    composer.sheet.foot.take_note_pressed.emit()
    assert composer.sheet.editor.text == ""
    assert composer.sheet.notice.words.endswith("which the requester reads?")
    composer.sheet.notice.answered.emit(False)
    assert composer.sheet.editor.text == ""
    composer.sheet.notice.answered.emit(True)
    assert composer.sheet.editor.text == "He is rude"


def test_text_is_kept_to_the_letter(composer: Composer, qtbot: QtBot) -> None:
    words = "10\u00a0€ – \u200fשלום\n\n👋🏽\tend"
    composer.set_draft(Mode.REPLY, Draft(words))
    composer.open(Mode.REPLY)
    assert composer.draft.text == words


def test_pasted_words_are_plain(composer: Composer) -> None:
    data = QMimeData()
    data.setHtml("<b>bold</b><img src='http://a.example/x.png'>")
    data.setText("bold")
    composer.open(Mode.REPLY)
    composer.sheet.editor.insertFromMimeData(data)
    assert composer.draft.text == "bold"


def test_a_word_of_a_megabyte_does_not_stop_the_window(composer: Composer) -> None:
    data = QMimeData()
    data.setText("x" * 1_000_000)
    composer.open(Mode.NOTE)
    composer.sheet.editor.insertFromMimeData(data)
    assert len(composer.draft.text) == 1_000_000
    data.setText("y" * 1_200_000)
    composer.sheet.editor.insertFromMimeData(data)
    assert len(composer.draft.text) == 1_000_000
    assert composer.sheet.notice.words == "That is 1.2 MB of text. Attach it as a file instead."


def test_dropped_files_are_offered_and_too_large_ones_refused(composer: Composer, qtbot: QtBot, tmp_path: Path) -> None:
    good, huge = tmp_path / "log.txt", tmp_path / "film.mp4"
    good.write_text("x")
    with huge.open("wb") as sparse:
        sparse.truncate(30_000_000)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(good)), QUrl.fromLocalFile(str(huge))])
    composer.open(Mode.NOTE)
    with qtbot.waitSignal(composer.file_offered) as offered:
        composer.sheet.editor.insertFromMimeData(data)
    assert offered.args == [good]
    assert composer.sheet.notice.words == "This file is 30 MB, the limit is 25 MB. Send a link, or split it."


def test_a_pasted_picture_is_offered(composer: Composer, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    composer.open(Mode.NOTE)
    with qtbot.waitSignal(composer.image_offered):
        composer.sheet.editor.insertFromMimeData(data)


def test_files_are_part_of_the_draft_and_can_be_taken_away(composer: Composer, qtbot: QtBot) -> None:
    file = Attachment("b1", "log.txt", "text/plain", 14_000)
    composer.open(Mode.NOTE)
    with qtbot.waitSignal(composer.draft_changed) as kept:
        composer.add_attachment(file)
    assert kept.args == [Mode.NOTE, Draft("", (file,))]
    with qtbot.waitSignal(composer.draft_changed) as kept:
        composer.sheet.files.removed.emit(file)
    assert kept.args == [Mode.NOTE, Draft()]


def test_an_older_draft_never_replaces_newer_words(composer: Composer, qtbot: QtBot) -> None:
    composer.open(Mode.REPLY)
    write(composer, qtbot, "New")
    composer.set_draft(Mode.REPLY, Draft("Old"))
    assert composer.draft.text == "New"


def test_then_begins_anew_each_time(composer: Composer) -> None:
    composer.open(Mode.REPLY)
    composer.sheet.foot._then.set_value(Status.CLOSED.value)
    composer.open(Mode.NOTE)
    composer.open(Mode.REPLY)
    assert composer.sheet.foot.then is Status.WAITING


def test_the_editor_grows_with_its_words_up_to_a_limit(composer: Composer) -> None:
    composer.open(Mode.REPLY)
    small = composer.sheet.editor.height()
    composer.sheet.editor.set_text("line\n" * 8)
    grown = composer.sheet.editor.height()
    composer.sheet.editor.set_text("line\n" * 800)
    assert small < grown < composer.sheet.editor.height() == 220
