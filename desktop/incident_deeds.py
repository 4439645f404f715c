"""What is done to incidents at the server: each deed at once, off the UI thread, and how it ended."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.desk import Desk
from desktop.translation import translate
from sync.connectors.incident_keeping import IncidentKeeping
from sync.domain.errors import DeskbellError, Offline
from sync.engine.status import Condition

T = TypeVar("T")
IncidentReach = Callable[[], IncidentKeeping]
"""The server's incidents; may block, so it is called in a worker."""


def no_incidents_there() -> IncidentKeeping:
    """Where there is no connection at all."""
    raise Offline(translate("IncidentDeeds", "There is no server to ask."))


class IncidentDeeds(QObject):
    """done(): the server did something, or has something else than is shown: ask it."""

    done = Signal()

    def __init__(self, desk: Desk, reach: IncidentReach, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._reach = reach

    @property
    def online(self) -> bool:
        """Whether the server answered last."""
        status = self._desk.bridge.status
        return status is not None and status.condition in (Condition.ONLINE, Condition.DELAYED)

    def ask(
        self, deed: Callable[[IncidentKeeping], T], done: Callable[[T], None], failed: Callable[[DeskbellError], None]
    ) -> None:
        """Do it; `done` or `failed` on the UI thread."""
        if not self.online:
            failed(Offline(self.tr("You are offline. Your words are kept here: save them once the server answers.")))
            return

        def finished(result: T) -> None:
            done(result)
            self.done.emit()

        def refused(error: DeskbellError) -> None:
            failed(error)
            self.done.emit()

        self._desk.lanes.online.run(lambda: deed(self._reach()), finished, refused)
