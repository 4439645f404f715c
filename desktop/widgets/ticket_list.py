"""The view of the ticket list: keeps selection and place when the order changes, and knows its keys."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop.models.company import Company
from desktop.models.ticket_list import TicketListModel
from desktop.theme.appearance import Appearance
from desktop.widgets.ticket_row import TicketRowDelegate
from sync.cache.rows import TicketRow
from sync.domain.clock import Clock
from sync.domain.records import Awaiting

_SELECTED_KEPT = 500
_BY_KEY: Final = (
    Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason,
)  # fmt: skip


class TicketListView(QTableView):
    """One column, several may be selected; rows that come or go never move what is looked at.

    current_changed(str): the id of the ticket that the cursor is on, empty for none.
    opened(str): Return or a double click. marked(): the set of selected tickets is another.
    read_on(): the space bar.
    """

    current_changed = Signal(str)
    opened = Signal(str)
    marked = Signal()
    read_on = Signal()

    def __init__(self, model: TicketListModel, appearance: Appearance, clock: Clock, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._appearance = appearance
        self._delegate = TicketRowDelegate(appearance, clock, self)
        self._current_key: int | None = None
        self._marked_keys: list[int] = []
        self._anchor: tuple[int, int] | None = None
        self._shown_id = ""
        self._gap: int | None = None
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self._arrange()
        self._dress()
        appearance.changed.connect(self._dress)
        model.swapping.connect(self._remember)
        model.swapped.connect(self._restore)
        self.selectionModel().currentChanged.connect(self._moved)
        self.selectionModel().selectionChanged.connect(lambda *_: self.marked.emit())
        self.doubleClicked.connect(lambda _index: self.opened.emit(self._shown_id))

    def set_me(self, agent_id: str) -> None:
        """Whose initials are framed in blue."""
        self._delegate.me = agent_id
        self.viewport().update()

    def set_offline(self, offline: bool) -> None:
        """What waits is then "Saved here"."""
        if offline != self._delegate.offline:
            self._delegate.offline = offline
            self.viewport().update()

    def show_company(self, at: Callable[[str], Company]) -> None:
        """Who else is at a ticket, by its id."""
        self._delegate.company = at
        self.viewport().update()

    def current(self) -> TicketRow | None:
        return self._model.row_at(self.currentIndex().row())

    def marked_rows(self) -> list[TicketRow]:
        """The selected tickets from top to bottom (at most 500); the current one alone if none is selected."""
        positions = sorted(index.row() for index in self.selectionModel().selectedRows())[:_SELECTED_KEPT]
        rows = [self._model.row_at(position) for position in positions] or [self.current()]
        return [row for row in rows if row is not None]

    def go(self, step: int) -> None:
        """The cursor up or down by `step` tickets."""
        last, here = self._model.rowCount() - 1, self.currentIndex().row()
        if here < 0 and self._gap is not None:  # the ticket has left the list: the next one stands in its place
            here = self._gap - (1 if step > 0 else 0)
        self.go_to(min(last, max(0, here + step)))

    def go_to(self, position: int) -> None:
        index = self._model.index(position, 0)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(self.currentIndex())  # what is opened may have changed the list meanwhile

    def go_to_next_awaiting(self) -> bool:
        """The next ticket below (then from the top) that awaits the team; False if there is none near."""
        count, here = self._model.rowCount(), self.currentIndex().row()
        for step in range(1, min(count, 2000) + 1):
            position = (here + step) % count
            row = self._model.row_at(position)
            if row is not None and row.awaiting is Awaiting.TEAM:
                self.go_to(position)
                return True
        return False

    def choose(self, key: int) -> bool:
        """The cursor on the ticket with that key; False if the list does not hold it."""
        position = self._model.position_of(key)
        if position is not None:
            self.go_to(position)
        return position is not None

    def toggle_mark(self) -> None:
        """Select or unselect the ticket under the cursor, and keep the others selected."""
        self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.Toggle)

    def forget_current(self) -> None:
        """The next order begins at its top; the ticket in view stays chosen if it is there too."""
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())
        self._gap = None
        self.scrollToTop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self._shown_id)
        elif plain and key == Qt.Key.Key_Space:
            self.read_on.emit()
        elif key == Qt.Key.Key_C and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._copy()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """By Tab the keyboard comes to the first ticket; coming back to the window, or tickets to an empty list, opens
        none."""
        if event.reason() in _BY_KEY or self.currentIndex().isValid():
            super().focusInEvent(event)
        else:
            self.viewport().update()

    def keyboardSearch(self, _search: str) -> None:
        """Type-ahead is off: single letters are commands."""

    def _copy(self) -> None:
        lines = [f"#{row.number} {row.subject}" if row.number else row.subject for row in self.marked_rows()]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _arrange(self) -> None:
        self.setAccessibleName(self.tr("Tickets"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def _dress(self) -> None:
        self.verticalHeader().setMinimumSectionSize(20)
        self.verticalHeader().setDefaultSectionSize(self._delegate.height)
        self.verticalScrollBar().setSingleStep(self._delegate.height)
        self.viewport().update()

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = self._model.row_at(current.row()) if current.isValid() else None
        if current.isValid():
            self._gap = None
        if row is None or row.id == self._shown_id:
            return
        self._shown_id, self._current_key = row.id, row.key
        self.current_changed.emit(row.id)

    def _remember(self) -> None:
        current = self.currentIndex()
        if current.isValid():
            self._current_key, self._gap = self._model.key_at(current.row()), current.row()
        chosen = self.selectionModel().selectedRows()[:_SELECTED_KEPT]
        self._marked_keys = [key for key in (self._model.key_at(index.row()) for index in chosen) if key is not None]
        top = self.rowAt(0)
        key = self._model.key_at(top) if top >= 0 else None
        at_top = self.verticalScrollBar().value() == 0
        self._anchor = None if key is None or at_top else (key, self.rowViewportPosition(top))

    def _restore(self) -> None:
        selection = QItemSelection()
        for key in self._marked_keys:
            position = self._model.position_of(key)
            if position is not None:
                selection.select(self._model.index(position, 0), self._model.index(position, 0))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        place = self._model.position_of(self._current_key) if self._current_key is not None else None
        if place is not None:
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            if not self._marked_keys:
                flag = QItemSelectionModel.SelectionFlag.Select
            self.selectionModel().setCurrentIndex(self._model.index(place, 0), flag)
        if self._anchor is None:
            self.scrollToTop()
        if self._anchor is not None:
            top = self._model.position_of(self._anchor[0])
            if top is not None:
                self.verticalScrollBar().setValue(top * self._delegate.height - self._anchor[1])
        self.marked.emit()
