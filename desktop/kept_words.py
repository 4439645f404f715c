"""Words begun in a window of their own, kept as a draft on each pause, so that no crash takes them (PRODUCT C2)."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.desk import Desk
from sync.cache.rows import DraftRow

PAUSE_MS = 1000
NEW_TICKET = ("own", "newTicket")
QUICK_NOTE = ("own", "quickNote")


class KeptWords(QObject):
    """`slot` names the draft in the cache, `read` gives the words as they stand; empty ones end the draft.

    kept(): they are safe on this computer. failed(str): a sentence; it is tried again at the next pause.
    """

    kept = Signal()
    failed = Signal(str)

    def __init__(self, desk: Desk, slot: tuple[str, str], read: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._slot = slot
        self._read = read
        self._dirty = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.flush)

    def changed(self) -> None:
        """Something was written: keep it soon."""
        self._dirty = True
        self._pause.start()

    def flush(self) -> None:
        """Keep it now, if anything changed."""
        self._pause.stop()
        if self._dirty:
            self._dirty = False
            words = self._read()
            cache, (place, mode) = self._desk.cache, self._slot
            self._desk.lanes.cache.run(
                lambda: cache.save_draft(place, mode, words),
                lambda _changes: self.kept.emit(),
                lambda error: self._fail(str(error)),
            )

    def settled(self) -> None:
        """The words are somewhere else now, and the draft ended with that."""
        self._pause.stop()
        self._dirty = False

    def begun(self) -> DraftRow | None:
        """What was kept of an earlier sitting."""
        return self._desk.reader.draft(*self._slot)

    def _fail(self, sentence: str) -> None:
        self._dirty = True
        self.failed.emit(sentence)
