"""What once ended the interpreter, or made every letter an empty box, is noticed here first."""

import sys

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel

_TURNS = 2000


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is never counted there")
def test_calls_that_return_nothing_keep_the_count_of_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(_TURNS):
        thing.blockSignals(False)
        thing.setObjectName("bell")
    assert sys.getrefcount(None) > before - 100


def test_letters_are_drawn(qapp: QApplication) -> None:
    label = QLabel("Deskbell rings")
    label.resize(120, 24)
    image: QImage = label.grab().toImage()
    colours = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert len(colours) > 20
