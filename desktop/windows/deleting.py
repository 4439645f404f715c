"""Deleting a ticket for good, as an owner: a question that names what goes, then the server; only online."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from desktop.desk import Desk
from desktop.models.plain_tip import plain_tip
from desktop.ticket_presenter import TicketPresenter
from desktop.windows.main_window import MainWindow
from sync.domain.errors import DeskbellError
from sync.domain.records import MessageKind
from sync.engine.status import Condition

Delete = Callable[[str, str], None]
"""By account and ticket id; asks the server and may block, so it is called in a worker."""


class Deleting(QObject):
    """The command, for the ticket in view."""

    def __init__(
        self, desk: Desk, window: MainWindow, presenter: TicketPresenter, delete: Delete, is_owner: bool
    ) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._presenter = presenter
        self._delete = delete
        self._is_owner = is_owner
        self.question: QMessageBox | None = None

    def begin(self) -> None:
        """Ask first; or say why it cannot be done."""
        where = self._presenter.where
        why_not = self._why_not(where is not None)
        if why_not or where is None:
            self._window.notice.say(why_not, bad=True)
            return
        detail = self._desk.reader.ticket(where.ticket_id)
        if detail is None:
            return
        name = f"#{detail.row.number} {detail.row.subject}"
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Delete the ticket"))
        box.setText(plain_tip(self.tr("Delete {ticket} for good?").format(ticket=name)))
        box.setInformativeText(plain_tip(self._what_goes(where.ticket_id, detail.row.requester_name)))
        away = box.addButton(self.tr("Delete for good"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(self.tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        away.clicked.connect(lambda: self._go(where.account_id, where.ticket_id, name))
        self.question = box
        box.open()

    def _why_not(self, is_at_server: bool) -> str:
        status = self._desk.bridge.status
        if not self._is_owner:
            return self.tr("Only an owner may delete a ticket. Close it, or ask an owner.")
        if not self._presenter.ticket_id:
            return self.tr("Choose a ticket first.")
        if status is None or status.condition not in (Condition.ONLINE, Condition.DELAYED):
            return self.tr("A ticket is deleted at the server, which is out of reach. Try again once it answers.")
        return "" if is_at_server else self.tr("This ticket is not at the server yet. Try again once it is.")

    def _what_goes(self, ticket_id: str, requester: str) -> str:
        rows = [one for one in self._desk.reader.thread(ticket_id) if one.kind is not MessageKind.EVENT]
        files = sum(len(one.attachments) for one in rows)
        merged = len({one.ticket_id for one in rows} - {ticket_id})
        lines = [
            self.tr("Gone for everybody, and not to be taken back: messages {count}, files {files}.").format(
                count=len(rows), files=files
            )
        ]
        if merged:
            lines.append(self.tr("With it go the tickets that were merged into it: {count}.").format(count=merged))
        page = self.tr("{name}'s private page of it ends. That it was deleted, and by whom, stays on record.")
        lines.append(page.format(name=requester or self.tr("The requester")))
        return "\n\n".join(lines)

    def _go(self, account_id: str, ticket_id: str, name: str) -> None:
        def done(_nothing: None) -> None:
            self._window.notice.say(self.tr("{ticket} is deleted.").format(ticket=name))

        def failed(error: DeskbellError) -> None:
            self._window.notice.say(str(error), bad=True)

        self._desk.lanes.online.run(lambda: self._delete(account_id, ticket_id), done, failed)
