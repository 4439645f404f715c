"""What I have looked at is not new any more; tray, status line, side bar and list say the same."""

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.alerts.wording import tooltip
from desktop.models.place import view
from sync.cache.rows import Counts, View
from sync.domain.times import to_utc_date
from tests.rigs.frame import Frame

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def arrived(frame: Frame, qtbot: QtBot) -> Frame:
    """Two tickets have just come; the window is the active one and shows "awaiting us"."""
    frame.window.activateWindow()
    qtbot.waitUntil(frame.window.isActiveWindow)
    frame.run("view_awaiting")
    for number in (4218, 4214):
        come(frame, number)
    assert frame.desk.reader.counts().new == 2
    return frame


def come(frame: Frame, number: int) -> None:
    arrival = {
        "id": frame.world.ids.new("v"), "ticketId": frame.tickets[number], "messageId": None, "kind": "new",
        "priority": "normal", "byAgentId": None, "at": to_utc_date(frame.world.clock.now),
    }  # fmt: skip
    frame.world.page(frame.world.account_ids["Downloads"], {"TicketArrival": [arrival]})


def news(frame: Frame) -> set[int]:
    """The number that each place shows for "new"."""
    counts = frame.desk.reader.counts()
    shown: Counts = frame.parts.browsing.counts
    line = frame.window.status_line.words()[-1]
    said = tooltip(shown, {}, frame.desk.bridge.status, frame.desk.moments)
    name = frame.window.side_bar.item(view("new")).accessibleName()
    listed = len(frame.desk.reader.ticket_ids(View("new"), frame.parts.browsing._sort))
    bar = int(name.rsplit(", ")[-1]) if ", " in name else 0
    return {
        counts.new,
        sum(new for _, new in counts.by_category.values()),
        listed,
        bar,
        *(int(one) for one in _numbers(line, said)),
    }


def _numbers(line: str, said: str) -> tuple[str, str]:
    return line.rsplit("new ", 1)[1], said.split(" new", 1)[0].rsplit(" ", 1)[1]


def test_the_view_is_left_for_another_place(arrived: Frame, qtbot: QtBot) -> None:
    arrived.run("view_new")
    assert arrived.parts.model.rowCount() == 2
    qtbot.waitUntil(lambda: news(arrived) == {2})
    arrived.run("view_awaiting")
    qtbot.waitUntil(lambda: news(arrived) == {0})
    arrived.run("view_new")
    assert arrived.parts.model.rowCount() == 0


def test_another_window_is_looked_at(arrived: Frame, qtbot: QtBot) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    arrived.run("view_new")
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: news(arrived) == {0})


def test_a_question_of_the_window_itself_is_no_leaving(arrived: Frame, qtbot: QtBot) -> None:
    arrived.run("view_new")
    asked = QDialog(arrived.window)
    asked.show()
    asked.activateWindow()
    qtbot.waitUntil(asked.isActiveWindow)
    qtbot.waitUntil(lambda: news(arrived) == {2})
    asked.close()
    arrived.window.activateWindow()
    qtbot.waitUntil(arrived.window.isActiveWindow)
    qtbot.waitUntil(lambda: news(arrived) == {2})


def test_the_window_is_hidden(arrived: Frame, qtbot: QtBot) -> None:
    arrived.run("view_new")
    arrived.window.hide()
    qtbot.waitUntil(lambda: news(arrived) == {0})


def test_what_comes_while_nobody_looks_stays_new(arrived: Frame, qtbot: QtBot) -> None:
    arrived.run("view_new")
    arrived.window.hide()
    qtbot.waitUntil(lambda: arrived.desk.reader.counts().new == 0)
    come(arrived, 4203)
    arrived.run("view_awaiting")
    assert arrived.desk.reader.counts().new == 1


def test_an_opened_ticket_is_not_new_any_more_and_the_other_is(arrived: Frame, qtbot: QtBot) -> None:
    arrived.open(4218)
    assert not arrived.shown(4218).is_new
    assert arrived.shown(4214).is_new
    qtbot.waitUntil(lambda: news(arrived) == {1})


def test_other_lists_leave_what_is_new_alone(arrived: Frame, qtbot: QtBot) -> None:
    arrived.run("view_all")
    arrived.run("view_mine")
    qtbot.waitUntil(lambda: news(arrived) == {2})


def test_one_walks_down_the_list_though_each_leaves_it(arrived: Frame, qtbot: QtBot) -> None:
    arrived.run("view_new")
    arrived.list.go_to(0)
    first = arrived.parts.presenter.ticket_id
    arrived.parts.model.reload_now()
    arrived.run("next")
    assert {first, arrived.parts.presenter.ticket_id} == {arrived.tickets[4218], arrived.tickets[4214]}


def test_a_ticket_that_leaves_the_list_leaves_the_cursor_in_its_place(arrived: Frame) -> None:
    before = arrived.row_numbers()
    arrived.list.go_to(3)
    arrived.run("wait")
    arrived.parts.model.reload_now()
    assert arrived.row_numbers() == [*before[:3], *before[4:]]
    arrived.run("next")
    assert arrived.list.current() is not None
    assert arrived.list.currentIndex().row() == 3
