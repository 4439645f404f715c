"""The owner's window on a real cache: figures, order, keys, age of the data, gaps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.alerts.alert_desk import AlertDesk, Person
from desktop.alerts.alert_windows import About, AlertWindows
from desktop.models.check_table import BEYOND, LIMIT, RESPONSIBLE, SUBJECT, TICKET, WAITS
from desktop.windows.spot_check import SpotCheckWindow
from sync.domain.times import MINUTE_MS
from sync.engine.status import Condition, SyncStatus
from tests.rigs.world import ME, TOM, World

pytestmark = pytest.mark.qt_log_ignore("PulseAudioService|This plugin does not support", extend=True)


@pytest.fixture
def windows(world: World, qapp: QApplication, qtbot: QtBot) -> Iterator[AlertWindows]:
    parent = QWidget()
    qtbot.addWidget(parent)
    alerts = AlertDesk(world.desk, qapp, Person(ME, is_owner=True), lambda: None)
    about = About("Marta K.", "https://help.example", "desk-4", Path("/data"), "Yes", "0.1.0")
    yield AlertWindows(world.desk, alerts, about, parent)
    alerts.stop()


def opened(windows: AlertWindows) -> SpotCheckWindow:
    windows.open_spot_check()
    assert windows.spot_check is not None
    return windows.spot_check


def words(window: SpotCheckWindow, row: int, column: int) -> str:
    return str(window.table.index(row, column).data())


def test_it_shows_who_waits_too_long_and_who_soon(windows: AlertWindows, world: World) -> None:
    world.desk.bridge.status = SyncStatus(Condition.ONLINE, last_contact_ms=world.clock.now)
    world.ticket("Stops at 62 %", minutes_ago=154, assigneeId=TOM)
    world.ticket("Charged twice", "Billing", minutes_ago=132)
    world.ticket("Licence file", minutes_ago=111)
    window = opened(windows)
    assert (window.late.spoken, window.awaiting.spoken) == ("2 too long", "3 awaiting us")
    assert [words(window, row, SUBJECT) for row in range(4)] == ["Stops at 62 %", "Charged twice", "", "Licence file"]
    assert [words(window, row, RESPONSIBLE) for row in (0, 1)] == ["Tom B.", "Nobody"]
    assert [words(window, row, BEYOND) for row in (0, 3)] == ["34 min over", "in 9 min"]
    assert window.chip.accessibleName().startswith("Live, as of")
    assert window.recorded.text() == "Recorded as check 1 of today"


def test_enter_opens_f5_checks_shift_a_assigns_and_the_choice_stays(
    windows: AlertWindows, world: World, qtbot: QtBot
) -> None:
    first = world.ticket("One", minutes_ago=154)
    second = world.ticket("Two", minutes_ago=140)
    window, found = opened(windows), list[str]()
    windows.open_ticket.connect(found.append)
    qtbot.waitUntil(window.isActiveWindow)
    window.view.setFocus()
    QTest.keyClick(window.view, Qt.Key.Key_Return)
    QTest.keyClick(window.view, Qt.Key.Key_Down)
    QTest.keyClick(window.view, Qt.Key.Key_Return)
    assert found == [first, second]
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert window.view.ticket_id == second
    tom = next(action for action in window.assign_menu().actions() if action.text() == "Tom B.")
    tom.trigger()
    assert world.desk.reader.ticket(second).row.assignee_id == TOM  # type: ignore[union-attr]  # it is there


def test_nobody_waits_and_nothing_can_be_opened(windows: AlertWindows) -> None:
    window = opened(windows)
    assert window.nobody.isVisible()
    assert not window.open_button.isEnabled()
    assert not window.assign_button.isEnabled()


def test_offline_says_as_of_when(windows: AlertWindows, world: World) -> None:
    at = world.clock.now - 23 * MINUTE_MS
    world.desk.bridge.status = SyncStatus(Condition.OFFLINE, last_contact_ms=at)
    assert opened(windows).chip.accessibleName() == "Offline, as of 14:03"


def test_a_gap_in_the_record_is_named(windows: AlertWindows, world: World) -> None:
    opened(windows)
    world.clock.now += 60 * MINUTE_MS
    windows._alerts.checks.check_now()
    assert windows.spot_check is not None
    assert windows.spot_check.strip.accessibleName().startswith("2 checks today")
    assert windows.spot_check.strip.accessibleName().endswith("1 gaps")


def test_the_longest_times_are_not_cut(windows: AlertWindows, world: World) -> None:
    world.ticket("Waits since yesterday", minutes_ago=23 * 60 + 58, number=123_456)
    world.ticket("Waits longer", minutes_ago=25 * 60 + 58)
    window = opened(windows)
    assert {words(window, row, WAITS) for row in (0, 1)} == {"23 h 58 min", "1 d"}
    assert "23 h 58 min over" in {words(window, row, BEYOND) for row in (0, 1)}
    for column in (BEYOND, WAITS, LIMIT, TICKET, RESPONSIBLE):
        assert window.view.sizeHintForColumn(column) <= window.view.columnWidth(column)


def test_before_the_first_check_nothing_is_claimed(world: World, qtbot: QtBot) -> None:
    window = SpotCheckWindow(world.desk.appearance, world.desk.moments)
    qtbot.addWidget(window)
    assert window.late.spoken == "too long: not known yet"
    assert window.nobody.text() == "Checking…"
    assert not window.open_button.isEnabled()


def test_alerts_that_reached_nobody_are_said(windows: AlertWindows) -> None:
    window = opened(windows)
    assert window.unreached.isHidden()
    window.show_unreached(2, 3)
    assert window.unreached.words.startswith("2 alerts have reached nobody yet; 3")
    window.show_unreached(0, 3)
    assert "in the end" in window.unreached.words
    window.show_unreached(0, 0)
    assert window.unreached.words == ""
