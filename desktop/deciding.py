"""Carries out what a person decides about words that were not delivered, on the page and in the thread alike."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.desk import Desk
from desktop.models.choice_words import Answer, answers
from sync.cache.rows import CategoryRow, UndeliveredRow
from sync.domain.choices import Choice


class Deciding(QObject):
    """ticket_wanted(id): it is to be opened. writing_wanted(ticket id, mode): the words are a draft there now."""

    ticket_wanted = Signal(str)
    writing_wanted = Signal(str, str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._widget = parent
        self._editing: dict[str, tuple[str, str]] = {}
        desk.intents.saved.connect(self._saved)

    def answers(self, row: UndeliveredRow, requester: str) -> tuple[Answer, ...]:
        """What can be decided, as it is said."""
        return answers(row, requester, bool(self._categories()))

    def decide(self, row: UndeliveredRow, choice: Choice, anchor: QWidget | None = None) -> None:
        """At once; or, for another category, after it was chosen at `anchor`. Nothing where it is not offered."""
        if choice not in row.choices:
            return
        self._editing.pop(row.client_key, None)
        match choice:
            case Choice.OPEN_TICKET:
                self.ticket_wanted.emit(row.goal_id or row.ticket_id or "")
            case Choice.OTHER_CATEGORY:
                if self._categories():
                    at = anchor or self._widget
                    self.category_menu(row).popup(at.mapToGlobal(QPoint(0, 0)))
            case Choice.EDIT:
                self._editing[row.client_key] = (row.goal_id or "", row.kind)
                self._desk.intents.resolve(row.client_key, choice)
            case _:
                self._desk.intents.resolve(row.client_key, choice)

    def category_menu(self, row: UndeliveredRow) -> QMenu:
        """The categories to which a new ticket may go instead; 1 to 9 choose."""
        menu = QMenu(self._widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Category"))
        for place, one in enumerate(self._categories(), start=1):
            name = one.name.replace("&", "&&")
            action = menu.addAction(self._desk.appearance.icon("folder", 16, "muted"), name)
            if place <= 9:
                action.setText(f"&{place}  {name}")
            send = partial(self._desk.intents.resolve, row.client_key, Choice.OTHER_CATEGORY, one.id)
            action.triggered.connect(lambda _checked=False, send=send: send())
        return menu

    def _saved(self, name: str) -> None:
        goal = self._editing.pop(name, None)
        if goal is not None:
            self.writing_wanted.emit(*goal)

    def _categories(self) -> list[CategoryRow]:
        return [one for one in self._desk.reader.categories() if one.account_id]
