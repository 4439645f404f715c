"""The tickets that belong beside the one in view: each with its reasons, and one key each to link, merge, take up."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.models.similar_words import SimilarRow
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.earlier_ticket import EarlierTicket
from desktop.widgets.key_button import IconButton

LINK, MERGE, ANSWER = "link", "merge", "answer"
_KEYS: Final = {Qt.Key.Key_L: LINK, Qt.Key.Key_M: MERGE, Qt.Key.Key_A: ANSWER}


class SimilarTicket(QWidget):
    """One of them. deed(str, SimilarRow): link, merge or answer. ticket_wanted(str): it is to be opened."""

    deed = Signal(str, object)
    ticket_wanted = Signal(str)

    def __init__(self, appearance: Appearance, row: SimilarRow) -> None:
        super().__init__()
        self._appearance = appearance
        self.row = row
        self.title = EarlierTicket(appearance, row.ticket_id, row.name, row.subject)
        self.title.setAccessibleDescription(row.reasons)
        self.title.installEventFilter(self)
        self._reasons = QLabel(row.reasons)
        self.buttons = self._buttons()
        self._lay_out()
        self.title.clicked.connect(lambda: self.ticket_wanted.emit(row.ticket_id))
        self._dress()
        appearance.changed.connect(self._dress)

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]  # only widgets are watched
        """The keys of the line act on it, whatever they mean elsewhere."""
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(event, QKeyEvent):
            what = _KEYS.get(Qt.Key(event.key())) if event.modifiers() == Qt.KeyboardModifier.NoModifier else None
            if what in self.buttons:
                event.accept()
                if event.type() is QEvent.Type.KeyPress:
                    self.deed.emit(what, self.row)
                return True
        return super().eventFilter(watched, event)

    def _buttons(self) -> dict[str, IconButton]:
        row = self.row
        words = self.tr("Take away the link with {number}") if row.linked else self.tr("Link with {number}")
        found = {LINK: (words, "close" if row.linked else "link", "L")}
        if row.mergeable:
            found[MERGE] = (self.tr("Merge into {number}"), "layers", "M")
        if row.answer_id:
            found[ANSWER] = (self.tr("Answer as in {number}"), "reply", "A")
        return {
            what: IconButton(self._appearance, said.format(number=row.name), icon, key, 22)
            for what, (said, icon, key) in found.items()
        }

    def _lay_out(self) -> None:
        px = self._appearance.px
        self._reasons.setWordWrap(True)
        self._reasons.setTextFormat(Qt.TextFormat.PlainText)
        self._reasons.setProperty("tone", "muted")
        self._reasons.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        below = QHBoxLayout()
        below.setSpacing(px(2))
        below.addWidget(self._reasons, 1)
        for what, button in self.buttons.items():
            below.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            button.clicked.connect(lambda _checked=False, what=what: self.deed.emit(what, self.row))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(4))
        column.setSpacing(0)
        column.addWidget(self.title)
        column.addLayout(below)

    def _dress(self) -> None:
        self._reasons.setFont(self._appearance.font(11))
        self._reasons.setAlignment(painting.at_start(self._appearance.right_to_left))


class SimilarPanel(QWidget):
    """deed(str, SimilarRow), ticket_wanted(str): as of its lines."""

    deed = Signal(str, object)
    ticket_wanted = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.parts: list[SimilarTicket] = []
        self.unseen = QLabel()
        self.unseen.setWordWrap(True)
        self.unseen.setProperty("tone", "muted")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.unseen)
        self.unseen.hide()

    @property
    def last(self) -> QWidget | None:
        """What Tab comes to last; None where there is nothing."""
        return list(self.parts[-1].buttons.values())[-1] if self.parts else None

    def show_rows(self, rows: Sequence[SimilarRow], unseen: int = 0) -> None:
        """In this order; the keyboard stays on the ticket that it was on. `unseen`: links that lead out of sight."""
        focused = next((part.row.ticket_id for part in self.parts if part.title.hasFocus()), "")
        for part in self.parts:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        self.parts = [SimilarTicket(self._appearance, row) for row in rows]
        for part in self.parts:
            self._column.addWidget(part)
            part.deed.connect(self.deed)
            part.ticket_wanted.connect(self.ticket_wanted)
            if part.row.ticket_id == focused:
                part.title.setFocus()
        self._column.addWidget(self.unseen)
        self.unseen.setFont(self._appearance.font(11))
        words = self.tr("Linked with a ticket in a category that is not yours")
        if unseen > 1:
            words = self.tr("Linked with {count} tickets in categories that are not yours").format(count=unseen)
        self.unseen.setText(words)
        self.unseen.setVisible(unseen > 0)
        self.setVisible(bool(rows or unseen))

    def take_keyboard(self) -> bool:
        """The first line has it; False where there is none."""
        if not self.parts:
            return False
        self.parts[0].title.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True
