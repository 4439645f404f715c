"""What one person's run does together with colleagues' runs: being seen, seeing them, taking the next ticket."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.connection import Connection
from desktop.desk import Desk
from desktop.windows.main_assembly import MainParts
from desktop.windows.taking_next import TakingNext


class Together(QObject):
    """Connects the main window's parts with the connection; `tell` says a sentence to a screen reader."""

    def __init__(self, desk: Desk, connection: Connection, parts: MainParts, tell: Callable[[str], None]) -> None:
        super().__init__(parts.window)
        browsing = parts.browsing
        self._next = TakingNext(desk, desk.lanes.online, connection.take_next, lambda: browsing.place, self)
        self._next.taken.connect(parts.commanding.open_ticket)
        self._next.said.connect(lambda sentence, bad: parts.window.notice.say(sentence, bad=bad))
        parts.being_seen.looks.connect(connection.look_at)
        parts.being_seen.typed.connect(connection.typed)
        parts.being_seen.stopped.connect(connection.stopped_typing)
        parts.company.told.connect(tell)

    def take_next(self) -> None:
        """The ticket most in need, if the server has one for this person."""
        self._next.begin()
