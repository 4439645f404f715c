"""What the tests of the alerts share."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QObject, Signal

from desktop.alerts.notifications.port import Note


class Heard(QObject):
    """A listener that keeps what it was told and signals it."""

    told = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[str, bool, bool]] = []
        self.failed: list[tuple[str, str]] = []
        self.clicked: list[str] = []

    def note_shown(self, note: Note, clickable: bool, confirmed: bool) -> None:
        self.shown.append((note.key, clickable, confirmed))
        self.told.emit()

    def note_failed(self, note: Note, why: str) -> None:
        self.failed.append((note.key, why))
        self.told.emit()

    def note_activated(self, key: str, token: str) -> None:
        del token
        self.clicked.append(key)
        self.told.emit()


@pytest.fixture
def heard(qapp: object) -> Heard:
    """A fresh listener."""
    del qapp
    return Heard()


@dataclass
class StillClock:
    """A clock that moves only when told."""

    now: int = 1_800_000_000_000
    ticks: float = 0.0

    def now_ms(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return self.ticks


@pytest.fixture
def clock() -> StillClock:
    """A clock that the test holds."""
    return StillClock()
