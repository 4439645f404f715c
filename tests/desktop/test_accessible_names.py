"""Every control that the keyboard reaches says its name to a screen reader."""

from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.lanes import InlineLane
from desktop.models.composing import Mode
from desktop.models.place import OUTBOX, QUICK_NOTES, UNDELIVERED
from desktop.windows.keys_sheet import KeysSheet
from desktop.windows.new_ticket import NewTicketWindow
from desktop.windows.quick_note import QuickNoteWindow
from desktop.windows.sign_in import SignInWindow
from desktop.windows.spot_check import SpotCheckWindow
from sync.connectors.session import Session
from tests.rigs.frame import Frame

_CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Window = Callable[[Frame], QWidget]


def sign_in(frame: Frame) -> QWidget:
    def make_session(address: str, token: str | None) -> Session:
        return Session(address, token, frame.desk.clock, frame.desk.ids.client_key)

    window = SignInWindow(frame.desk.appearance, frame.desk.settings, InlineLane(), make_session)
    window.ask()
    return window


def main(frame: Frame) -> QWidget:
    frame.open(4187)
    return frame.window


def writing(mode: Mode, frame: Frame) -> QWidget:
    frame.open(4187)
    frame.window.pane.compose(mode)
    return frame.window


def palette(frame: Frame) -> QWidget:
    frame.window.palette_.open("re")
    return frame.window


def on_page(name: str, frame: Frame) -> QWidget:
    frame.window.show_page(name)
    return frame.window


def keys(frame: Frame) -> QWidget:
    return KeysSheet(frame.desk.appearance, frame.desk.settings, frame.window.actions_, frame.window)


WINDOWS: dict[str, Window] = {
    "main": main,
    "reply": partial(writing, Mode.REPLY),
    "note": partial(writing, Mode.NOTE),
    "palette": palette,
    "quick notes": partial(on_page, QUICK_NOTES),
    "outbox": partial(on_page, OUTBOX),
    "undelivered": partial(on_page, UNDELIVERED),
    "keys": keys,
    "sign in": sign_in,
    "new ticket": lambda frame: NewTicketWindow(frame.desk, frame.window),
    "quick note": lambda frame: QuickNoteWindow(frame.desk, frame.window),
    "spot-check": lambda frame: SpotCheckWindow(frame.desk.appearance, frame.desk.moments, frame.window),
}


def unnamed(window: QWidget) -> list[str]:
    """The controls to be seen that take the keyboard and have no name."""
    found = []
    for widget in window.findChildren(QWidget):
        reached = widget.focusPolicy() is not Qt.FocusPolicy.NoFocus and isinstance(widget, _CONTROLS)
        if not reached or not widget.isVisibleTo(window) or widget.window() is not window:
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        if not interface.text(QAccessible.Text.Name).strip():
            parent = widget.parentWidget()
            found.append(f"{type(widget).__name__} in {type(parent).__name__}")
    return found


@pytest.mark.parametrize("name", WINDOWS)
def test_each_control_has_a_name(name: str, frame: Frame, qtbot: QtBot) -> None:
    window = WINDOWS[name](frame)
    if window is not frame.window:
        qtbot.addWidget(window)
        window.show()
    assert unnamed(window) == []


def test_a_control_without_a_name_is_found(frame: Frame) -> None:
    frame.window.tool_bar.search.setAccessibleName("")
    assert unnamed(frame.window) == ["SearchField in ToolBar"]
