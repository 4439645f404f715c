"""The settings: each control saves at once, one key takes the last change back, every truth is a sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTime
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.alerts.alert_desk import AlertDesk, Person
from desktop.alerts.alert_windows import About, AlertWindows
from desktop.alerts.truths import Verdict, Way
from desktop.pages.settings_alerts import AlertsPage
from desktop.pages.settings_check import CheckPage
from desktop.pages.settings_general import AppearancePage, KeysPage, WritingPage
from desktop.windows.settings import SettingsWindow
from sync.domain.alerting import Chime
from tests.rigs.world import ME, World

pytestmark = pytest.mark.qt_log_ignore("PulseAudioService|This plugin does not support", extend=True)
ABOUT = About("Marta K.", "https://help.example", "desk-4", Path("/data"), "Yes", "0.1.0")


@pytest.fixture
def windows(world: World, qapp: QApplication, qtbot: QtBot) -> Iterator[AlertWindows]:
    parent = QWidget()
    qtbot.addWidget(parent)
    alerts = AlertDesk(world.desk, qapp, Person(ME, is_owner=True), lambda: None)
    yield AlertWindows(world.desk, alerts, ABOUT, parent)
    alerts.stop()


def opened(windows: AlertWindows, page: str) -> SettingsWindow:
    windows.open_settings(page)
    assert windows.settings is not None
    return windows.settings


def alerts_page(windows: AlertWindows) -> AlertsPage:
    page = opened(windows, "alerts").page("alerts")
    assert isinstance(page, AlertsPage)
    return page


def test_the_four_truths_say_what_works_here(windows: AlertWindows, qtbot: QtBot) -> None:
    truths = windows._alerts.truths
    page = alerts_page(windows)
    truths.test_all()
    qtbot.waitUntil(
        lambda: len(truths.known) == 4 and Verdict.UNDER_WAY not in [t.verdict for t in truths.known.values()]
    )
    assert truths.known[Way.SOUND].verdict is Verdict.FAILS
    assert truths.known[Way.NOTIFICATION].verdict is Verdict.FAILS
    assert truths.known[Way.TRAY].verdict is Verdict.FAILS
    assert truths.known[Way.COUNT].verdict is Verdict.UNKNOWN
    for way, row in page.truths.rows.items():
        assert row.sentence == truths.known[way].sentence
        assert row.sentence.endswith((".", "?"))


def test_each_choice_is_saved_at_once_and_ctrl_z_takes_it_back(windows: AlertWindows, qtbot: QtBot) -> None:
    page, preferences = alerts_page(windows), windows._alerts.preferences
    before = preferences.now
    page.quiet.quiet.setChecked(True)
    page.quiet.start.setTime(QTime(20, 15))
    assert preferences.now.quiet.on
    assert preferences.now.quiet.from_minute == 20 * 60 + 15
    page.quiet.repeat.setChecked(True)
    page.quiet.minutes.setValue(5)
    page.quiet.urgent.setChecked(False)
    page.quiet.in_view.setChecked(False)
    assert (preferences.now.repeat_minutes, preferences.now.urgent_rings_anyway) == (5, False)
    assert windows.settings is not None
    qtbot.waitUntil(windows.settings.isActiveWindow)
    QTest.keyClick(windows.settings, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.quiet.in_view.isChecked()
    while windows.settings.history.take_back():
        pass
    assert preferences.now == before
    assert not page.quiet.quiet.isChecked()


def test_do_not_disturb_shows_until_when(windows: AlertWindows) -> None:
    page = alerts_page(windows)
    page.quiet.dnd.chosen.emit("hour")
    assert windows._alerts.alerts.quiet
    assert page.quiet.dnd.value == "until"
    windows._alerts.tray.choose("dnd_off")
    assert page.quiet.dnd.value == "off"


def test_chimes_are_chosen_by_occasion_priority_and_category(windows: AlertWindows, world: World) -> None:
    page, preferences = alerts_page(windows), windows._alerts.preferences
    page.chimes.rows[0].field.chosen.emit("woodBlock")
    page.chimes.rows[0].slider.setValue(35)
    assert (preferences.now.new.chime, preferences.now.new.volume) == (Chime.WOOD_BLOCK, 35)
    billing = world.category_ids["Billing"]
    rule = next(rule for rule, _ in page.chimes._possible() if rule.category_id == billing)
    page.chimes._add_rule(rule)
    assert preferences.now.rules[-1].category_id == billing
    assert len(page.chimes.rows) == 5
    page.chimes._remove_rule(len(preferences.now.rules) - 1)
    assert len(page.chimes.rows) == 4


def test_the_owner_chooses_interval_and_categories(windows: AlertWindows, world: World) -> None:
    page = opened(windows, "check").page("check")
    assert isinstance(page, CheckPage)
    page.minutes.setValue(30)
    page.followed[world.category_ids["Refunds"]].setChecked(False)
    choices = windows._alerts.checks.choices
    assert choices.minutes == 30
    assert choices.left_out == {world.category_ids["Refunds"]}


def test_an_agent_has_no_page_of_the_owner(world: World, qapp: QApplication, qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    alerts = AlertDesk(world.desk, qapp, Person(ME, is_owner=False), lambda: None)
    windows = AlertWindows(world.desk, alerts, ABOUT, parent)
    window = opened(windows, "")
    assert window.page("check") is None
    assert window.page("account") is not None
    alerts.stop()


def test_appearance_and_keys_write_what_the_program_reads(windows: AlertWindows, world: World) -> None:
    window, settings = opened(windows, "appearance"), world.desk.settings
    page, keys = window.page("appearance"), window.page("keys")
    assert isinstance(page, AppearancePage)
    assert isinstance(keys, KeysPage)
    page.theme.chosen.emit("dark")
    page.text_size.chosen.emit("125")
    page.compact.setChecked(True)
    keys.single.setChecked(False)
    assert (settings.theme.value, settings.text_scale, settings.compact) == ("dark", 1.25, True)
    assert not settings.single_keys


def test_the_window_opens_once_and_again_after_closing(windows: AlertWindows, qtbot: QtBot) -> None:
    first = opened(windows, "alerts")
    assert opened(windows, "about") is first
    first.close()
    qtbot.waitUntil(lambda: windows.settings is None)
    assert opened(windows, "alerts").isVisible()


def test_every_control_of_every_page_has_a_name(windows: AlertWindows) -> None:
    window = opened(windows, "alerts")
    nameless = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget, QScrollArea)
        and not isinstance(widget.parent(), QAbstractSpinBox)
        and not widget.accessibleName()
    ]
    assert nameless == []


def test_how_long_a_reply_can_be_taken_back(windows: AlertWindows) -> None:
    page = opened(windows, "writing").page("writing")
    assert isinstance(page, WritingPage)
    settings = windows._desk.settings
    assert (page.undo.value, settings.undo_send_ms) == ("10", 10_000)
    page.undo.chosen.emit("0")
    assert (page.undo.value, settings.undo_send_ms) == ("0", 0)
    settings.put("writing/undoSeconds", 999)
    assert settings.undo_send_ms == 30_000


def test_whether_colleagues_see_where_i_am(windows: AlertWindows) -> None:
    page = opened(windows, "writing").page("writing")
    assert isinstance(page, WritingPage)
    settings = windows._desk.settings
    assert (page.presence.isChecked(), settings.shows_presence) == (True, True)
    page.presence.setChecked(False)
    assert not settings.shows_presence
    settings.put("presence/shown", value=True)
    assert page.presence.isChecked()
