"""The list of tickets: an array of keys for all of them, rows only for the pages that are looked at."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from time import perf_counter

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from desktop.lanes import Lane
from desktop.models.row_text import RowText
from sync.cache.changes import Changes
from sync.cache.reader import Reader
from sync.cache.rows import Sort, TicketRow, View
from sync.domain.clock import Clock
from sync.domain.errors import DeskbellError

PAGE = 100
PAGES_KEPT = 20
TICK_MS = 20_000
_QUIET_MS = 60

ROW_ROLE = Qt.ItemDataRole.UserRole
TEXT_ROLE = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex
Keys = Sequence[int]


class TicketListModel(QAbstractTableModel):
    """One column of tickets in the order of a view, or of a search's findings.

    swapping(): the order is about to be another; remember what is looked at. swapped(): it is.
    failed(str): the list could not be read; a sentence for the person.
    """

    swapping = Signal()
    swapped = Signal()
    failed = Signal(str)

    def __init__(self, reader: Reader, lane: Lane, lane_reader: Reader, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._reader = reader
        self._lane = lane
        self._lane_reader = lane_reader
        self._clock = clock
        self._keys: Keys = array("q")
        self._pages: OrderedDict[int, list[RowText | None]] = OrderedDict()
        self._read: Callable[[Reader], Keys] = _nothing
        self._generation = 0
        self._running = False
        self._stale = False
        self.loaded = False
        self.company: Callable[[str], str] = _alone
        """Who else is at a ticket, in words for a screen reader."""
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._load)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._repaint)
        self._tick.start()

    def show_view(self, view: View, sort: Sort) -> None:
        """Another view; what was shown stays until the new order is there."""
        self._ask(lambda reader: reader.ticket_ids(view, sort))

    def show_found(self, rows: Sequence[TicketRow]) -> None:
        """A search's findings, in their order."""
        keys = array("q", [row.key for row in rows])
        self._generation += 1
        self._read = lambda _reader: keys
        self._stale = False
        self._swap(keys, whole=True)

    def refresh(self, changes: Changes) -> None:
        """Rows of these tickets are another, and with them perhaps the order."""
        if not (changes.everything or changes.tickets or changes.people):
            return
        if changes.everything or changes.people:
            self._pages.clear()
            self._repaint()
        else:
            self._drop_pages_of(changes.tickets)
        self._stale = True
        if not self._pause.isActive() and not self._running:
            self._pause.start(_QUIET_MS)

    def reload_now(self) -> None:
        """The order as it is at this moment, without the pause that spares a long list."""
        self._pause.stop()
        self._load()

    def close(self) -> None:
        """Nothing is read any more: the lane has ended."""
        self._pause.stop()
        self._tick.stop()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._keys)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (ROW_ROLE, TEXT_ROLE, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole):
            return None
        text = self._text_at(index.row())
        if text is None:
            return None
        if role == TEXT_ROLE:
            return text
        if role == ROW_ROLE:
            return text.row
        return " ".join(one for one in (text.spoken(self._clock.now_ms()), self.company(text.row.id)) if one)

    def row_at(self, position: int) -> TicketRow | None:
        """The ticket at that place; None beyond the end or if it has just gone."""
        text = self._text_at(position) if 0 <= position < len(self._keys) else None
        return None if text is None else text.row

    def key_at(self, position: int) -> int | None:
        return self._keys[position] if 0 <= position < len(self._keys) else None

    def keys(self) -> Sequence[int]:
        """The keys of all tickets in the list, from top to bottom."""
        return self._keys

    def position_of(self, key: int) -> int | None:
        """Where the ticket of that key stands; None if it is not in the list."""
        try:
            return self._keys.index(key)
        except ValueError:
            return None

    def _text_at(self, position: int) -> RowText | None:
        number, offset = divmod(position, PAGE)
        page = self._pages.get(number)
        if page is None:
            page = self._pages[number] = self._fetch(number)
            while len(self._pages) > PAGES_KEPT:
                self._pages.popitem(last=False)
        else:
            self._pages.move_to_end(number)
        return page[offset] if offset < len(page) else None

    def _fetch(self, number: int) -> list[RowText | None]:
        keys = list(self._keys[number * PAGE : (number + 1) * PAGE])
        found = {row.key: row for row in self._reader.ticket_rows(keys)}
        return [RowText(found[key]) if key in found else None for key in keys]

    def _drop_pages_of(self, ticket_ids: frozenset[str]) -> None:
        for number, page in list(self._pages.items()):
            hit = [offset for offset, text in enumerate(page) if text is None or text.row.id in ticket_ids]
            if hit:
                del self._pages[number]
                first, last = number * PAGE + hit[0], number * PAGE + hit[-1]
                self.dataChanged.emit(self.index(first, 0), self.index(last, 0))

    def _ask(self, read: Callable[[Reader], Keys]) -> None:
        self._generation += 1
        self._read = read
        self._stale = True
        self._pause.stop()
        self._load(fresh=True)

    def _load(self, fresh: bool = False) -> None:
        if self._running and not fresh:
            return
        self._running, self._stale = True, False
        generation, read, started = self._generation, self._read, perf_counter()

        def done(keys: Keys) -> None:
            if generation == self._generation:
                self._running = False
                self._swap(keys, whole=fresh)
                if self._stale:  # a long list is read again less often: never more than a fifth of the time
                    self._pause.start(max(_QUIET_MS, round((perf_counter() - started) * 5000)))

        def failed(error: DeskbellError) -> None:
            self._running = False
            self.failed.emit(str(error))

        self._lane.run(lambda: read(self._lane_reader), done, failed)

    def _swap(self, keys: Keys, whole: bool) -> None:
        self._running, first = False, not self.loaded
        self.loaded = True
        if keys == self._keys and not whole and not first:
            return
        self.swapping.emit()
        self.beginResetModel()
        self._keys = keys
        self._pages.clear()
        self.endResetModel()
        self.swapped.emit()

    def _repaint(self) -> None:
        if self._keys:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._keys) - 1, 0))


def _nothing(_reader: Reader) -> Keys:
    return array("q")


def _alone(_ticket_id: str) -> str:
    return ""
