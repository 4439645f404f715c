"""Ctrl+Z in the main window: what was just sent, or what the page in view can take back."""

from PySide6.QtCore import QObject

from desktop.models.composing import Mode
from desktop.ticket_presenter import TicketPresenter
from desktop.undo_send import UndoSend
from desktop.windows.main_window import MainWindow
from desktop.windows.travelling import Travelling


class Undoing(QObject):
    """Brings the words back to where they were written, whatever is in view."""

    def __init__(self, window: MainWindow, travelling: Travelling, presenter: TicketPresenter, held: UndoSend) -> None:
        super().__init__(window)
        self._window = window
        self._travelling = travelling
        self._presenter = presenter
        self._held = held
        held.wanted.connect(self._bring_back)
        held.ticked.connect(presenter.refresh)

    def undo(self) -> None:
        """The command."""
        page = self._window.page
        if page and self._window.pages[page].undo():
            return
        if not self._held.undo():
            self._window.notice.say(self.tr("There is nothing to take back: what you sent is at the server."))

    def _bring_back(self, ticket_id: str, client_key: str) -> None:
        if self._window.page or self._presenter.ticket_id != ticket_id:
            self._travelling.open_ticket(ticket_id)
        if self._presenter.ticket_id != ticket_id:
            return  # out of reach by now: the words wait in Undelivered instead
        self._window.show_page("")
        self._window.show_ticket_place(True)
        self._presenter.writing.take_back(client_key)

    def write_on(self, ticket_id: str, mode: str) -> None:
        """Words that were not delivered are a draft of that ticket now: before the person, to be changed and sent."""
        self._travelling.open_ticket(ticket_id)
        if self._presenter.ticket_id == ticket_id:
            self._presenter.writing.bring(Mode(mode))
