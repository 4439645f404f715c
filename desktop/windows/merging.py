"""The command "merge": asks into which ticket, and goes there once it is done."""

from PySide6.QtCore import QObject

from desktop.desk import Desk
from desktop.ticket_presenter import TicketPresenter
from desktop.windows.main_window import MainWindow
from desktop.windows.merge import MergeWindow
from desktop.windows.travelling import Travelling


class Merging(QObject):
    """For the ticket in view."""

    def __init__(self, desk: Desk, window: MainWindow, travelling: Travelling, presenter: TicketPresenter) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._travelling = travelling
        self._presenter = presenter
        self.dialog = MergeWindow(desk, window)
        self.dialog.merged.connect(self._merged)

    def begin(self) -> None:
        """Ask; or say why there is nothing to ask."""
        self.begin_with("")

    def begin_with(self, typed: str) -> None:
        """The same, with a ticket in sight already."""
        ticket_id = self._presenter.ticket_id
        if not ticket_id:
            self._window.notice.say(self.tr("Choose a ticket first."))
        elif not self.dialog.ask(ticket_id, typed):
            self._window.notice.say(self.tr("This ticket was merged already. Open the one that it goes on in."))

    def _merged(self, ticket_id: str, into_id: str) -> None:
        names = []
        for one in (ticket_id, into_id):
            detail = self._desk.reader.ticket(one)
            number = detail.row.number if detail is not None else None
            names.append(f"#{number}" if number is not None else self.tr("The new ticket"))
        self._travelling.open_ticket(into_id)
        self._window.notice.say(self.tr("{one} goes on in {other}.").format(one=names[0], other=names[1]))
