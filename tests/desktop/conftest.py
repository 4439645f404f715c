"""What the tests of the desktop share: a real, filled cache behind a real desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.rigs.frame import Frame
from tests.rigs.patience import qtbot
from tests.rigs.world import World

__all__ = ["alone", "frame", "qtbot", "world"]


@pytest.fixture(autouse=True)
def alone(qapp: QApplication) -> Iterator[None]:
    """No window of one test is there in the next: it would be active in its place, and take its keys."""
    yield
    for window in qapp.topLevelWidgets():
        window.hide()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def world(tmp_path: Path, qapp: QApplication) -> Iterator[World]:
    """A signed-in person with five categories and no tickets yet."""
    world = World(tmp_path, qapp)
    yield world
    world.close()


@pytest.fixture
def frame(world: World) -> Iterator[Frame]:
    """The main window over the drawn tickets, shown and online."""
    frame = Frame(world)
    yield frame
    frame.close()
