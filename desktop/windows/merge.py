"""Merging a duplicate into another ticket: found by number or words, both seen side by side first. Works offline."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.desk import Desk
from desktop.models.cards import Card
from desktop.models.event_sentence import status_name
from desktop.models.merge_targets import Target, targets
from desktop.widgets.card_list import CardList
from desktop.widgets.key_button import PRIMARY, KeyButton
from desktop.widgets.notice_line import NoticeLine
from desktop.widgets.ticket_card import TicketCard
from sync.cache.rows import MessageRow, TicketDetail
from sync.domain.errors import DeskbellError
from sync.domain.records import MessageKind

TYPING_MS = 150
WORDS_MOST = 180


class MergeWindow(QDialog):
    """merged(from id, into id): it is saved on this computer."""

    merged = Signal(str, str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ticket: TicketDetail | None = None
        self._targets: dict[str, Target] = {}
        self._waiting = ("", "", "")
        look = desk.appearance
        self.field = QLineEdit()
        self.cards = CardList(look, self.tr("Tickets to merge into"))
        self.notice = NoticeLine(look)
        self._from = TicketCard(look, self.tr("This ticket is closed"))
        self._into = TicketCard(look, self.tr("The conversation goes on in"))
        self._merge = KeyButton(look, self.tr("Merge"), "link", PRIMARY, "Ctrl ⏎")
        self._cancel = KeyButton(look, self.tr("Cancel"), "", key=self.tr("Esc"))
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._build()
        self._connect()

    def ask(self, ticket_id: str, typed: str = "") -> bool:
        """Which ticket does this one go on in? False where it is not here, or was merged already. `typed`: what is
        looked for at once."""
        self._ticket = self._desk.reader.ticket(ticket_id)
        if self._ticket is None or self._ticket.merged_into_id is not None:
            return False
        row = self._ticket.row
        name = f"#{row.number}" if row.number is not None else row.subject
        self.setWindowTitle(self.tr("Merge {ticket} into another ticket").format(ticket=name))
        self._from.show_ticket(*self._said(self._ticket))
        self.field.setText(typed)
        self._typing.stop()
        self._look_up()
        self.show()
        self.raise_()
        self.activateWindow()
        self.field.setFocus()
        return True

    def merge(self) -> None:
        """Into the ticket with the cursor."""
        target = self._targets.get(self.cards.current)
        if target is None or target.why_not or self._ticket is None or self._waiting[0]:
            return
        here, there = self._ticket.row.id, target.row.id
        self._waiting = ("?", here, there)
        key = self._desk.intents.merge(here, there)
        if self._waiting[0]:
            self._waiting = (key, here, there)

    def _build(self) -> None:
        px = self._desk.appearance.px
        self.field.setPlaceholderText(self.tr("Number or words of the other ticket"))
        self.field.setAccessibleName(self.tr("Find the ticket to merge into"))
        self.cards.setMinimumHeight(px(216))
        both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        both.setSpacing(px(12))
        both.addWidget(self._from, 1)
        both.addWidget(self._into, 1)
        self._both = both
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addStretch(1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._merge)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(16), px(16), px(12))
        column.setSpacing(px(10))
        column.addWidget(self.field)
        column.addWidget(self.cards, 1)
        column.addLayout(both)
        column.addWidget(self.notice)
        column.addLayout(foot)
        self.resize(px(720), px(600))

    def _connect(self) -> None:
        self.field.textChanged.connect(self._typing.start)
        self.field.returnPressed.connect(self.cards.setFocus)
        self._typing.timeout.connect(self._look_up)
        self.cards.current_changed.connect(self._show_target)
        self.cards.opened.connect(self._merge.setFocus)
        self.cards.send_pressed.connect(self.merge)
        send = QShortcut(QKeySequence("Ctrl+Return"), self.field)
        send.activated.connect(self.merge)
        self._merge.clicked.connect(self.merge)
        self._cancel.clicked.connect(self.close)
        self._desk.intents.saved.connect(self._saved)
        self._desk.intents.failed.connect(self._failed)

    def _look_up(self) -> None:
        ticket, typed = self._ticket, self.field.text()
        if ticket is None:
            return

        def work() -> list[Target]:
            reader = self._desk.cache.reader()  # the search lane's own, for this one look
            try:
                return targets(reader, ticket, typed)
            finally:
                reader.close()

        def done(found: list[Target]) -> None:
            if self._ticket is ticket and self.field.text() == typed:
                self._offer(found)

        self._desk.lanes.search.run(work, done, self._search_failed)

    def _offer(self, found: list[Target]) -> None:
        self._targets = {one.row.id: one for one in found}
        self.cards.show_cards([self._card(one) for one in found])
        if not found:
            self._show_target("")

    def _search_failed(self, _error: DeskbellError) -> None:
        self._offer([])

    def _card(self, one: Target) -> Card:
        row, moments = one.row, self._desk.moments
        number = f"#{row.number}" if row.number is not None else self.tr("new")
        mark = (
            ("needs-you", one.why_not, "needs")
            if one.why_not
            else ("user", self.tr("The same requester"), "us")
            if one.same_person
            else ("users", self.tr("Another requester"), "due")
        )
        when = moments.full(row.created_at, self._desk.clock.now_ms())
        return Card(row.id, "inbound", "them", row.requester_name, number, when, row.subject, *mark)

    def _show_target(self, ticket_id: str) -> None:
        target = self._targets.get(ticket_id)
        self._into.show_ticket(
            *(self._said(target.detail) if target is not None else (self.tr("Choose above"), "", ""))
        )
        self._merge.setEnabled(target is not None and not target.why_not)
        number = f"#{target.row.number}" if target is not None and target.row.number is not None else ""
        self._merge.set_words(self.tr("Merge into {number}").format(number=number) if number else self.tr("Merge"))
        if target is None:
            self.notice.clear()
        elif target.why_not:
            self.notice.say(target.why_not)
        elif not target.same_person and self._ticket is not None:
            words = self.tr(
                "{one} and {other} are two requesters. Colleagues see both in one thread; neither of the two reads "
                "the other's words, and {other} gets the answers."
            )
            self.notice.say(words.format(one=self._ticket.row.requester_name, other=target.row.requester_name), "due")
        else:
            self.notice.clear()

    def _said(self, detail: TicketDetail) -> tuple[str, str, str]:
        row, person, now = detail.row, detail.requester, self._desk.clock.now_ms()
        number = f"#{row.number}" if row.number is not None else self.tr("new")
        mail = f" <{person.email}>" if person is not None and person.email else ""
        state = self.tr("{status}, begun {time}").format(
            status=status_name(row.status.value), time=self._desk.moments.full(row.created_at, now)
        )
        return f"{number}  {row.subject}", f"{row.requester_name}{mail}\n{state}", self._first_words(row.id)

    def _first_words(self, ticket_id: str) -> str:
        rows: list[MessageRow] = self._desk.reader.thread(ticket_id)
        own = (one for one in rows if one.ticket_id == ticket_id and one.kind is not MessageKind.EVENT)
        first = next(own, None)
        words = "" if first is None else " ".join(first.body_text.split())
        return words if len(words) <= WORDS_MOST else f"{words[:WORDS_MOST]}…"

    def _saved(self, name: str) -> None:
        key, here, there = self._waiting
        if key and key in (name, "?") and name:
            self._waiting = ("", "", "")
            self.close()
            self.merged.emit(here, there)

    def _failed(self, sentence: str, _text: str) -> None:
        if self._waiting[0]:
            self._waiting = ("", "", "")
            self.notice.say(sentence)
