"""Every control that the keyboard reaches says its name to a screen reader."""

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

from tests.rigs.frame import Frame
from tests.rigs.windows import WINDOWS

_CONTROLS = (QAbstractButton, QAbstractItemView, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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
