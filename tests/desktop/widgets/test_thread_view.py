"""The thread's view: long threads, long words, strangers' words."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from desktop.models.thread import Entry, State
from desktop.widgets.message_body import FIRST_PART, MessageBody
from desktop.widgets.message_fold import MessageFold
from desktop.widgets.message_frame import MessageFrame
from desktop.widgets.thread_column import PAGE
from desktop.widgets.thread_view import ThreadView
from sync.domain.records import MessageKind
from tests.rigs.world import World


def entry(number: int, body: str = "words", **other: object) -> Entry:
    plain = Entry(
        f"m{number}", MessageKind.NOTE, "Internal note", "Tom B.", "13:24", State.SENT, body, "lock", seq=number
    )
    return replace(plain, **other)  # type: ignore[arg-type]  # names of the entry's fields


@pytest.fixture
def view(world: World, qtbot: QtBot) -> ThreadView:
    view = ThreadView(world.desk.appearance)
    qtbot.addWidget(view)
    view.resize(600, 500)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_a_long_thread_shows_its_end_and_pages_back(view: ThreadView) -> None:
    view.show_thread([entry(number) for number in range(500)])
    assert len(view.column.shown) == PAGE
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    anchor = view._anchor()
    view.show_older()
    assert len(view.column.shown) == 2 * PAGE
    assert view._anchor() == anchor


def test_the_first_unanswered_words_are_in_sight(view: ThreadView) -> None:
    entries = [entry(number, "line\n" * 5) for number in range(20)]
    entries[12] = replace(entries[12], kind=MessageKind.INBOUND, state=State.UNANSWERED)
    view.show_thread(entries)
    place = view.column.place_of("m12")
    assert place is not None
    assert view.verticalScrollBar().value() <= place[0]


def test_a_folded_message_opens_by_a_press_and_folds_again_by_its_head(view: ThreadView, qtbot: QtBot) -> None:
    view.show_thread([entry(1, folded=True), entry(2)])
    fold = view.column.widget_of("m1")
    assert isinstance(fold, MessageFold)
    fold.click()
    frame = view.column.widget_of("m1")
    assert isinstance(frame, MessageFrame)
    frame.head_pressed.emit()
    assert isinstance(view.column.widget_of("m1"), MessageFold)


def test_unfold_all_and_back(view: ThreadView) -> None:
    view.show_thread([entry(number, folded=number < 5) for number in range(8)])
    view.unfold_all()
    assert all(isinstance(view.column.widget_of(f"m{n}"), MessageFrame) for n in range(8))
    view.unfold_all()
    assert isinstance(view.column.widget_of("m0"), MessageFold)
    assert isinstance(view.column.widget_of("m7"), MessageFrame)


def test_a_changed_state_keeps_the_widget(view: ThreadView) -> None:
    view.show_thread([entry(1, state=State.SENDING)])
    before = view.column.widget_of("m1")
    view.update_thread([entry(1, state=State.SENT)])
    assert view.column.widget_of("m1") is before
    assert before is not None
    assert before.accessibleName() == "Internal note, Tom B., 13:24, Sent"


def test_a_megabyte_is_shown_in_parts(view: ThreadView) -> None:
    view.show_thread([entry(1, "word " * 200_000)])
    frame = view.column.widget_of("m1")
    assert isinstance(frame, MessageFrame)
    assert frame.body.left == 1_000_000 - FIRST_PART
    shown = len(frame.body.toPlainText())
    frame.body.show_more()
    assert len(frame.body.toPlainText()) > shown


def test_parts_join_without_a_break(world: World, qtbot: QtBot) -> None:
    text = "".join(f"{number} " for number in range(6000))
    body = MessageBody(world.desk.appearance, text, "name")
    qtbot.addWidget(body)
    while body.left:
        body.show_more()
    assert body.toPlainText() == text


def test_a_strangers_markup_is_only_text(world: World, qtbot: QtBot) -> None:
    text = "<b>bold</b> <img src='http://evil.example/p.png'> &amp; <script>x</script>"
    body = MessageBody(world.desk.appearance, text, "name")
    qtbot.addWidget(body)
    assert body.toPlainText() == text


def test_only_harmless_links_leave_the_program(world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    body = MessageBody(world.desk.appearance, "https://a.example", "name")
    qtbot.addWidget(body)
    body.anchorClicked.emit(QUrl("https://a.example"))
    body.anchorClicked.emit(QUrl("file:///etc/passwd"))
    body.anchorClicked.emit(QUrl("javascript:alert(1)"))
    assert opened == ["https://a.example"]


def test_a_word_without_end_is_wrapped(world: World, qtbot: QtBot) -> None:
    body = MessageBody(world.desk.appearance, "x" * 2000, "name")
    qtbot.addWidget(body)
    assert body.heightForWidth(300) > 1.8 * body.heightForWidth(600) > 300


def test_the_keyboard_goes_from_message_to_message(view: ThreadView) -> None:
    view.show_thread([entry(1), entry(2), entry(3)])
    view.step(-1)
    assert view.focusWidget() is view.column.widget_of("m3")
    view.step(-1)
    assert view.focusWidget() is view.column.widget_of("m2")
    view.step(1)
    assert view.focusWidget() is view.column.widget_of("m3")
