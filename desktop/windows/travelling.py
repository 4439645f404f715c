"""From ticket to ticket and place to place, and back the same way."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog

from desktop.desk import Desk
from desktop.models.place import UNDELIVERED, History, Place, page, view
from desktop.pages.undelivered import UndeliveredPage
from desktop.ticket_presenter import TicketPresenter
from desktop.windows.browsing import Browsing
from desktop.windows.main_window import MainWindow


class Travelling(QObject):
    """Opens tickets and remembers the way.

    looked_at(str): that ticket is before the person now.
    """

    looked_at = Signal(str)

    def __init__(self, desk: Desk, window: MainWindow, browsing: Browsing, presenter: TicketPresenter) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._browsing = browsing
        self._presenter = presenter
        self._history = History()
        self._going = False
        window.list_pane.view.current_changed.connect(self.look_at)
        window.list_pane.view.opened.connect(self.open_and_read)
        window.pane.ticket_wanted.connect(self.open_ticket)
        window.pane.undelivered_wanted.connect(self._open_undelivered)
        for shown in window.pages.values():
            shown.ticket_wanted.connect(self.open_ticket)
        browsing.went.connect(self._went)

    def go(self, place: Place) -> None:
        self._browsing.go(place)
        self._window.show_ticket_place(False)

    def open_ticket(self, ticket_id: str) -> None:
        """Show it; the list's cursor goes there if the list holds it."""
        detail = self._desk.reader.ticket(ticket_id)
        if detail is None:
            self._window.notice.say(self.tr("This ticket is not here any more."), bad=True)
            return
        if self._browsing.place.page:
            self._browsing.go(view("all"))
        if not self._window.list_pane.view.choose(detail.row.key):
            self._window.list_pane.view.clearSelection()
        self.look_at(detail.row.id)
        self._window.show_ticket_place(True)

    def open_and_read(self, ticket_id: str) -> None:
        """The same, with the keyboard in the thread."""
        if ticket_id:
            self.look_at(ticket_id)
            self._window.show_ticket_place(True)
            self._window.pane.focus_thread()

    def look_at(self, ticket_id: str) -> None:
        """In the pane, without moving the list."""
        if ticket_id != self._presenter.ticket_id:
            self._presenter.show_ticket(ticket_id)
        self._window.actions_.have_ticket(bool(self._presenter.ticket_id))
        if ticket_id:
            self.looked_at.emit(ticket_id)
        if ticket_id and not self._going:
            self._history.visit(self._browsing.step(ticket_id))

    def travel(self, by: int) -> None:
        """Back (-1) or forward (1)."""
        step = self._history.go(by)
        if step is None:
            return
        self._going = True
        if step.place != self._browsing.place:
            if step.place.search:
                self._window.tool_bar.search.put(step.place.search)
            else:
                self._browsing.go(step.place)
        if step.ticket_id:
            self.open_ticket(step.ticket_id)
        self._going = False

    def ask_number(self) -> None:
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(self.tr("Go to a ticket"))
        dialog.setLabelText(self.tr("Ticket number"))
        dialog.textValueSelected.connect(self.jump)
        dialog.open()

    def jump(self, text: str) -> None:
        """To the ticket that people call by this number."""
        number = text.strip().lstrip("#")
        ticket_id = self._desk.reader.ticket_by_number(int(number)) if number.isdecimal() else None
        if ticket_id is None:
            words = self.tr("There is no ticket #{number} in your categories.").format(number=number)
            self._window.notice.say(words, bad=True)
        else:
            self.open_ticket(ticket_id)

    def _went(self, _place: Place) -> None:
        if not self._going:
            self._history.visit(self._browsing.step(""))

    def _open_undelivered(self, client_key: str) -> None:
        self.go(page(UNDELIVERED))
        shown = self._window.pages[UNDELIVERED]
        if isinstance(shown, UndeliveredPage):
            shown.show_item(client_key)
