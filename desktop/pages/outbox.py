"""The outbox: what was done here and waits for the server, since when, and why."""

from PySide6.QtCore import QCoreApplication, Signal

from desktop.desk import Desk
from desktop.models.action_words import ActionWords, action_words
from desktop.models.cards import Card
from desktop.models.event_sentence import Names
from desktop.models.moments import length
from desktop.models.thread import Entry, State
from desktop.pages.two_columns import TwoColumns
from desktop.widgets.key_button import ACCENT, KeyButton
from desktop.widgets.message_frame import MessageFrame
from desktop.widgets.notice_line import NoticeLine
from sync.cache.changes import Changes
from sync.cache.rows import MessageState, OutboxRow
from sync.domain.actions import PostMessage
from sync.engine.status import Condition, SyncStatus


class OutboxPage(TwoColumns):
    """retry_wanted(): try now."""

    retry_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, QCoreApplication.translate("OutboxPage", "Outbox"))
        look = desk.appearance
        self._rows: dict[str, OutboxRow] = {}
        self._sentence = ""
        self._why = NoticeLine(look)
        self._words: MessageFrame | None = None
        self._retry = KeyButton(look, self.tr("Try now"), "sync", ACCENT, "F5")
        self._open = KeyButton(look, self.tr("Open the ticket"), "link", key="⏎")
        self._back = KeyButton(look, self.tr("Take back into a draft"), "undo", key="Ctrl Z")
        self.hint.setText(self.tr("Saved on this computer. Each goes once, as soon as the server answers."))
        self.nothing.setText(self.tr("Nothing waits. All that you did is at the server."))
        self.body.addWidget(self._why)
        self.body.addStretch(1)
        for button in (self._retry, self._open):
            self.answers.keep(button)
        self.set_apart(self._back)
        self.cards.current_changed.connect(self._show)
        self.opened.connect(self._open_ticket)
        self._retry.clicked.connect(self.retry_wanted)
        self._open.clicked.connect(self._open_ticket)
        self._back.clicked.connect(self.undo)
        self.cards.undo_pressed.connect(self.undo)
        if desk.bridge.status is not None:
            self.show_status(desk.bridge.status)
        self.reload()

    def reload(self, changes: Changes | None = None) -> None:
        if changes is not None and not (changes.outbox or changes.everything):
            return
        rows = self.desk.reader.outbox()
        self._rows = {row.client_key: row for row in rows}
        self.count.setText(self.tr("{count} to send").format(count=len(rows)) if rows else "")
        self.cards.show_cards([self._card(row) for row in rows])

    def show_status(self, status: SyncStatus) -> None:
        """Why it waits."""
        self._sentence = ""
        if status.condition is Condition.OFFLINE:
            since = status.offline_since_ms or status.last_contact_ms
            moments, now = self.desk.moments, self.desk.clock.now_ms()
            if since is not None:
                self._sentence = self.tr(
                    "The server has not answered since {time}. It is tried again by itself."
                ).format(time=moments.short(since, now))
        self._sentence = self._sentence or status.sentence or ""
        self._show(self.cards.current)

    def _card(self, row: OutboxRow) -> Card:
        now = self.desk.clock.now_ms()
        words = self._words_of(row)
        number = f"#{row.ticket_number}" if row.ticket_number else ""
        sending = row.state is MessageState.SENDING
        mark = (
            self.tr("Sending")
            if sending
            else self.tr("Saved here, for {time}").format(time=length(max(0, now - row.at)))
        )
        line = row.ticket_subject or words.text.split("\n", 1)[0]
        return Card(
            row.client_key, words.icon, "pending", words.what, number, self.desk.moments.full(row.at, now), line,
            "sending" if sending else "saved-here", mark, "pending",
        )  # fmt: skip

    def _words_of(self, row: OutboxRow) -> ActionWords:
        reader = self.desk.reader
        detail = reader.ticket(row.ticket_id) if row.ticket_id else None
        people = {one.id: one.name for one in reader.agents()}
        names = Names(reader.me(), people, {one.id: one.name for one in reader.categories()})
        return action_words(row.action, detail.row.requester_name if detail is not None else "", names)

    def _show(self, client_key: str) -> None:
        row = self._rows.get(client_key)
        self.show_detail(row is not None)
        if self._words is not None:
            self.body.removeWidget(self._words)
            self._words.hide()
            self._words.deleteLater()
            self._words = None
        if row is None:
            return
        words = self._words_of(row)
        number = f"#{row.ticket_number}" if row.ticket_number else ""
        self.head.show_words(words.what, "   ".join(one for one in (number, row.ticket_subject or "") if one))
        sending = row.state is MessageState.SENDING
        self.head.chip.show_words(
            self.tr("Sending") if sending else self.tr("Saved here"), "pending", "sending" if sending else "saved-here"
        )
        self._why.say(self._reason(row), "pending", "sending" if sending else "saved-here")
        when = self.desk.moments.full(row.at, self.desk.clock.now_ms())
        entry = Entry(row.client_key, words.kind, words.what, "", when, State.NONE, words.text, words.icon)
        self._words = MessageFrame(self.desk.appearance, entry, narrow=True)
        self.body.insertWidget(1, self._words)
        self._open.setVisible(row.ticket_id is not None)
        self._back.setVisible(isinstance(row.action, PostMessage) and not sending and row.attempts == 0)

    def _reason(self, row: OutboxRow) -> str:
        if self._sentence:
            return self._sentence
        if row.hold_until is not None and row.hold_until > self.desk.clock.now_ms():
            return self.tr("It is kept here for some seconds, so that you can take it back.")
        if row.attempts:
            return self.tr("Tried {count} times. It is tried again by itself.").format(count=row.attempts)
        return self.tr("It goes with the next contact.")

    def _open_ticket(self) -> None:
        row = self._rows.get(self.cards.current)
        if row is not None and row.ticket_id:
            self.ticket_wanted.emit(row.ticket_id)

    def undo(self) -> bool:
        """The words with the cursor, back into their draft."""
        row = self._rows.get(self.cards.current)
        if row is None or self._back.isHidden():
            return False
        self.desk.intents.take_back(row.client_key)
        if row.ticket_id:
            self.ticket_wanted.emit(row.ticket_id)
        return True
