"""The list column: head, list, and a kind word where there is nothing to list."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from desktop.models.ticket_list import TicketListModel
from desktop.theme.appearance import Appearance
from desktop.widgets.list_head import ListHead
from desktop.widgets.ticket_list import TicketListView
from sync.cache.rows import Sort
from sync.domain.clock import Clock


class ListPane(QWidget):
    """`head` and `view` are wired by whoever knows what to list."""

    def __init__(self, appearance: Appearance, model: TicketListModel, clock: Clock, sort: Sort) -> None:
        super().__init__()
        self._appearance = appearance
        self._model = model
        self._empty_words = ""
        self._empty = QLabel()
        self._stack = QStackedWidget()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("Tickets"))
        self.head = ListHead(appearance, sort, self)
        self.view = TicketListView(model, appearance, clock, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._stack, 1)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        self._empty.setWordWrap(True)
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(24, 48, 24, 24)
        self._empty.setProperty("tone", "muted")
        model.swapped.connect(self._show_empty)

    def set_empty_words(self, words: str) -> None:
        """Said where the list is empty."""
        self._empty_words = words
        self._show_empty()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._appearance.color("surface"))

    @property
    def empty_words(self) -> str:
        """What is said now; empty while there are tickets."""
        return self._empty.text() if self._stack.currentWidget() is self._empty else ""

    def _show_empty(self) -> None:
        empty = self._model.loaded and self._model.rowCount() == 0
        self._empty.setText(self._empty_words)
        had_focus = self.view.hasFocus() or self.hasFocus()
        self._stack.setCurrentWidget(self._empty if empty else self.view)
        if had_focus:  # it must not run off to whatever comes next
            (self if empty else self.view).setFocus()
