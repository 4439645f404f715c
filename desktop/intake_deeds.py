"""What is done to the intake at the server: each deed at once, off the UI thread, and how it ended."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.desk import Desk
from desktop.translation import translate
from sync.connectors.intake_keeping import IntakeKeeping
from sync.domain.errors import DeskbellError, Offline
from sync.engine.status import Condition

T = TypeVar("T")
IntakeReach = Callable[[], IntakeKeeping]
"""The server's intake; may block, so it is called in a worker."""


def no_intake_there() -> IntakeKeeping:
    """Where there is no connection at all."""
    raise Offline(translate("IntakeDeeds", "There is no server to ask."))


class IntakeDeeds(QObject):
    """done(): the server did something, or has something else than is shown: ask it."""

    done = Signal()

    def __init__(self, desk: Desk, reach: IntakeReach, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._reach = reach

    @property
    def online(self) -> bool:
        """Whether the server answered last."""
        status = self._desk.bridge.status
        return status is not None and status.condition in (Condition.ONLINE, Condition.DELAYED)

    def ask(
        self, deed: Callable[[IntakeKeeping], T], done: Callable[[T], None], failed: Callable[[DeskbellError], None]
    ) -> None:
        """Do it; `done` or `failed` on the UI thread."""
        if not self.online:
            failed(Offline(self.tr("You are offline. This is kept at the server: try again once it answers.")))
            return

        def finished(result: T) -> None:
            done(result)
            self.done.emit()

        def refused(error: DeskbellError) -> None:
            failed(error)
            self.done.emit()

        self._desk.lanes.online.run(lambda: deed(self._reach()), finished, refused)

    def look(self, question: Callable[[IntakeKeeping], T], done: Callable[[T], None]) -> None:
        """Ask for something that may as well be missing."""
        if self.online:
            self._desk.lanes.online.run(lambda: question(self._reach()), done, lambda _error: None)
