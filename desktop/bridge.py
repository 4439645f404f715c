"""The engine's reports as Qt signals on the UI thread."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from sync.cache.changes import Changes
from sync.connectors.port import PresenceHint
from sync.engine.status import SyncStatus

_PAUSE_MS = 40


class Bridge(QObject):
    """Takes reports from any thread and tells the screens on theirs.

    changed(Changes): rows are another; many reports in a row are told as one, at most each 40 ms.
    status_changed(SyncStatus): the condition of the connection.
    arrived(object, bool): a tuple of arrivals that ring, and whether they are one digest of what came while away.
    undelivered(int): so many of this person's actions were not carried out as meant. warned(str): a sentence.
    access_changed(): who is signed in, or what they may see, is another. presence_told(PresenceHint): a colleague is
    somewhere, or is not any more.
    """

    undelivered = Signal(int)
    warned = Signal(str)
    access_changed = Signal()
    presence_told = Signal(object)
    changed = Signal(object)
    status_changed = Signal(object)
    arrived = Signal(object, bool)

    _reported = Signal(str, object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._closed = False
        self._waiting = Changes()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self._reported.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self.status: SyncStatus | None = None

    def report_changes(self, changes: Changes) -> None:
        """From any thread."""
        self._reported.emit("changes", changes, False)

    def report_status(self, status: SyncStatus) -> None:
        """From any thread."""
        self._reported.emit("status", status, False)

    def report_arrivals(self, arrivals: object, digest: bool) -> None:
        """From any thread. `arrivals` is a tuple of the engine's notices."""
        self._reported.emit("arrivals", arrivals, digest)

    def report_undelivered(self, count: int) -> None:
        """From any thread."""
        self._reported.emit("undelivered", count, False)

    def report_warning(self, sentence: str) -> None:
        """From any thread."""
        self._reported.emit("warning", sentence, False)

    def report_access(self) -> None:
        """From any thread."""
        self._reported.emit("access", None, False)

    def report_presence(self, hint: PresenceHint) -> None:
        """From any thread."""
        self._reported.emit("presence", hint, False)

    def close(self) -> None:
        """Nothing is told any more; what is still on its way is dropped."""
        self._closed = True
        self._pause.stop()

    @Slot(str, object, bool)
    def _take(self, what: str, value: object, digest: bool) -> None:
        if self._closed:
            return
        if isinstance(value, Changes):
            self._waiting |= value
            if not self._pause.isActive():
                self._tell()
        elif isinstance(value, SyncStatus):
            self.status = value
            self.status_changed.emit(value)
        elif what == "presence":
            self.presence_told.emit(value)
        elif what == "arrivals":
            self._tell()
            self.arrived.emit(value, digest)
        elif isinstance(value, int):
            self.undelivered.emit(value)
        elif isinstance(value, str):
            self.warned.emit(value)
        else:
            self.access_changed.emit()

    @Slot()
    def _tell(self) -> None:
        if self._waiting:
            waiting, self._waiting = self._waiting, Changes()
            self._pause.start()
            self.changed.emit(waiting)
