"""Between merged tickets: the one that was closed leads on, and drafts begun on it are offered here."""

from PySide6.QtCore import QObject

from desktop.desk import Desk
from desktop.models.composing import Mode
from desktop.ticket_presenter import TicketPresenter
from desktop.widgets.ticket_pane import TicketPane
from sync.cache.rows import DraftRow, TicketDetail
from sync.domain.records import MessageKind


class MergedLinks(QObject):
    """One line under the ticket's head, where there is something to say."""

    def __init__(self, desk: Desk, pane: TicketPane, presenter: TicketPresenter) -> None:
        super().__init__(pane)
        self._desk = desk
        self._pane = pane
        self._presenter = presenter
        self._goal = ""
        self._draft: DraftRow | None = None
        self._adopting: tuple[str, Mode] | None = None
        presenter.shown.connect(self._show)
        pane.link.answered.connect(self._answered)
        desk.intents.saved.connect(self._saved)

    def _show(self, ticket_id: str) -> None:
        detail = self._desk.reader.ticket(ticket_id) if ticket_id else None
        self._goal, self._draft = "", None
        self._pane.composer.setVisible(detail is None or detail.merged_into_id is None)
        if detail is None:
            self._pane.link.clear()
        elif detail.merged_into_id is not None:
            self._lead_on(detail.merged_into_id)
        else:
            self._offer_draft(detail)

    def _lead_on(self, goal_id: str) -> None:
        goal = self._desk.reader.ticket(goal_id)
        if goal is None:
            self._pane.link.say(self.tr("This ticket was merged into another one that is out of your reach."), "them")
            return
        self._goal = goal.row.id
        number = _number(goal)
        words = self.tr("This ticket goes on in {number}, {subject}. What is written there is for both.")
        self._pane.link.offer(
            words.format(number=number, subject=goal.row.subject),
            self.tr("Open {number}").format(number=number),
        )

    def _offer_draft(self, detail: TicketDetail) -> None:
        offered = self._desk.reader.offered_drafts(detail.row.id)
        self._draft = next((one for one in offered if one.mode in (Mode.REPLY.value, Mode.NOTE.value)), None)
        if self._draft is None:
            self._pane.link.clear()
            return
        other = self._desk.reader.ticket(self._draft.ticket_id)
        words = (
            self.tr("You began a reply on {number}, which goes on here.")
            if self._draft.mode == MessageKind.REPLY.value
            else self.tr("You began a note on {number}, which goes on here.")
        )
        number = _number(other) if other is not None else self.tr("another ticket")
        self._pane.link.offer(words.format(number=number), self.tr("Take it over"))

    def _answered(self, yes: bool) -> None:
        here = self._presenter.ticket_id
        if yes and self._goal:
            self._pane.ticket_wanted.emit(self._goal)
        elif yes and self._draft is not None:
            self._adopting = (here, Mode(self._draft.mode))
            self._desk.intents.adopt_draft(self._draft.ticket_id, self._draft.mode, here)

    def _saved(self, name: str) -> None:
        if self._adopting is not None and name == f"adopted:{self._adopting[0]}":
            _ticket, mode = self._adopting
            self._adopting = None
            self._presenter.writing.bring(mode)


def _number(detail: TicketDetail) -> str:
    return f"#{detail.row.number}" if detail.row.number is not None else detail.row.subject
