"""One answer to all tickets of an incident: a reply for each, with its own name and number, shown before it goes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.desk import Desk
from desktop.kept_words import KeptWords
from desktop.models.answer_plan import AnswerPlan, plan
from desktop.models.cards import Card
from desktop.models.incident_words import answer_slot, told_to_requesters
from desktop.models.wall_times import WallClock
from desktop.pages.settings_parts import CheckMark
from desktop.widgets.card_list import CardList
from desktop.widgets.key_button import PRIMARY, KeyButton
from desktop.widgets.notice_line import NoticeLine
from sync.cache.rows import TicketDetail
from sync.domain.incidents import Incident, filled, without_value


class AnswerAllWindow(QDialog):
    """Works offline: merges and replies wait in the outbox like all others, and are taken back together.

    ticket_wanted(str): one of them is to be opened. answered(int): so many replies are on their way.
    """

    ticket_wanted = Signal(str)
    answered = Signal(int)

    def __init__(self, desk: Desk, incident: Incident, hold_ms: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._incident = incident
        self._hold_ms = hold_ms
        look = desk.appearance
        self.text, self.heading, self.preview = QPlainTextEdit(), QLabel(), QLabel()
        self.cards = CardList(look, self.tr("Tickets that get the answer"))
        self.notice = NoticeLine(look)
        self.send = KeyButton(look, self.tr("Send"), "send", PRIMARY, self.tr("Ctrl ⏎"))
        self._close = KeyButton(look, self.tr("Close"), "", key=self.tr("Esc"))
        self.several = QLabel()
        one_mail = self.tr("Merge each requester's tickets into their newest first, so that each gets one answer")
        self.merging = CheckMark(look, one_mail)
        self.merging.setChecked(True)
        self._tickets: dict[str, TicketDetail] = {}
        self._plan: AnswerPlan = plan((), merge=True)
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
        self._show()

    def _show(self) -> None:
        self._plan = plan(tuple(self._tickets.values()), merge=self.merging.isChecked())
        self.several.setText(self._plan.sentence)
        self.several.setVisible(bool(self._plan.several))
        self.merging.setVisible(bool(self._plan.several))
        now, moments = self._desk.clock.now_ms(), self._desk.moments
        self.cards.show_cards(
            [
                Card(
                    one.row.id, "reply", "them", one.row.requester_name, f"#{one.row.number}",
                    moments.full(one.row.created_at, now), one.row.subject, *self._mark(one.row.id),
                )
                for one in self._tickets.values()
            ]
        )  # fmt: skip
        self._preview()

    def _mark(self, ticket_id: str) -> tuple[str, str]:
        """That it goes on in another, on its card."""
        into = self._plan.into.get(ticket_id)
        return ("", "") if into is None else ("layers", self.tr("Goes on in {ticket}").format(ticket=_name(into)))

    def words_for(self, ticket: TicketDetail) -> str:
        """The answer as this one's requester reads it."""
        return filled(self.text.toPlainText(), self._values(ticket)).strip()

    def send_all(self) -> None:
        """The merges, then a reply for each ticket that is left, as one deed."""
        text = self.text.toPlainText()
        if not text.strip() or not self._tickets:
            nobody = self.tr("None of its tickets is open: nobody would get the answer.")
            self.notice.say(self.tr("Write the answer first.") if self._tickets else nobody)
            return
        missing = sorted({name for one in self._plan.answered for name in without_value(text, self._values(one))})
        if missing:
            words = self.tr("{names} has no value here: take it out, or say when it is to be repaired.")
            self.notice.say(words.format(names=", ".join(f"{{{one}}}" for one in missing)))
            return
        answers = [(one.row.id, self.words_for(one), one.confirmed_seq) for one in self._plan.answered]
        self._desk.intents.answer_all(answers, self._plan.merges, self._hold_ms)
        self.answered.emit(len(answers))
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
        ticket = self._plan.into.get(self.cards.current) or self._tickets.get(self.cards.current)
        count = len(self._plan.answered)
        self.send.set_words(self.tr("Send to {count}").format(count=count))
        self.send.setEnabled(count > 0 and bool(self.text.toPlainText().strip()))
        self.preview.setText("" if ticket is None else self.words_for(ticket))
        self.heading.setVisible(ticket is not None)
        if ticket is not None:
            self.heading.setText(self.tr("As {name} reads it:").format(name=ticket.row.requester_name))

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
        whole = QScrollArea(widgetResizable=True)
        whole.setWidget(self.preview)
        whole.setMinimumHeight(px(110))
        whole.setAccessibleName(self.preview.accessibleName())
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.several.setTextFormat(Qt.TextFormat.PlainText)
        for label in (says, self.several, self.heading):
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
        column.addWidget(self.several)
        column.addWidget(self.merging)
        column.addWidget(self.cards, 2)
        column.addWidget(self.heading)
        column.addWidget(whole, 1)
        column.addWidget(self.notice)
        column.addLayout(foot)
        self.resize(px(680), px(640))
        self._connect()

    def _connect(self) -> None:
        self.text.textChanged.connect(self._written)
        self.cards.current_changed.connect(lambda _id: self._preview())
        self.cards.opened.connect(self._open)
        self.merging.toggled.connect(self._show)
        self.send.clicked.connect(self.send_all)
        self._close.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Return"), self).activated.connect(self.send_all)


def _name(ticket: TicketDetail) -> str:
    return ticket.row.subject if ticket.row.number is None else f"#{ticket.row.number}"
