"""Sending undelivered words again: where they go, to which other category, or why they can go nowhere."""

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMenu

from desktop.desk import Desk
from desktop.widgets.key_button import KeyButton
from sync.cache.rows import CategoryRow, UndeliveredRow
from sync.domain.actions import CreateTicket


class SendingAgain(QObject):
    """Behind the button "Send again" of Undelivered."""

    def __init__(self, desk: Desk, button: KeyButton) -> None:
        super().__init__(button)
        self._desk = desk
        self._button = button

    def show_for(self, row: UndeliveredRow, requester: str) -> None:
        """What the button says; where it can do nothing it is off, and says why."""
        words = self.tr("Send again to {name}").format(name=requester) if row.kind == "reply" else self.tr("Send again")
        if row.kind == "edit":
            words = self.tr("Apply mine")
        elif self._needs_category(row):
            words = self.tr("Send to another category…")
        why_not = self.why_not(row)
        self._button.set_words(words)
        self._button.setEnabled(not why_not)
        self._button.setToolTip(why_not)
        self._button.setAccessibleDescription(why_not)

    def why_not(self, row: UndeliveredRow) -> str:
        """Why it cannot be sent again, in a sentence; empty where it can."""
        if isinstance(row.action, CreateTicket):
            if self._categories() or not self._needs_category(row):
                return ""
            return self.tr("You have no category to send it to. Copy your words, or ask your administrator for one.")
        if row.ticket_id is None or self._desk.reader.ticket(row.ticket_id) is not None:
            return ""
        return self.tr("The ticket is out of your reach. Copy your words, or ask for access to its category.")

    def send(self, row: UndeliveredRow) -> None:
        """At once; or after a category was chosen for a new ticket whose own is gone."""
        if self.why_not(row):
            return
        if self._needs_category(row):
            self.category_menu(row).popup(self._button.mapToGlobal(self._button.rect().topLeft()))
        else:
            self._desk.intents.send_again(row.client_key)

    def category_menu(self, row: UndeliveredRow) -> QMenu:
        """The categories to which a new ticket may go instead; 1 to 9 choose."""
        menu = QMenu(self._button)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("Category"))
        for place, one in enumerate(self._categories(), start=1):
            name = one.name.replace("&", "&&")
            action = menu.addAction(self._desk.appearance.icon("folder", 16, "muted"), name)
            if place <= 9:
                action.setText(f"&{place}  {name}")
            action.triggered.connect(partial(self._send_to, row.client_key, one.id))
        return menu

    def _send_to(self, client_key: str, category_id: str, _checked: bool = False) -> None:
        self._desk.intents.send_again(client_key, category_id)

    def _needs_category(self, row: UndeliveredRow) -> bool:
        action = row.action
        return isinstance(action, CreateTicket) and action.category_id not in {one.id for one in self._categories()}

    def _categories(self) -> list[CategoryRow]:
        return [one for one in self._desk.reader.categories() if one.account_id]
