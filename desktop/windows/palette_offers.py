"""Feeds the palette with what fits the words typed, and carries out what was chosen."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.desk import Desk
from desktop.models.palette import PaletteEntries
from desktop.windows.browsing import Browsing
from desktop.windows.main_window import MainWindow
from sync.cache.changes import Changes
from sync.cache.rows import TicketRow
from sync.domain.errors import DeskbellError

_FOUND = 5


class PaletteOffers(QObject):
    """chosen(Entry): what the person picked; its target says what that means."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, window: MainWindow, browsing: Browsing, in_view: Callable[[], str]) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._browsing = browsing
        self._in_view = in_view
        self._reader = desk.cache.reader()  # used on the search lane only
        self._entries = PaletteEntries(window.actions_.first_key)
        self._typed = ""
        self._found: frozenset[str] = frozenset()
        window.palette_.typed.connect(self._offer)
        window.palette_.chosen.connect(self.chosen)
        desk.bridge.changed.connect(self._changed)

    def close(self) -> None:
        self._reader.close()

    def _changed(self, changes: Changes) -> None:
        """A ticket that is offered may have left: all is asked again, without it at once."""
        if self._window.palette_.isVisible() and (changes.everything or changes.tickets & self._found):
            self._offer(self._typed)

    def _offer(self, typed: str) -> None:
        self._typed = typed
        self._show([])
        if typed:
            search = partial(self._reader.search, typed, _FOUND)
            self._desk.lanes.search.run(search, partial(self._answered, typed), _ignore)

    def _answered(self, typed: str, rows: list[TicketRow]) -> None:
        if typed == self._typed and self._window.palette_.isVisible():
            self._show(rows)

    def _show(self, found: list[TicketRow]) -> None:
        self._found = frozenset(row.id for row in found)
        shown = self._desk.reader.ticket(self._in_view()) if self._in_view() else None
        row = shown.row if shown is not None else None
        categories, outbox = self._browsing.categories, self._browsing.counts.outbox
        self._window.palette_.offer(self._entries.of(self._typed, row, found, categories, outbox))


def _ignore(_error: DeskbellError) -> None:
    """A question that could not be answered now; the commands are offered all the same."""
