"""Guards against a machine or a Qt on which the other tests would prove nothing."""

import sys

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

_CALLS = 2_000


def test_void_qt_calls_leave_none_alone(qapp: object) -> None:
    """PySide6 6.12.0 loses a reference to None with each void call and kills Python 3.11 in minutes.

    From Python 3.12 on None is immortal and this cannot fail.
    """
    del qapp
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(_CALLS):
        thing.blockSignals(False)
        thing.setObjectName("x")
    assert before - sys.getrefcount(None) < 100


def test_letters_are_drawn_with_a_font(qtbot: QtBot) -> None:
    """Without any font every letter is an empty box and pictures prove nothing."""
    label = QLabel("Ticket 1024: größer als sonst")
    qtbot.addWidget(label)
    label.resize(label.sizeHint())
    image = label.grab().toImage()
    colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert len(colours) > 20
