"""One answer to all tickets of an incident: a reply for each, with its own name and number, shown before it goes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.desk import Desk
from desktop.kept_words import KeptWords
from desktop.models.cards import Card
from desktop.models.incident_words import answer_slot, told_to_requesters
from desktop.models.wall_times import WallClock
from desktop.widgets.card_list import CardList
from desktop.widgets.key_button import PRIMARY, KeyButton
from desktop.widgets.notice_line import NoticeLine
from sync.cache.rows import TicketDetail
from sync.domain.incidents import Incident, filled, without_value

_MODE = "answerAll"
"""No draft of this mode is kept with a ticket: what was begun there as a reply stays."""


class AnswerAllWindow(QDialog):
    """Works offline: the replies wait in the outbox like all others, and can be taken back like them.

    ticket_wanted(str): one of them is to be opened.
    """

    ticket_wanted = Signal(str)

    def __init__(self, desk: Desk, incident: Incident, hold_ms: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._incident = incident
        self._hold_ms = hold_ms
        look = desk.appearance
        self.text, self.preview = QPlainTextEdit(), QLabel()
        self.cards = CardList(look, self.tr("Tickets that get the answer"))
        self.notice = NoticeLine(look)
        self.send = KeyButton(look, self.tr("Send"), "send", PRIMARY, self.tr("Ctrl ⏎"))
        self._close = KeyButton(look, self.tr("Close"), "", key=self.tr("Esc"))
        self._tickets: dict[str, TicketDetail] = {}
        self._kept = KeptWords(desk, answer_slot(incident.id), self.text.toPlainText, self)
        begun = self._kept.begun()
        if begun is not None:
            self.text.setPlainText(begun.text)
        self._build()
        self._load()

    def _load(self) -> None:
        reader = self._desk.reader
        found = [reader.ticket(one) for one in reader.tickets_of_incident(self._incident.id, open_only=True)]
        self._tickets = {one.row.id: one for one in found if one is not None}
        now, moments = self._desk.clock.now_ms(), self._desk.moments
        self.cards.show_cards(
            [
                Card(
                    one.row.id, "reply", "them", one.row.requester_name, f"#{one.row.number}",
                    moments.full(one.row.created_at, now), one.row.subject,
                )
                for one in self._tickets.values()
            ]
        )  # fmt: skip
        self._preview()

    def words_for(self, ticket: TicketDetail) -> str:
        """The answer as this one's requester reads it."""
        return filled(self.text.toPlainText(), self._values(ticket)).strip()

    def send_all(self) -> None:
        """A reply for each ticket, by the usual way."""
        text = self.text.toPlainText()
        if not text.strip():
            self.notice.say(self.tr("Write the answer first."))
            return
        missing = sorted({name for one in self._tickets.values() for name in without_value(text, self._values(one))})
        if missing:
            words = self.tr("{names} has no value here: take it out, or say when it is to be repaired.")
            self.notice.say(words.format(names=", ".join(f"{{{one}}}" for one in missing)))
            return
        for ticket in self._tickets.values():
            words, base = self.words_for(ticket), ticket.confirmed_seq
            self._desk.intents.reply(ticket.row.id, words, base, hold_ms=self._hold_ms, ends=_MODE)
        self.text.clear()
        self._kept.flush()
        self.accept()

    def done(self, result: int) -> None:
        self._kept.flush()
        super().done(result)

    def _values(self, ticket: TicketDetail) -> dict[str, str]:
        eta = self._incident.eta
        return {
            "name": ticket.row.requester_name or self.tr("you"),
            "number": "" if ticket.row.number is None else str(ticket.row.number),
            "eta": "" if eta is None else told_to_requesters(eta, WallClock()),
        }

    def _preview(self) -> None:
        ticket = self._tickets.get(self.cards.current)
        count = len(self._tickets)
        self.send.set_words(self.tr("Send to {count}").format(count=count))
        self.send.setEnabled(count > 0 and bool(self.text.toPlainText().strip()))
        self.preview.setText("" if ticket is None else self.words_for(ticket))

    def _open(self) -> None:
        if self.cards.current:
            self.ticket_wanted.emit(self.cards.current)
            self.reject()

    def _written(self) -> None:
        self._kept.changed()
        self.notice.clear()
        self._preview()

    def _build(self) -> None:
        px = self._desk.appearance.px
        self.setWindowTitle(self.tr("Answer all: {title}").format(title=self._incident.title))
        self.text.setAccessibleName(self.tr("The answer"))
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText(self.tr("Hello {name}, …"))
        says = QLabel(self.tr("{name}, {number} and {eta} are filled in for each ticket. Closed ones get no answer."))
        self.preview.setTextFormat(Qt.TextFormat.PlainText)
        self.preview.setWordWrap(True)
        self.preview.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.preview.setAccessibleName(self.tr("As the requester reads it"))
        self.preview.setMinimumHeight(px(110))
        for label in (says,):
            label.setProperty("tone", "muted")
            label.setWordWrap(True)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addStretch(1)
        foot.addWidget(self._close)
        foot.addWidget(self.send)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(16), px(16), px(12))
        column.setSpacing(px(10))
        column.addWidget(says)
        column.addWidget(self.text, 2)
        column.addWidget(self.cards, 2)
        column.addWidget(self.preview, 1)
        column.addWidget(self.notice)
        column.addLayout(foot)
        self.resize(px(680), px(640))
        self.text.textChanged.connect(self._written)
        self.cards.current_changed.connect(lambda _id: self._preview())
        self.cards.opened.connect(self._open)
        self.send.clicked.connect(self.send_all)
        self._close.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.send_all)
