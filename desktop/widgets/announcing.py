"""Says a sentence to a screen reader without moving the keyboard."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

PAUSE_MS = 5_000


def announce(widget: QWidget, words: str) -> None:
    """Politely: after what is being read out. Nothing happens where no reader listens."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))


class Announcer(QObject):
    """At most one sentence in `pause_ms`; of those that come meanwhile the latest is said once it is over."""

    def __init__(self, say: Callable[[str], None], parent: QObject | None = None, pause_ms: int = PAUSE_MS) -> None:
        super().__init__(parent)
        self._say = say
        self._latest = ""
        self._pause = QTimer(self, singleShot=True, interval=pause_ms)
        self._pause.timeout.connect(self._say_latest)

    def tell(self, words: str) -> None:
        """Now, or as soon as it may be."""
        self._latest = words
        if not self._pause.isActive():
            self._say_latest()

    def _say_latest(self) -> None:
        if self._latest:
            words, self._latest = self._latest, ""
            self._say(words)
            self._pause.start()
