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
