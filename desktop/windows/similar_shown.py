"""What belongs beside the ticket in view: found here at once, then asked of the server; linked, merged, taken up."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QTextCursor

from desktop.desk import Desk
from desktop.models.composing import Mode
from desktop.models.similar_words import SimilarRow, similar_rows
from desktop.ticket_presenter import TicketPresenter
from desktop.widgets.similar_panel import ANSWER, LINK
from desktop.windows.commanding import Commanding
from desktop.windows.main_window import MainWindow
from desktop.windows.merging import Merging
from sync.cache.changes import Changes
from sync.cache.rows import TicketRow
from sync.domain.errors import DeskbellError
from sync.domain.similar import Similar
from sync.engine.status import Condition

PAUSE_MS = 120
"""Whoever only passes by a ticket has nothing looked up."""

Compare = Callable[[str, str], Sequence[Similar]]
"""The server's answer for a ticket of an account; may block, so it is called in a worker. Raises DeskbellError."""


def nobody_compares(_account_id: str, _ticket_id: str) -> Sequence[Similar]:
    """Where there is no connection at all."""
    return ()


class SimilarShown(QObject):
    """Lives as long as the window. `compare`: whom to ask once there is a connection."""

    def __init__(
        self,
        desk: Desk,
        window: MainWindow,
        commanding: Commanding,
        presenter: TicketPresenter,
        merging: Merging,
    ) -> None:
        super().__init__(window)
        self._desk, self._window, self._presenter = desk, window, presenter
        self._merging = merging
        self.compare: Compare = nobody_compares
        self._pane = window.pane
        self._panel = window.pane.details.similar
        self._for = ""
        self._found: list[Similar] = []
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.look_up)
        presenter.shown.connect(self._begin)
        desk.bridge.changed.connect(self._reload)
        self._panel.deed.connect(self._do)
        self._panel.ticket_wanted.connect(self._pane.ticket_wanted)
        commanding.also("similar", self.show_panel)
        self._show([])

    def stop(self) -> None:
        """Nothing is looked up from now on: the lanes have ended."""
        self._pause.stop()
        self._for = ""

    def show_panel(self) -> None:
        """The keyboard goes to the first of them; the details come up where they are hidden."""
        if not self._panel.parts:
            self._window.notice.say(self.tr("Nothing is like this ticket, as far as is known here."))
            return
        if not self._pane.details.isVisible():
            self._pane.toggle_details()
        self._panel.take_keyboard()

    def _begin(self, ticket_id: str) -> None:
        if ticket_id != self._for:
            self._for = ticket_id
            self._show([])
        self._pause.start()

    def _reload(self, changes: Changes) -> None:
        shown = {one.ticket_id for one in self._found}
        if self._for and (changes.everything or shown & set(changes.tickets)):
            self._pause.start()

    def look_up(self) -> None:
        """Now, for the ticket in view."""
        ticket_id = self._for
        if not ticket_id:
            return

        def work() -> list[Similar]:
            reader = self._desk.cache.reader()  # the search lane's own, for this one look
            try:
                return reader.similar(ticket_id)
            finally:
                reader.close()

        def done(found: list[Similar]) -> None:
            if self._for == ticket_id:
                self._show(found)
                self._ask_server(ticket_id)

        self._desk.lanes.search.run(work, done, _ignore)

    def _ask_server(self, ticket_id: str) -> None:
        where, status = self._presenter.where, self._desk.bridge.status
        if where is None or status is None or status.condition not in (Condition.ONLINE, Condition.DELAYED):
            return

        def done(found: Sequence[Similar]) -> None:
            if self._for == ticket_id and found:
                self._show(list(found))

        self._desk.lanes.online.run(lambda: self.compare(where.account_id, ticket_id), done, _ignore)

    def _show(self, found: list[Similar]) -> None:
        self._found = found
        detail = self._desk.reader.ticket(self._for) if self._for else None
        rows, unseen = list[SimilarRow](), frozenset[str]()
        if detail is not None and detail.merged_into_id is None:
            own = detail.row.category_id
            places = {one.account_id or "": one.id for one in self._desk.reader.categories()}
            category_of = {account: "" if category == own else category for account, category in places.items()}
            rows = similar_rows(found, self._linked(detail.links), category_of)
            unseen = self._desk.reader.unseen(detail.links)
        self._pane.details.show_similar(rows, len(unseen))
        near = next((row for row in rows if row.near and not row.linked), None)
        self._pane.head.show_alike("" if near is None else self.tr("Also in {number}").format(number=near.name))

    def _linked(self, ticket_ids: Sequence[str] | frozenset[str]) -> list[TicketRow]:
        keys = self._desk.reader.keys(ticket_ids)
        return self._desk.reader.ticket_rows([keys[one] for one in sorted(keys)])

    def _do(self, what: str, row: SimilarRow) -> None:
        if what == LINK:
            self._desk.intents.link(self._for, row.ticket_id, linked=not row.linked)
        elif what == ANSWER:
            self._answer(row)
        else:
            self._merging.begin_with(row.name)

    def _answer(self, row: SimilarRow) -> None:
        """The earlier answer as a draft, marked with where it is from: the person makes it theirs."""
        thread = self._desk.reader.thread(row.ticket_id)
        text = next((one.body_text for one in thread if one.id == row.answer_id), "")
        if not text:
            self._window.notice.say(self.tr("That answer is not here yet. Try again in a moment."))
            return
        composer = self._pane.composer
        composer.open(Mode.REPLY)
        editor = composer.sheet.editor
        editor.moveCursor(QTextCursor.MoveOperation.End)
        editor.insertPlainText(f"\n\n{text}" if editor.toPlainText().strip() else text)
        composer.flush()
        words = self.tr("From the answer to {number}. Read it through before you send it.")
        composer.sheet.notice.say(words.format(number=row.name), "us", "reply")


def _ignore(_error: DeskbellError) -> None:
    """What was found before stays."""
