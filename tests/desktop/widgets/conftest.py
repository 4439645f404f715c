"""A ticket pane with its presenter, on a real cache."""

import pytest
from pytestqt.qtbot import QtBot

from tests.rigs.stand import Stand
from tests.rigs.world import World


@pytest.fixture
def stand(world: World, qtbot: QtBot) -> Stand:
    """Shown and active."""
    stand = Stand(world)
    qtbot.addWidget(stand.pane)
    stand.pane.resize(900, 760)
    with qtbot.waitActive(stand.pane):
        stand.pane.show()
        stand.pane.activateWindow()
    return stand
