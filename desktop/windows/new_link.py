"""The command "New private link": every old link of the ticket stops working, the requester gets a new one (G1)."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from desktop.deeds import Deeds
from desktop.desk import Desk
from desktop.models.plain_tip import plain_tip
from desktop.ticket_presenter import TicketPresenter
from desktop.windows.commanding import Commanding
from desktop.windows.main_window import MainWindow
from sync.connectors.intake_keeping import IntakeKeeping, NewLink
from sync.domain.errors import DeskbellError


class LinkRenewing(QObject):
    """For the ticket in view; asked first, since whoever holds an old link is shut out by it."""

    def __init__(
        self,
        desk: Desk,
        window: MainWindow,
        commanding: Commanding,
        presenter: TicketPresenter,
        deeds: Deeds[IntakeKeeping],
    ) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._presenter = presenter
        self._deeds = deeds
        self.question: QMessageBox | None = None
        commanding.also("new_link", self.begin)

    def begin(self) -> None:
        """Ask first; or say why it cannot be done."""
        where = self._presenter.where
        detail = self._desk.reader.ticket(where.ticket_id) if where is not None else None
        if where is None or detail is None:
            self._window.notice.say(self.tr("Choose a ticket first, one that is at the server."), bad=True)
            return
        if not self._deeds.online:
            words = self.tr(
                "A private link is renewed at the server, which is out of reach. Try again once it answers."
            )
            self._window.notice.say(words, bad=True)
            return
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("New private link"))
        name = f"#{detail.row.number} {detail.row.subject}"
        box.setText(plain_tip(self.tr("Renew the private link of {ticket}?").format(ticket=name)))
        asks = self.tr("Every link sent so far stops working. {name} gets the new one by mail, if there is an address.")
        if not self._desk.reader.mails():
            asks = self.tr("Every link sent so far stops working. No mail goes out: {name} gets the new one from you.")
        who = detail.row.requester_name or self.tr("The requester")
        box.setInformativeText(plain_tip(asks.format(name=who)))
        renew = box.addButton(self.tr("Renew it"), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(self.tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        renew.clicked.connect(lambda: self._go(where.account_id, where.ticket_id))
        self.question = box
        box.open()

    def _go(self, account_id: str, ticket_id: str) -> None:
        self._deeds.ask(lambda server: server.new_link(account_id, ticket_id), self._done, self._failed)

    def _done(self, link: NewLink) -> None:
        if link.mailed:
            words = self.tr("The new link is on its way to the requester. The old ones do not work any more.")
        elif link.url is not None:
            QGuiApplication.clipboard().setText(link.url)
            words = self.tr(
                "The old links do not work any more. The new one, which no mail carries, is on the clipboard."
            )
        else:
            words = self.tr("The old links do not work any more. A new one goes out with the next mail.")
        self._window.notice.say(words)

    def _failed(self, error: DeskbellError) -> None:
        self._window.notice.say(str(error), bad=True)
