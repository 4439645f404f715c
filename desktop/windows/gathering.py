"""Tickets are put to an incident, several at once, also without a network; the head of a ticket says to which."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from desktop.desk import Desk
from desktop.models.incident_words import head_words
from desktop.models.place import INCIDENTS, page
from desktop.pages.incidents import IncidentsPage
from desktop.ticket_presenter import TicketPresenter
from desktop.windows.answer_all import AnswerAllWindow
from desktop.windows.commanding import Commanding
from desktop.windows.main_window import MainWindow
from sync.cache.changes import Changes
from sync.cache.rows import TicketRow

_OFFERED = 9
_ASIDE = 40
_FIELD = "incidentId"


class Gathering(QObject):
    """The command `incident` (a menu of those that run, a new one from this ticket), and the line in the head."""

    def __init__(
        self, desk: Desk, window: MainWindow, commanding: Commanding, presenter: TicketPresenter, shown: IncidentsPage
    ) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window
        self._commanding = commanding
        self._presenter = presenter
        self._page = shown
        self.menu: QMenu | None = None
        self.answering: AnswerAllWindow | None = None
        commanding.also("incident", self.offer)
        shown.answer_wanted.connect(self.answer_all)
        shown.incidents.opened.connect(self._opened)
        presenter.shown.connect(lambda _id: self.show_line())
        desk.bridge.changed.connect(self._changed)

    def offer(self) -> None:
        """What the selected tickets, or the one in view, may belong to."""
        rows = self._commanding.chosen_tickets()
        if not rows:
            self._window.notice.say(self.tr("Choose a ticket first."), bad=True)
            return
        menu = QMenu(self._window)
        for number, (words, do) in enumerate(self._offers(rows), start=1):
            text = words.replace("&", "&&")
            action = menu.addAction(f"&{number}  {text}" if number <= _OFFERED else text)
            action.triggered.connect(lambda _checked=False, do=do: do())
        self.menu = menu
        head, shown = self._window.pane.head, self._window.list_pane
        near = head if head.isVisible() else shown
        menu.popup(near.mapToGlobal(QPoint(_ASIDE, near.height() if near is head else _ASIDE)))

    def put(self, rows: Sequence[TicketRow], incident_id: str | None) -> None:
        """Through the outbox, and taken back together."""
        self._desk.intents.edit_all([(row.id, {_FIELD: incident_id}) for row in rows])
        count = len(rows)
        words = self.tr("Put to the incident: {count}.") if incident_id else self.tr("Taken out of the incident.")
        self._window.notice.say(words.format(count=count), self.tr("Take back (Z)"), "undo")

    def begin(self, rows: Sequence[TicketRow]) -> None:
        """A new incident; the tickets follow once it is at the server. Their words do not: the whole team reads it."""
        places = frozenset(row.category_id for row in rows)
        self._commanding.open_place(page(INCIDENTS))
        self._page.incidents.begin(places, [row.id for row in rows])

    def answer_all(self, incident_id: str) -> None:
        """The window for it."""
        incident = self._desk.reader.incident(incident_id)
        if incident is not None:
            self.answering = AnswerAllWindow(self._desk, incident, self._desk.settings.undo_send_ms, self._window)
            self.answering.ticket_wanted.connect(self._commanding.open_ticket)
            self.answering.answered.connect(self._say_answered)
            self.answering.open()

    def open_incident(self, incident_id: str) -> None:
        """On its page."""
        self._commanding.open_place(page(INCIDENTS))
        self._page.show_incident(incident_id)

    def show_line(self) -> None:
        """The incident of the ticket in view."""
        ticket_id = self._presenter.ticket_id
        detail = self._desk.reader.ticket(ticket_id) if ticket_id else None
        incident = self._desk.reader.incident(detail.incident_id) if detail and detail.incident_id else None
        now, moments = self._desk.clock.now_ms(), self._desk.moments
        fixed = incident is not None and incident.fixed_at is not None
        self._window.pane.head.show_incident("" if incident is None else head_words(incident, moments, now), over=fixed)

    def _offers(self, rows: Sequence[TicketRow]) -> list[tuple[str, Callable[[], None]]]:
        running = [one for one in self._desk.reader.incidents() if one.fixed_at is None]
        offers: list[tuple[str, Callable[[], None]]] = [
            (one.title, partial(self.put, rows, one.id)) for one in running[: _OFFERED - 2]
        ]
        offers.append((self.tr("New incident from it…"), partial(self.begin, rows)))
        details = [self._desk.reader.ticket(row.id) for row in rows]
        if any(one is not None and one.incident_id is not None for one in details):
            offers.append((self.tr("No incident"), partial(self.put, rows, None)))
        return offers

    def _say_answered(self, count: int) -> None:
        words = self.tr("The answer is on its way. So many get it: {count}.")
        self._window.notice.say(words.format(count=count), self.tr("Take back (Z)"), "undo")

    def _opened(self, incident_id: str, tickets: tuple[str, ...]) -> None:
        self._desk.intents.edit_all([(one, {_FIELD: incident_id}) for one in tickets])

    def _changed(self, changes: Changes) -> None:
        if changes.incidents or changes.everything or self._presenter.ticket_id in changes.tickets:
            self.show_line()
