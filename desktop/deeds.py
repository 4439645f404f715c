"""What a page asks of the server: each deed at once, off the UI thread, and how it ended."""

from collections.abc import Callable
from typing import Generic, Never, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.desk import Desk
from desktop.translation import translate
from sync.domain.errors import DeskbellError, Offline
from sync.engine.status import Condition

K = TypeVar("K")
T = TypeVar("T")


def nobody_there() -> Never:
    """Where there is no connection at all."""
    raise Offline(translate("Deeds", "There is no server to ask."))


class Deeds(QObject, Generic[K]):
    """done(): the server did something, or has something else than is shown: ask it.

    `reach` may block, so it is called in a worker; `offline` is what is said where the server did not answer last.
    """

    done = Signal()

    def __init__(self, desk: Desk, reach: Callable[[], K], offline: str, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._reach = reach
        self._offline = offline

    @property
    def online(self) -> bool:
        """Whether the server answered last."""
        status = self._desk.bridge.status
        return status is not None and status.condition in (Condition.ONLINE, Condition.DELAYED)

    def ask(self, deed: Callable[[K], T], done: Callable[[T], None], failed: Callable[[DeskbellError], None]) -> None:
        """Do it; `done` or `failed` on the UI thread."""
        if not self.online:
            failed(Offline(self._offline))
            return

        def finished(result: T) -> None:
            done(result)
            self.done.emit()

        def refused(error: DeskbellError) -> None:
            failed(error)
            self.done.emit()

        self._desk.lanes.online.run(lambda: deed(self._reach()), finished, refused)

    def look(self, question: Callable[[K], T], done: Callable[[T], None]) -> None:
        """Ask for something that may as well be missing."""
        if self.online:
            self._desk.lanes.online.run(lambda: question(self._reach()), done, lambda _error: None)
