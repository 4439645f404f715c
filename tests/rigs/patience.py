"""A qtbot that waits long: on a machine with other work to do, the usual five seconds end many a wait too early."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

LONG_MS = 45_000


class PatientBot(QtBot):
    """Waits for LONG_MS unless told otherwise; what comes in time costs nothing."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = LONG_MS) -> None:
        super().waitUntil(callback, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:  # Qt is there first
    """As pytest-qt's."""
    return PatientBot(request)
