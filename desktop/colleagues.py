"""Who else is at which ticket, for the screens: fed by the bridge, gone by the clock, empty while offline."""

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.desk import Desk
from desktop.models.company import Company, company
from sync.cache.changes import Changes
from sync.connectors.port import PresenceHint
from sync.engine.presence import Whereabouts
from sync.engine.status import Condition, SyncStatus

TICK_MS = 1_000


class Colleagues(QObject):
    """changed(object): a frozenset of ticket ids at which others are now."""

    changed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._board = Whereabouts(desk.clock, "")
        self._names: dict[str, str] = {}
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._pass_time)
        desk.bridge.presence_told.connect(self._hear)
        desk.bridge.status_changed.connect(self._status_changed)
        desk.bridge.changed.connect(self._people_changed)
        self._load_people()

    def at(self, ticket_id: str) -> Company:
        """Those at that ticket besides me."""
        return company(self._board.of(ticket_id), self._names)

    def _hear(self, hint: PresenceHint) -> None:
        if not self._board.me:
            self._load_people()
        if self._board.hear(hint):
            self.changed.emit(frozenset({hint.ticket_id}))
        if not self._tick.isActive():
            self._tick.start()

    def _pass_time(self) -> None:
        touched = self._board.expire()
        if touched:
            self.changed.emit(touched)
        if not self._board.tickets():
            self._tick.stop()

    def _status_changed(self, status: SyncStatus) -> None:
        if status.condition not in (Condition.ONLINE, Condition.DELAYED):
            gone = self._board.clear()
            if gone:
                self.changed.emit(gone)

    def _people_changed(self, changes: Changes) -> None:
        if changes.people or changes.everything:
            self._load_people()
            if self._board.tickets():
                self.changed.emit(self._board.tickets())

    def _load_people(self) -> None:
        self._board.me = self._desk.reader.me() or ""
        self._names = {one.id: one.name for one in self._desk.reader.agents()}
