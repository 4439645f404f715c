"""A ticket taken down by an agent."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.windows.new_ticket import NewTicketWindow
from sync.domain import limits
from sync.domain.actions import CreateTicket
from sync.domain.records import Priority
from tests.rigs.world import World

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(world: World, qtbot: QtBot) -> NewTicketWindow:
    window = NewTicketWindow(world.desk)
    qtbot.addWidget(window)
    window.ask()
    return window


def fill(window: NewTicketWindow, world: World) -> None:
    window.name.setText("Aaron P.")
    window.phone.setText("+41 44 555 01 01")
    window.category.set_value(world.category_ids["Billing"])
    window.priority.set_value(Priority.HIGH.value)
    window.subject.setText("Call back about twelve seats")
    window.text.set_text("He asks for a price.")


def test_what_is_missing_is_said_at_its_field(window: NewTicketWindow, world: World) -> None:
    window.save()
    wrong = [key for key, label in window._errors.items() if not label.isHidden()]
    assert wrong == ["name", "category", "subject"]
    assert world.desk.reader.outbox() == []


def test_it_is_saved_here_and_shown_at_once(window: NewTicketWindow, world: World, qtbot: QtBot) -> None:
    fill(window, world)
    with qtbot.waitSignal(window.created) as created:
        QTest.keyClick(window.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (row,) = world.desk.reader.outbox()
    assert isinstance(row.action, CreateTicket)
    assert (row.action.requester_name, row.action.requester_phone) == ("Aaron P.", "+41 44 555 01 01")
    assert (row.action.priority, row.action.body_text) == (Priority.HIGH, "He asks for a price.")
    detail = world.desk.reader.ticket(created.args[0])
    assert detail is not None
    assert detail.row.subject == "Call back about twelve seats"
    assert window.isHidden()
    assert window.name.text() == ""


def test_what_cannot_be_kept_stays_in_the_window(
    window: NewTicketWindow, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BODY_MAX_BYTES", 5)
    fill(window, world)
    window.save()
    assert window.text.text == "He asks for a price."
    assert "Shorten it." in window.notice.words
    monkeypatch.undo()
    window.save()
    assert len(world.desk.reader.outbox()) == 1


def test_closing_keeps_what_was_begun(window: NewTicketWindow, world: World, qtbot: QtBot) -> None:
    fill(window, world)
    QTest.keyClick(window.text, Qt.Key.Key_Escape)
    assert window.isHidden()
    window.ask()
    assert window.subject.text() == "Call back about twelve seats"


def drafts(world: World) -> int:
    return len(world.desk.reader.drafts())


def test_what_was_begun_survives_the_program(window: NewTicketWindow, world: World, qtbot: QtBot) -> None:
    fill(window, world)
    qtbot.waitUntil(lambda: drafts(world) == 1)  # after a pause, without a key
    after_a_crash = NewTicketWindow(world.desk)
    qtbot.addWidget(after_a_crash)
    after_a_crash.ask()
    assert after_a_crash._filled() == window._filled()
    assert after_a_crash.category.value == world.category_ids["Billing"]
    assert after_a_crash.notice.words == "You began this today 14:26; it was kept here."
    after_a_crash.save()
    assert drafts(world) == 0
    assert len(world.desk.reader.outbox()) == 1


def test_what_is_emptied_is_not_kept(window: NewTicketWindow, world: World) -> None:
    window.name.setText("Aaron P.")
    window.close()
    assert drafts(world) == 1
    window.ask()
    window.name.clear()
    window.close()
    assert drafts(world) == 0


def test_a_saved_ticket_leaves_no_draft(window: NewTicketWindow, world: World) -> None:
    fill(window, world)
    window.flush()
    window.save()
    assert drafts(world) == 0
    window.ask()
    assert window.name.text() == window.text.text == ""


@pytest.fixture
def known(world: World) -> None:
    world.message(world.ticket("Download stops"), "inbound", "It stops.")
    sam = world.ticket("Receipt", "Billing", "Samir T.", email="samir@post.example")
    world.message(sam, "inbound", "Please.")
    world.message(world.ticket("Nothing", "Billing", "Inez V.", email=None), "inbound", "Hello.")
    while world.cache.index_some(100):
        pass


def offered(window: NewTicketWindow) -> set[str]:
    model = window._known.model
    return {model.item(row).text() for row in range(model.rowCount())}


def test_known_requesters_are_proposed_and_filled_in(
    window: NewTicketWindow, world: World, known: None, qtbot: QtBot
) -> None:
    qtbot.waitUntil(window.name.hasFocus)
    QTest.keyClicks(window.name, "ine")
    qtbot.waitUntil(lambda: offered(window) == {"Ines R.   ines.r@mail.example", "Inez V."})
    QTest.keyClicks(window.name, "s")
    assert offered(window) == {"Ines R.   ines.r@mail.example"}
    window.email.setFocus()
    QTest.keyClicks(window.email, "sami")
    qtbot.waitUntil(lambda: offered(window) == {"Samir T.   samir@post.example"})
    popup = window.email.completer().popup()
    assert popup is not None
    assert popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert (window.name.text(), window.email.text()) == ("Samir T.", "samir@post.example")
    assert window.subject.hasFocus()


def test_nobody_is_proposed_for_one_letter_or_for_strangers(
    window: NewTicketWindow, world: World, known: None, qtbot: QtBot
) -> None:
    qtbot.waitUntil(window.name.hasFocus)
    QTest.keyClicks(window.name, "in")
    qtbot.waitUntil(lambda: len(offered(window)) == 2)
    QTest.keyClick(window.name, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: offered(window) == set())
    QTest.keyClicks(window.name, "gmar")
    qtbot.waitUntil(lambda: not window._known._typing.isActive())
    assert offered(window) == set()
