"""One ticket in its pane: read, answered, changed, on a real cache."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from desktop.models.composing import Mode
from desktop.models.thread import State
from desktop.widgets.attachments_preview import PicturePreview
from sync.cache.rows import MessageState
from sync.domain import limits
from sync.domain.actions import Action, EditTicket, PostMessage
from sync.domain.choices import Choice
from sync.domain.records import Attachment, MessageKind, Status
from sync.engine.status import Condition, SyncStatus
from tests.rigs.stand import Stand
from tests.rigs.world import ME, TOM, World

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def ticket(world: World) -> str:
    ticket_id = world.ticket("Download stops at 62 %", minutes_ago=154, number=4187, tags={"mirror": True})
    world.message(ticket_id, "inbound", "It stops again.", minutes_ago=154)
    return ticket_id


def write_and_send(stand: Stand, qtbot: QtBot, mode: Mode, words: str) -> None:
    stand.pane.compose(mode)
    QTest.keyClicks(stand.composer.sheet.editor, words)
    key = (Qt.Key.Key_Return, CONTROL) if mode is Mode.REPLY else (Qt.Key.Key_S, CONTROL)
    QTest.keyClick(stand.composer.sheet.editor, *key)


def waiting(world: World) -> list[Action]:
    return [row.action for row in world.desk.reader.outbox()]


def states(stand: Stand) -> list[State]:
    return [entry.state for entry in stand.pane.thread_view.column.shown]


def test_the_head_says_who_when_how_and_how_late(stand: Stand, ticket: str) -> None:
    stand.presenter.show_ticket(ticket)
    heading = stand.pane.head._heading
    assert heading.title == "Download stops at 62 %"
    assert heading.line == ("#4187", "Ines R.", "Opened today 11:52 on the form of learn.example")
    assert (heading.ink, heading.clock) == ("overdue", "34 min over")
    stand.presenter.show_ticket(None)
    assert not stand.pane.shows_ticket


def test_the_composer_follows_what_the_server_says_of_mail(stand: Stand, ticket: str, world: World) -> None:
    stand.presenter.show_ticket(ticket)
    assert "private page" not in stand.composer.sheet.band.words
    access = world.cache.access()
    assert access is not None
    world.cache.save_access(replace(access, mails=False))
    stand.presenter.show_ticket(ticket)
    assert "private page" in stand.composer.sheet.band.words


def test_a_reply_is_saved_here_and_answers_the_question(stand: Stand, ticket: str, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    assert states(stand) == [State.UNANSWERED]
    write_and_send(stand, qtbot, Mode.REPLY, "Try mirror 1.")
    (action,) = waiting(stand.world)
    assert isinstance(action, PostMessage)
    assert (action.kind, action.body_text, action.base_seq) == (MessageKind.REPLY, "Try mirror 1.", 1)
    assert action.then_status is None
    qtbot.waitUntil(lambda: states(stand) == [State.NONE, State.SENDS_SOON])
    assert stand.composer.mode is None
    assert stand.world.nudges == 1
    assert stand.world.desk.reader.drafts() == []


def test_then_close_goes_with_the_reply(stand: Stand, ticket: str, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    stand.pane.compose(Mode.REPLY)
    stand.composer.sheet.foot._then.set_value(Status.CLOSED.value)
    QTest.keyClicks(stand.composer.sheet.editor, "Done.")
    QTest.keyClick(stand.composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    (action,) = waiting(stand.world)
    assert isinstance(action, PostMessage)
    assert (action.then_status, action.base_status) == (Status.CLOSED, Status.OPEN)
    qtbot.waitUntil(lambda: stand.pane.details.fields.status.value == "closed")


def test_a_note_leaves_the_question_open(stand: Stand, ticket: str, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    write_and_send(stand, qtbot, Mode.NOTE, "Rang her.")
    qtbot.waitUntil(lambda: states(stand) == [State.UNANSWERED, State.SENDS_NEXT])


def test_offline_it_says_saved_here(stand: Stand, ticket: str, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    stand.presenter.show_status(SyncStatus(Condition.OFFLINE))
    write_and_send(stand, qtbot, Mode.NOTE, "Rang her.")
    qtbot.waitUntil(lambda: states(stand) == [State.UNANSWERED, State.SAVED_HERE])


def test_undo_brings_the_words_back_into_the_editor(stand: Stand, ticket: str, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    write_and_send(stand, qtbot, Mode.REPLY, "Too soon.")
    (row,) = stand.world.desk.reader.outbox()
    stand.pane.thread_view.undo_pressed.emit(row.client_key)
    assert waiting(stand.world) == []
    assert stand.composer.mode is Mode.REPLY
    assert stand.composer.draft.text == "Too soon."


def test_a_colleagues_answer_stops_mine_once(stand: Stand, ticket: str, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    stand.pane.compose(Mode.REPLY)
    QTest.keyClicks(stand.composer.sheet.editor, "Try mirror 1.")
    stand.world.message(ticket, "reply", "Use the mirror in Rome.", TOM)
    QTest.keyClick(stand.composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    assert waiting(stand.world) == []
    assert stand.composer.sheet.stopped.words == (
        "Tom B. answered at 14:26 while you were writing, so yours was not sent. Read it first."
    )
    QTest.keyClick(stand.composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    (action,) = waiting(stand.world)
    assert isinstance(action, PostMessage)
    assert action.base_seq == 2


def test_what_was_stopped_is_kept_as_a_note_with_its_files(stand: Stand, ticket: str, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    stand.world.desk.intents.save_draft(ticket, MessageKind.NOTE, "Another thought")
    stand.pane.compose(Mode.REPLY)
    QTest.keyClicks(stand.composer.sheet.editor, "Try mirror 1.")
    stand.composer.add_attachment(Attachment("b1", "a.txt", "text/plain", 3))
    stand.world.message(ticket, "reply", "Use the mirror in Rome.", TOM)
    QTest.keyClick(stand.composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    stand.composer.sheet.stopped.chosen.emit(Choice.AS_NOTE)
    (action,) = waiting(stand.world)
    assert isinstance(action, PostMessage)
    assert (action.kind, action.body_text, len(action.attachments)) == (MessageKind.NOTE, "Try mirror 1.", 1)
    assert stand.composer.mode is None
    assert [(row.mode, row.text) for row in stand.world.desk.reader.drafts()] == [("note", "Another thought")]


def test_what_was_stopped_can_be_written_on(stand: Stand, ticket: str, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    stand.pane.compose(Mode.REPLY)
    QTest.keyClicks(stand.composer.sheet.editor, "Try mirror 1.")
    stand.world.message(ticket, "reply", "Use the mirror in Rome.", TOM)
    QTest.keyClick(stand.composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    stand.composer.sheet.stopped.chosen.emit(Choice.EDIT)
    assert stand.composer.sheet.stopped.words == ""
    QTest.keyClicks(stand.composer.sheet.editor, " Or 2.")
    QTest.keyClick(stand.composer.sheet.editor, Qt.Key.Key_Return, CONTROL)
    (action,) = waiting(stand.world)
    assert isinstance(action, PostMessage)
    assert (action.kind, action.body_text) == (MessageKind.REPLY, "Try mirror 1. Or 2.")


def test_a_draft_is_there_again_and_ends_when_sent(stand: Stand, ticket: str, world: World, qtbot: QtBot) -> None:
    other = world.ticket("Another")
    stand.presenter.show_ticket(ticket)
    stand.pane.compose(Mode.NOTE)
    QTest.keyClicks(stand.composer.sheet.editor, "Half a thought")
    stand.presenter.show_ticket(other)
    assert [row.text for row in world.desk.reader.drafts()] == ["Half a thought"]
    stand.presenter.show_ticket(ticket)
    assert stand.composer.mode is None
    stand.pane.compose(Mode.NOTE)
    assert stand.composer.draft.text == "Half a thought"
    QTest.keyClick(stand.composer.sheet.editor, Qt.Key.Key_S, CONTROL)
    assert world.desk.reader.drafts() == []


def test_words_that_cannot_be_kept_stay_in_the_editor(
    stand: Stand, ticket: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BODY_MAX_BYTES", 20)
    stand.presenter.show_ticket(ticket)
    write_and_send(stand, qtbot, Mode.NOTE, "more than twenty letters")
    assert waiting(stand.world) == []
    assert stand.composer.draft.text == "more than twenty letters"
    assert "Shorten it." in stand.composer.sheet.notice.words


def test_fields_become_edits_on_their_base(stand: Stand, ticket: str, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    stand.pane.edited.emit("assigneeId", ME)
    stand.pane.tag_added.emit("bundle")
    stand.pane.tag_removed.emit("mirror")
    edits = [action for action in waiting(stand.world) if isinstance(action, EditTicket)]
    assert [dict(edit.wanted) for edit in edits] == [{"assigneeId": ME}, {"tags/bundle": True}, {"tags/mirror": None}]
    assert [dict(edit.base) for edit in edits] == [{"assigneeId": None}, {"tags/bundle": None}, {"tags/mirror": True}]
    qtbot.waitUntil(lambda: stand.pane.details.fields.assignee.value == ME)


def test_a_tag_that_the_wire_cannot_name_is_refused_in_words(stand: Stand, ticket: str) -> None:
    stand.presenter.show_ticket(ticket)
    stand.pane.tag_added.emit("a/b")
    assert waiting(stand.world) == []
    assert stand.pane.notice.words == "A tag holds no / and at most 100 letters."


def test_a_status_menu_ticks_the_present_one_and_answers_to_digits(stand: Stand, ticket: str, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    menu = stand.pane.details.fields.status.build_menu()
    qtbot.addWidget(menu)
    assert [action.text() for action in menu.actions()] == ["&1  Open", "&2  Waiting for requester", "&3  Closed"]
    assert [action.isChecked() for action in menu.actions()] == [True, False, False]
    with qtbot.waitSignal(stand.pane.edited) as edited:
        menu.actions()[2].trigger()
    assert edited.args == ["status", "closed"]


def test_the_end_in_sight_marks_it_read(stand: Stand, ticket: str, qtbot: QtBot) -> None:
    with qtbot.waitSignal(stand.pane.thread_view.seen, timeout=45_000) as seen:
        stand.presenter.show_ticket(ticket)
    assert seen.args == [1]
    detail = stand.world.desk.reader.ticket(ticket)
    assert detail is not None
    assert not detail.row.unread


def test_news_appear_and_what_is_read_stays_in_place(stand: Stand, ticket: str, world: World) -> None:
    for number in range(30):
        world.message(ticket, "note", f"note {number}\n" * 6, TOM)
    stand.presenter.show_ticket(ticket)
    view = stand.pane.thread_view
    view.verticalScrollBar().setValue(40)
    first = view._anchor()
    world.message(ticket, "inbound", "Hello?")
    assert [entry.body for entry in view.column.shown][-1] == "Hello?"
    assert view._anchor() == first


def test_events_are_sentences(stand: Stand, ticket: str, world: World) -> None:
    event = {
        "what": "category",
        "from": world.category_ids["Billing"],
        "to": world.category_ids["Downloads"],
        "by": TOM,
    }
    world.message(ticket, "event", json.dumps(event), TOM)
    stand.presenter.show_ticket(ticket)
    assert stand.pane.thread_view.column.shown[-1].title == "Tom B. moved it from Billing to Downloads"


def test_a_ticket_that_leaves_my_reach_leaves_the_pane(stand: Stand, ticket: str, world: World) -> None:
    stand.presenter.show_ticket(ticket)
    world.page(world.account_ids["Downloads"], {}, destroyed={"Ticket": [ticket]})
    assert not stand.pane.shows_ticket
    assert stand.presenter.ticket_id == ""


def test_a_held_reply_says_that_it_needs_me(stand: Stand, ticket: str, world: World, qtbot: QtBot) -> None:
    stand.presenter.show_ticket(ticket)
    write_and_send(stand, qtbot, Mode.REPLY, "Mine.")
    key = world.desk.reader.outbox()[0].client_key
    world.hold(key, "overtaken", "A colleague answered first.")
    rows = world.desk.reader.thread(ticket)
    assert rows[-1].state is MessageState.NEEDS_YOU
    frame = stand.pane.thread_view.column.widget_of(rows[-1].id)
    assert frame is not None
    with qtbot.waitSignal(stand.pane.undelivered_wanted) as wanted:
        frame.needs_you_pressed.emit()  # type: ignore[union-attr]  # an unfolded message
    assert wanted.args == [key]


def test_a_file_is_copied_at_once_and_goes_along(stand: Stand, ticket: str, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("words of the log")
    stand.presenter.show_ticket(ticket)
    stand.pane.compose(Mode.NOTE)
    stand.composer.sheet.offer_files([path])
    path.unlink()
    QTest.keyClick(stand.composer.sheet.editor, Qt.Key.Key_S, CONTROL)
    (action,) = waiting(stand.world)
    assert isinstance(action, PostMessage)
    (file,) = action.attachments
    assert (file.name, file.type, file.size) == ("log.txt", "text/plain", 16)
    chunks = stand.world.cache.blob(file.blob_id)
    assert chunks is not None
    assert b"".join(chunks) == b"words of the log"


def test_a_pasted_picture_goes_along(stand: Stand, ticket: str) -> None:
    stand.presenter.show_ticket(ticket)
    stand.pane.compose(Mode.NOTE)
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    stand.composer.image_offered.emit(picture)
    (file,) = stand.composer.draft.attachments
    assert (file.name, file.type) == ("pasted.png", "image/png")


def test_files_are_written_whole_and_kept_for_offline(
    stand: Stand, ticket: str, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = {"blobId": "b9", "name": "../a.log", "type": "text/plain", "size": 5}
    world.message(ticket, "inbound", "See file", files=[file])
    stand.presenter.show_ticket(ticket)
    goal = tmp_path / "out.log"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(goal), ""))
    attachment = stand.pane.thread_view.column.shown[-1].attachments[0]
    stand.pane.thread_view.file_wanted.emit(attachment, False)
    assert stand.pane.notice.words == "The server does not answer. Try again when you are online."
    assert not goal.exists()
    stand.files["b9"] = b"12345"
    stand.pane.thread_view.file_wanted.emit(attachment, False)
    assert goal.read_bytes() == b"12345"
    stand.files.clear()
    stand.pane.thread_view.file_wanted.emit(attachment, False)
    assert stand.pane.notice.words == f"Saved as {goal}."


def test_a_picture_is_looked_at_inside(stand: Stand, ticket: str, world: World, tmp_path: Path) -> None:
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.blue)
    path = tmp_path / "x.png"
    assert picture.save(str(path))
    stand.files["b8"] = path.read_bytes()
    world.message(ticket, "inbound", "", files=[{"blobId": "b8", "name": "x.png", "type": "image/png", "size": 90}])
    stand.presenter.show_ticket(ticket)
    stand.pane.thread_view.file_wanted.emit(stand.pane.thread_view.column.shown[-1].attachments[0], True)
    (preview,) = stand.pane.findChildren(PicturePreview)
    assert preview.windowTitle() == "x.png"
    preview.close()


def test_the_details_stand_beside_or_within(stand: Stand, ticket: str) -> None:
    stand.presenter.show_ticket(ticket)
    stand.pane.adapt(1440, 900)
    assert stand.pane.details.isVisible()
    assert not stand.pane.head.fields.isVisible()
    stand.pane.adapt(1280, 800)
    assert not stand.pane.details.isVisible()
    assert stand.pane.head.fields.isVisible()
    stand.pane.toggle_details()
    assert stand.pane.details.isVisible()
    stand.pane.toggle_details()
    stand.pane.adapt(960, 540)
    assert not stand.pane.head.fields.isVisible()
    menu = QMenu()
    stand.pane.head.menu_wanted.emit(menu)
    assert "Status…" in [action.text() for action in menu.actions()]


def test_earlier_tickets_of_the_requester_open(stand: Stand, world: World, qtbot: QtBot) -> None:
    person = world.ids.new("r")
    old = world.ticket("Invoice with company name", requester_id=person, number=3520, minutes_ago=9000)
    new = world.ticket("Download stops", requester_id=person)
    stand.presenter.show_ticket(new)
    (row,) = stand.pane.details._earlier
    with qtbot.waitSignal(stand.pane.ticket_wanted) as wanted:
        row.click()
    assert wanted.args == [old]


def test_number_and_subject_go_to_the_clipboard(stand: Stand, ticket: str) -> None:
    stand.presenter.show_ticket(ticket)
    stand.pane.copy_wanted.emit()
    assert QGuiApplication.clipboard().text() == "#4187 Download stops at 62 %"
