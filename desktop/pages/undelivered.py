"""Undelivered: words that wait for a decision, beside what the server has; nothing is lost by any of the answers."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication

from desktop.desk import Desk
from desktop.models.action_words import action_words, written_at
from desktop.models.cards import Card
from desktop.models.event_sentence import Names
from desktop.models.thread import Entry, Scene, State, entries
from desktop.models.undelivered import reason_sentence, reason_words, title
from desktop.pages.sending_again import SendingAgain
from desktop.pages.two_columns import TwoColumns
from desktop.pages.undelivered_words import WordsBeside
from desktop.widgets.key_button import ACCENT, DANGER, KeyButton
from desktop.widgets.notice_line import NoticeLine
from sync.cache.changes import Changes
from sync.cache.rows import MessageRow, UndeliveredRow

SINCE_MOST = 20
STACKED = 1000


class UndeliveredPage(TwoColumns):
    """Send again, Copy text, Open, Discard; what was discarded in 30 days is one press away and can be taken back."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, QCoreApplication.translate("UndeliveredPage", "Undelivered"))
        self._rows: dict[str, UndeliveredRow] = {}
        self._discarded_shown = False
        self._last_discarded: list[str] = []
        look = desk.appearance
        self._reason = NoticeLine(look)
        self._words = WordsBeside(look)
        self._send = KeyButton(look, self.tr("Send again"), "send", ACCENT, "Ctrl ⏎")
        self._sending = SendingAgain(desk, self._send)
        self._copy = KeyButton(look, self.tr("Copy text"), "copy", key="Ctrl C")
        self._open = KeyButton(look, self.tr("Open the ticket"), "link", key="⏎")
        self._discard = KeyButton(look, self.tr("Discard"), "discard", DANGER, "Del")
        self._back = KeyButton(look, self.tr("Take back"), "undo", ACCENT, "Ctrl Z")
        self._switch = KeyButton(look, self.tr("Discarded"), "discard", big=False)
        self._build()
        self._connect()
        self.reload()

    def reload(self, changes: Changes | None = None) -> None:
        if changes is not None and not (changes.undelivered or changes.everything or changes.messages_of):
            return
        reader = self.desk.reader
        discarded = reader.discarded()
        rows = discarded if self._discarded_shown else reader.undelivered()
        self._rows = {row.client_key: row for row in rows}
        self._switch.set_words(
            self.tr("Back to Undelivered")
            if self._discarded_shown
            else self.tr("Discarded, {count}").format(count=len(discarded))
        )
        self._switch.setVisible(self._discarded_shown or bool(discarded))
        if self._discarded_shown:
            self.count.setText(self.tr("of the last 30 days"))
        else:
            self.count.setText(self.tr("{count} wait for your decision").format(count=len(rows)) if rows else "")
        self.cards.show_cards([self._card(row) for row in rows])

    def adapt(self, width: int, height: int) -> None:
        super().adapt(width, height)
        self._words.stack(width < STACKED)

    def show_item(self, client_key: str) -> None:
        """The cursor to these words."""
        if self._discarded_shown:
            self._toggle_discarded()
        if self.cards.choose(client_key):
            self.show_item_place(True)
        self.setFocus()

    def _build(self) -> None:
        self.hint.setText(self.tr("What you discard stays under “Discarded” for 30 days and can be taken back."))
        self.nothing.setText(
            self.tr("Nothing waits for your decision. All that you wrote is on its way or has arrived.")
        )
        self.top.addWidget(self._switch)
        self.body.addWidget(self._reason)
        self.body.addWidget(self._words)
        self.body.addStretch(1)
        for button in (self._send, self._back, self._copy, self._open):
            self.buttons.addWidget(button)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self._discard)

    def _connect(self) -> None:
        cards = self.cards
        cards.current_changed.connect(self._show)
        self.opened.connect(self._open_ticket)
        cards.send_pressed.connect(self._send_again)
        cards.copy_pressed.connect(self._copy_text)
        cards.discard_pressed.connect(self._discard_it)
        self._send.clicked.connect(self._send_again)
        self._copy.clicked.connect(self._copy_text)
        self._open.clicked.connect(self._open_ticket)
        self._discard.clicked.connect(self._discard_it)
        self._back.clicked.connect(self.undo)
        cards.undo_pressed.connect(self.undo)
        self._switch.clicked.connect(self._toggle_discarded)

    def _card(self, row: UndeliveredRow) -> Card:
        now, moments = self.desk.clock.now_ms(), self.desk.moments
        since = self._since(row)
        words = action_words(row.action, self._requester(row), Names())
        subject = row.ticket_subject or words.text.split("\n", 1)[0]
        unsent = row.kind == "ticket" or self._ticket_there(row)
        number = f"#{row.ticket_number}" if row.ticket_number else self.tr("new ticket") if unsent else ""
        name = self._requester(row) or words.what
        return Card(
            row.client_key, words.icon, "needs", name, number, moments.full(_written(row), now), subject, "needs-you",
            reason_words(row, since), "needs",
        )  # fmt: skip

    def _show(self, client_key: str) -> None:
        row = self._rows.get(client_key)
        self.show_detail(row is not None)
        if row is None:
            return
        since, requester = self._since(row), self._requester(row)
        number = f"#{row.ticket_number}" if row.ticket_number else ""
        self.head.show_words(
            title(row, requester), "   ".join(one for one in (number, row.ticket_subject or "") if one)
        )
        self.head.chip.show_words(self.tr("Needs you"), "needs", "needs-you")
        self._reason.say(reason_sentence(row, since, requester), "needs", "needs-you")
        self._fill_words(row, since, requester)
        self._sending.show_for(row, requester)
        self._open.set_words(self.tr("Open {number}").format(number=number) if number else self.tr("Open the ticket"))
        self._open.setVisible(self._ticket_there(row))
        for button, shown in ((self._send, False), (self._discard, False), (self._back, True)):
            button.setVisible(self._discarded_shown is shown)

    def _fill_words(self, row: UndeliveredRow, since: list[MessageRow], requester: str) -> None:
        names, now = self._names(), self.desk.clock.now_ms()
        words = action_words(row.action, requester, names)
        when = self.desk.moments.full(_written(row), now)
        self._words.show_mine(
            Entry(row.client_key, words.kind, words.what, "", when, State.NONE, words.text, words.icon)
        )
        self._words.show_theirs(entries(since[-SINCE_MOST:], Scene(requester, names, self.desk.moments, now)))

    def _since(self, row: UndeliveredRow) -> list[MessageRow]:
        return self.desk.reader.since(row.ticket_id, row.base_seq) if row.ticket_id else []

    def _requester(self, row: UndeliveredRow) -> str:
        detail = self.desk.reader.ticket(row.ticket_id) if row.ticket_id else None
        return detail.row.requester_name if detail is not None else ""

    def _ticket_there(self, row: UndeliveredRow) -> bool:
        return row.ticket_id is not None and self.desk.reader.ticket(row.ticket_id) is not None

    def _names(self) -> Names:
        reader = self.desk.reader
        people = {one.id: one.name for one in reader.agents()}
        return Names(reader.me(), people, {one.id: one.name for one in reader.categories()})

    def _send_again(self) -> None:
        row = self._rows.get(self.cards.current)
        if row is not None and not self._discarded_shown:
            self._sending.send(row)

    def _discard_it(self) -> None:
        if self.cards.current and not self._discarded_shown:
            self._last_discarded.append(self.cards.current)
            self.desk.intents.discard(self.cards.current)

    def undo(self) -> bool:
        """The one with the cursor among the discarded, otherwise the last one that was discarded."""
        if self._discarded_shown:
            key = self.cards.current
        else:
            gone = self._last_discarded or [row.client_key for row in self.desk.reader.discarded()[:1]]
            key = gone[-1] if gone else ""
        if key:
            self._last_discarded = [one for one in self._last_discarded if one != key]
            self.desk.intents.take_back(key)
        return bool(key)

    def _copy_text(self) -> None:
        row = self._rows.get(self.cards.current)
        if row is not None:
            words = action_words(row.action, "", self._names())
            QGuiApplication.clipboard().setText(words.text)

    def _open_ticket(self) -> None:
        row = self._rows.get(self.cards.current)
        if row is not None and row.ticket_id and self._ticket_there(row):
            self.ticket_wanted.emit(row.ticket_id)

    def _toggle_discarded(self) -> None:
        self._discarded_shown = not self._discarded_shown
        self.reload()


def _written(row: UndeliveredRow) -> int:
    return written_at(row.action) or row.at
