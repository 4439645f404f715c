"""Shows who else is at a ticket: in its head, above the reply that one writes, and in the list's rows (PRODUCT D6)."""

from PySide6.QtCore import QObject, Signal

from desktop.colleagues import Colleagues
from desktop.models.company import NOBODY, Company
from desktop.models.composing import Mode
from desktop.models.ticket_list import TicketListModel
from desktop.ticket_presenter import TicketPresenter
from desktop.windows.main_window import MainWindow


class CompanyShown(QObject):
    """told(str): a colleague began to type in the ticket in which this person writes a reply; for a screen reader."""

    told = Signal(str)

    def __init__(
        self, window: MainWindow, model: TicketListModel, presenter: TicketPresenter, colleagues: Colleagues
    ) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = presenter
        self._colleagues = colleagues
        self._shown: tuple[str, Company] = ("", NOBODY)
        model.company = lambda ticket_id: colleagues.at(ticket_id).whole
        window.list_pane.view.show_company(colleagues.at)
        presenter.shown.connect(self._show)
        colleagues.changed.connect(self._changed)

    def _changed(self, ticket_ids: frozenset[str]) -> None:
        if self._presenter.ticket_id in ticket_ids:
            self._show(self._presenter.ticket_id)
        self._window.list_pane.view.viewport().update()

    def _show(self, ticket_id: str) -> None:
        company = self._colleagues.at(ticket_id) if ticket_id else NOBODY
        before, self._shown = self._shown, (ticket_id, company)
        if before == self._shown:
            return
        pane = self._window.pane
        pane.head.show_company(company)
        pane.composer.sheet.tabs.company.show_company(company)
        typed = before[1].typing and before[0] == ticket_id
        if company.typing and not typed and pane.composer.mode is Mode.REPLY:
            self.told.emit(company.words)
