"""What the tests of the desktop share: a real, filled cache behind a real desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.rigs.frame import Frame
from tests.rigs.world import World


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
