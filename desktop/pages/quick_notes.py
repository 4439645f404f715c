"""Quick notes that belong to no ticket yet, and the tickets that they may belong to."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem

from desktop.desk import Desk
from desktop.models.cards import Card
from desktop.models.note_proposals import proposals
from desktop.models.thread import Entry, State
from desktop.pages.two_columns import TwoColumns
from desktop.theme import fonts
from desktop.widgets.key_button import DANGER, NOTE_PRIMARY, KeyButton
from desktop.widgets.message_frame import MessageFrame
from sync.cache.changes import Changes
from sync.cache.rows import MessageState, QuickNoteRow, TicketRow
from sync.domain.errors import DeskbellError
from sync.domain.records import MessageKind

TYPING_MS = 150
FOUND_MOST = 8


class TicketChoices(QListWidget):
    """chosen(): Enter or a double click."""

    chosen = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class QuickNotesPage(TwoColumns):
    """new_wanted(): jot down another. A attaches to the proposed ticket, Del throws a note away."""

    new_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, QCoreApplication.translate("QuickNotesPage", "Quick notes"))
        look = desk.appearance
        self._rows: dict[str, QuickNoteRow] = {}
        self._frame: MessageFrame | None = None
        self._shown_id = ""
        self._new = KeyButton(look, self.tr("New"), "plus", key="Ctrl ⇧ N", big=False)
        self._attach = KeyButton(look, self.tr("Attach as internal note"), "lock", NOTE_PRIMARY, "A")
        self._copy = KeyButton(look, self.tr("Copy text"), "copy", key="Ctrl C")
        self._discard = KeyButton(look, self.tr("Throw away"), "discard", DANGER, "Del")
        self._proposed = QLabel(self.tr("Belongs to"))
        self._find = QLineEdit()
        self._tickets = TicketChoices()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._build()
        self._connect()
        self.reload()

    def reload(self, changes: Changes | None = None) -> None:
        if changes is not None and not (changes.quick_notes or changes.everything):
            return
        rows = self.desk.reader.quick_notes()
        self._rows = {row.id: row for row in rows}
        self.count.setText(str(len(rows)) if rows else "")
        self.cards.show_cards([self._card(row) for row in rows])

    def _build(self) -> None:
        look, px = self.desk.appearance, self.desk.appearance.px
        self.top.addWidget(self._new)
        self.hint.setText(self.tr("A note becomes an internal note of the ticket that you attach it to."))
        self.nothing.setText(self.tr("No quick notes. Ctrl+Shift+N jots one down at any moment."))
        self._proposed.setFont(look.font(13, fonts.SEMI_BOLD))
        self._find.setPlaceholderText(self.tr("Another ticket: number or words"))
        self._find.setAccessibleName(self.tr("Find another ticket for this note"))
        self._tickets.setAccessibleName(self.tr("Tickets that this note may belong to"))
        self._tickets.setMinimumHeight(px(180))
        for widget in (self._proposed, self._find, self._tickets):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        for button in (self._attach, self._copy):
            self.answers.keep(button)
        self.set_apart(self._discard)

    def _connect(self) -> None:
        self.cards.current_changed.connect(self._show)
        self.cards.attach_pressed.connect(self._attach_key)
        self.opened.connect(self._attach_key)
        self.cards.copy_pressed.connect(self._copy_text)
        self.cards.discard_pressed.connect(self._throw_away)
        self._tickets.chosen.connect(self._attach_it)
        self._tickets.itemDoubleClicked.connect(self._attach_it)
        self._find.textChanged.connect(self._typing.start)
        self._find.returnPressed.connect(self._tickets.setFocus)
        self._typing.timeout.connect(self._look_up)
        self._new.clicked.connect(self.new_wanted)
        self._attach.clicked.connect(self._attach_it)
        self._copy.clicked.connect(self._copy_text)
        self._discard.clicked.connect(self._throw_away)

    def _card(self, row: QuickNoteRow) -> Card:
        lines = [line.strip() for line in row.text.splitlines() if line.strip()] or [""]
        when = self.desk.moments.full(row.created_at, self.desk.clock.now_ms())
        here = row.state is not MessageState.SENT
        mark = ("saved-here", self.tr("Saved here"), "pending") if here else ("", "", "muted")
        return Card(row.id, "quick-note", "note", lines[0], "", when, " ".join(lines[1:]), *mark)

    def _show(self, note_id: str) -> None:
        row = self._rows.get(note_id)
        self.show_detail(row is not None)
        if row is None or note_id == self._shown_id:
            self._shown_id = note_id if row is not None else ""
            return
        self._shown_id = note_id
        if self._frame is not None:
            self.body.removeWidget(self._frame)
            self._frame.hide()
            self._frame.deleteLater()
        when = self.desk.moments.full(row.created_at, self.desk.clock.now_ms())
        title = self.tr("Quick note")
        self.head.show_words(title, when)
        entry = Entry(row.id, MessageKind.NOTE, title, "", when, State.NONE, row.text, "quick-note")
        self._frame = MessageFrame(self.desk.appearance, entry, narrow=True)
        self.body.insertWidget(0, self._frame)
        self._find.clear()
        self._typing.stop()
        self._look_up()

    def _look_up(self) -> None:
        row, typed = self._rows.get(self._shown_id), self._find.text().strip()
        if row is None:
            return
        note_id = row.id

        def work() -> list[TicketRow]:
            reader = self.desk.cache.reader()  # the search lane's own, for this one look
            try:
                if typed:
                    return reader.search(typed, FOUND_MOST)
                return proposals(row.text, row.created_at, reader.search)
            finally:
                reader.close()

        def done(found: list[TicketRow]) -> None:
            if self._shown_id == note_id and self._find.text().strip() == typed:
                self._offer(found)

        self.desk.lanes.search.run(work, done, self._search_failed)

    def _offer(self, rows: Sequence[TicketRow]) -> None:
        self._tickets.clear()
        for row in rows:
            number = f"#{row.number}" if row.number else self.tr("new")
            words = self.tr("{number}  {subject}, {requester}, {category}").format(
                number=number, subject=row.subject, requester=row.requester_name, category=row.category_name
            )
            item = QListWidgetItem(self.desk.appearance.icon("lock", 16, "note"), words, self._tickets)
            item.setSizeHint(QSize(100, self.desk.appearance.px(28)))
            item.setData(int(Qt.ItemDataRole.UserRole), row.id)
        if rows:
            self._tickets.setCurrentRow(0)
        self._proposed.setText(self.tr("Belongs to") if rows else self.tr("No ticket found. Type a number or a word."))
        self._attach.setEnabled(bool(rows))

    def _search_failed(self, _error: DeskbellError) -> None:
        self._offer([])

    def _attach_key(self) -> None:
        """A: to the proposals, so that one sees where it goes; A or Enter there attaches."""
        if self._tickets.count():
            self._tickets.setFocus()
        else:
            self._find.setFocus()

    def _attach_it(self) -> None:
        row, item = self._rows.get(self.cards.current), self._tickets.currentItem()
        if row is not None and item is not None:
            self.desk.intents.attach_note(row.id, item.data(int(Qt.ItemDataRole.UserRole)), row.text)
            self.cards.setFocus()

    def _copy_text(self) -> None:
        row = self._rows.get(self.cards.current)
        if row is not None:
            QGuiApplication.clipboard().setText(row.text)

    def _throw_away(self) -> None:
        row = self._rows.get(self.cards.current)
        if row is not None:
            QGuiApplication.clipboard().setText(row.text)  # the last resort of a slip: it can be pasted back
            self.desk.intents.discard_note(row.id)
