"""Search as one types: the last question only, older ones are stopped under way."""

from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.lanes import Lane
from sync.cache.cache import Cache
from sync.cache.rows import TicketRow
from sync.domain.errors import DeskbellError, Interrupted, SearchDamaged

LIMIT = 200
_AGAIN_MS = 400


class Searching(QObject):
    """Asks on the search lane with a reader of its own.

    found(str, list): the question, and its tickets, newest first.
    """

    found = Signal(str, object)

    def __init__(self, cache: Cache, lane: Lane, parent: QObject) -> None:
        super().__init__(parent)
        self._reader = cache.reader()  # used on the search lane; only `interrupt` from here
        self._cache = cache
        self._zone = datetime.now(UTC).astimezone().tzinfo or UTC  # a day begins at this computer's midnight
        self._lane = lane
        self._asked = ""
        self._number = 0
        self._running = False
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._ask)

    def close(self) -> None:
        self._again.stop()
        self._reader.close()

    def look(self, text: str) -> None:
        self._asked = text
        self._ask()

    def look_again(self) -> None:
        """Rows changed: the same question once more, soon."""
        if self._asked and not self._again.isActive():
            self._again.start()

    def stop(self) -> None:
        self._asked = ""
        self._number += 1
        self._again.stop()

    def _ask(self) -> None:
        if not self._asked:
            return
        self._number += 1
        number, text = self._number, self._asked
        if self._running:
            self._reader.interrupt()
        self._running = True

        def work() -> list[TicketRow] | None:
            if number != self._number:
                return None  # a newer question stands behind this one
            return self._reader.search(text, LIMIT, zone=self._zone)

        self._lane.run(work, lambda rows: self._answered(number, text, rows), partial(self._failed, number))

    def _answered(self, number: int, text: str, rows: list[TicketRow] | None) -> None:
        if number == self._number and rows is not None:
            self._running = False
            self.found.emit(text, rows)

    def _failed(self, number: int, error: DeskbellError) -> None:
        """The next question is on its way; but a stop meant for the one before may hit the newest."""
        if number != self._number:
            return
        self._running = False
        match error:
            case Interrupted():
                self._ask()
            case SearchDamaged():
                self._lane.run(self._cache.mend_index, lambda _mended: self.look_again())
            case _:
                raise error
