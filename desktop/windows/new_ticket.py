"""A new ticket, taken down by an agent: a phone call, somebody at the desk. Works offline too."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.desk import Desk
from desktop.kept_words import NEW_TICKET, KeptWords
from desktop.models.event_sentence import priority_name
from desktop.models.new_ticket import Filled, objections
from desktop.theme import fonts
from desktop.widgets.choice_field import ChoiceField, Option
from desktop.widgets.composer_editor import ComposerEditor
from desktop.widgets.field_frame import FieldFrame
from desktop.widgets.key_button import PRIMARY, KeyButton
from desktop.widgets.notice_line import NoticeLine
from desktop.windows.known_requesters import KnownRequesters
from sync.domain.records import Priority


class NewTicketWindow(QDialog):
    """created(str): the local id of the ticket that was saved. Esc closes and asks nothing: the words stay."""

    created = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._ticket_id = ""
        self._waiting = ""
        self._failed = False
        look = desk.appearance
        self.setWindowTitle(self.tr("New ticket or phone call"))
        self.name, self.email, self.phone, self.subject = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.category = ChoiceField(look, self.tr("Category"))
        self.priority = ChoiceField(look, self.tr("Priority"))
        self.text = ComposerEditor(look)
        self.notice = NoticeLine(look)
        self._save = KeyButton(look, self.tr("Save the ticket"), "plus", PRIMARY, "Ctrl ⏎")
        self._cancel = KeyButton(look, self.tr("Close"), "", key="Esc")
        self._errors: dict[str, QLabel] = {}
        self._kept = KeptWords(desk, NEW_TICKET, lambda: self._filled().to_text(), self)
        self._known = KnownRequesters(desk, self.name, self.email)
        self._build()
        self._connect()

    def ask(self) -> None:
        """Show it, in front; what was begun stands there still, or again."""
        self._load_choices()
        begun = None if self._filled().to_text() else self._kept.begun()
        if begun is not None:
            self._fill(Filled.from_text(begun.text))
            when = self._desk.moments.full(begun.at, self._desk.clock.now_ms())
            self.notice.say(self.tr("You began this {time}; it was kept here.").format(time=when), "us")
        self.show()
        self.raise_()
        self.activateWindow()
        self.name.setFocus()

    def flush(self) -> None:
        """Keep what was begun, before something ends."""
        self._kept.flush()

    def save(self) -> None:
        """Onto this computer; closes once it is safe."""
        if self._waiting:
            return
        filled = self._filled()
        found = objections(filled)
        self._show_errors(found)
        if found:
            first = next(iter(found))
            {"name": self.name, "email": self.email, "category": self.category, "subject": self.subject}[
                first
            ].setFocus()
            return
        self.notice.clear()
        self._failed = False
        self._waiting = f"{filled.subject}\n\n{filled.text}"
        self._save.setEnabled(False)
        self._kept.settled()
        requester = (filled.name, filled.email or None, filled.phone or None)
        ticket_id = self._desk.intents.create_ticket(
            filled.category_id,
            filled.subject,
            filled.text,
            requester,
            Priority(filled.priority or Priority.NORMAL),
            ends_draft=NEW_TICKET,
        )
        if not self._failed:
            self._ticket_id = ticket_id
            self._done_if_saved()

    def _build(self) -> None:
        look, px = self._desk.appearance, self._desk.appearance.px
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(4))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        framed = FieldFrame(look, self.text)
        self.text.setAccessibleName(self.tr("What they ask"))
        places: list[tuple[str, str, QWidget, int, int, int]] = [
            ("name", self.tr("Who asks"), self.name, 0, 0, 2),
            ("email", self.tr("E-mail"), self.email, 3, 0, 1),
            ("phone", self.tr("Telephone"), self.phone, 3, 1, 1),
            ("category", self.tr("Category"), self.category, 6, 0, 1),
            ("priority", self.tr("Priority"), self.priority, 6, 1, 1),
            ("subject", self.tr("Subject"), self.subject, 9, 0, 2),
            ("text", self.tr("What they ask"), framed, 12, 0, 2),
        ]
        for key, words, widget, row, column, span in places:
            label, error = QLabel(words), QLabel()
            label.setFont(look.font(12, fonts.MEDIUM))
            error.setFont(look.font(12))
            error.setWordWrap(True)
            error.hide()
            self._errors[key] = error
            widget.setAccessibleName(words)
            grid.addWidget(label, row, column, 1, span)
            grid.addWidget(widget, row + 1, column, 1, span)
            grid.addWidget(error, row + 2, column, 1, span)
        foot = QHBoxLayout()
        foot.addWidget(self._cancel)
        foot.addStretch(1)
        foot.addWidget(self._save)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(px(20), px(16), px(20), px(16))
        whole.setSpacing(px(12))
        whole.addLayout(grid)
        whole.addWidget(self.notice)
        whole.addLayout(foot)
        self.setMinimumWidth(px(560))

    def _connect(self) -> None:
        self._save.clicked.connect(self.save)
        self._cancel.clicked.connect(self.close)
        self.text.send_pressed.connect(self.save)
        self.text.save_pressed.connect(self.save)
        self.text.leave_pressed.connect(self.close)
        for keys in ("Ctrl+Return", "Ctrl+Enter", "Ctrl+S"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save)
        self.category.chosen.connect(self.category.set_value)
        self.priority.chosen.connect(self.priority.set_value)
        for field in (self.name, self.email, self.phone, self.subject, self.text):
            field.textChanged.connect(self._kept.changed)
        for choice in (self.category, self.priority):
            choice.chosen.connect(self._kept.changed)
        self._kept.failed.connect(self.notice.say)
        self._known.chosen.connect(self._take_known)
        self._desk.intents.saved.connect(lambda _name: self._done_if_saved())
        self._desk.intents.failed.connect(self._on_failed)

    def _load_choices(self) -> None:
        places = [one for one in self._desk.reader.categories() if one.account_id]
        self.category.set_options([Option(one.id, one.name, "folder", plain=True) for one in places])
        self.priority.set_options([Option(one.value, priority_name(one.value)) for one in Priority])
        if self.priority.value is None:
            self.priority.set_value(Priority.NORMAL.value)
        if len(places) == 1:
            self.category.set_value(places[0].id)

    def _filled(self) -> Filled:
        lines = (self.name.text(), self.email.text(), self.phone.text(), self.category.value or "")
        return Filled(*lines, self.subject.text(), self.text.text, self.priority.value or "").cleaned()

    def _fill(self, filled: Filled) -> None:
        for field, value in (
            (self.name, filled.name),
            (self.email, filled.email),
            (self.phone, filled.phone),
            (self.subject, filled.subject),
        ):
            field.setText(value)
        self.text.set_text(filled.text)
        self.priority.set_value(filled.priority or Priority.NORMAL.value)
        if any(one.id == filled.category_id for one in self._desk.reader.categories()):
            self.category.set_value(filled.category_id)

    def _take_known(self, name: str, email: str, phone: str) -> None:
        for field, value in ((self.name, name), (self.email, email), (self.phone, phone)):
            if value or field is not self.phone:
                field.setText(value)
        self.subject.setFocus()

    def _show_errors(self, found: dict[str, str]) -> None:
        ink = self._desk.appearance.theme.overdue
        for key, label in self._errors.items():
            label.setText(found.get(key, ""))
            label.setStyleSheet(f"color: {ink}")
            label.setVisible(key in found)

    def _done_if_saved(self) -> None:
        """Saved is what the cache shows: the ticket is there under its local id."""
        if not self._waiting or not self._ticket_id or self._desk.reader.ticket(self._ticket_id) is None:
            return
        ticket_id, self._ticket_id, self._waiting = self._ticket_id, "", ""
        self._save.setEnabled(True)
        for field in (self.name, self.email, self.phone, self.subject):
            field.clear()
        self.text.set_text("")
        self.priority.set_value(Priority.NORMAL.value)
        self._kept.settled()
        self.close()
        self.created.emit(ticket_id)

    def _on_failed(self, sentence: str, text: str) -> None:
        if self._waiting and text == self._waiting:
            self._failed, self._waiting, self._ticket_id = True, "", ""
            self._save.setEnabled(True)
            self._kept.changed()
            self.notice.say(sentence)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.flush()
