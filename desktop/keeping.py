"""Keeping people and categories: each deed goes to the server at once, off the UI thread, and says how it ended."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.desk import Desk
from sync.connectors.administration import Administration
from sync.domain.errors import DeskbellError
from sync.engine.status import Condition

T = TypeVar("T")
Reach = Callable[[], Administration]
"""The server's administration; may block, so it is called in a worker."""


class Keeping(QObject):
    """done(): the server did something, so what is shown will be another. failed(str): a sentence."""

    done = Signal()
    failed = Signal(str)

    def __init__(self, desk: Desk, reach: Reach) -> None:
        super().__init__()
        self._desk = desk
        self._reach = reach

    @property
    def offline(self) -> str:
        """Why nothing can be kept now, in a sentence; empty while it can."""
        status = self._desk.bridge.status
        if status is not None and status.condition in (Condition.ONLINE, Condition.DELAYED):
            return ""
        return self.tr("You are offline. People and categories are kept at the server: try again once it answers.")

    def ask(
        self,
        deed: Callable[[Administration], T],
        done: Callable[[T], None],
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Do it; `done` or `failed` on the UI thread (without `failed` the signal tells)."""
        if self.offline:
            self._say(self.offline, failed)
            return

        def finished(result: T) -> None:
            done(result)
            self.done.emit()

        def refused(error: DeskbellError) -> None:
            self._say(str(error), failed)
            self.done.emit()

        self._desk.lanes.online.run(lambda: deed(self._reach()), finished, refused)

    def _say(self, sentence: str, failed: Callable[[str], None] | None) -> None:
        if failed is None:
            self.failed.emit(sentence)
        else:
            failed(sentence)
