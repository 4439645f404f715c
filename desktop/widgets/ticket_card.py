"""A ticket in a few lines, to be recognised before something is done with it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting


class TicketCard(QWidget):
    """What is said of it, its subject, its requester, and its first words."""

    def __init__(self, appearance: Appearance, head: str) -> None:
        super().__init__()
        self._appearance = appearance
        self._head, self._subject, self._person, self._words = QLabel(head), QLabel(), QLabel(), QLabel()
        self._head.setProperty("tone", "muted")
        column = QVBoxLayout(self)
        px = appearance.px
        column.setContentsMargins(px(12), px(10), px(12), px(10))
        column.setSpacing(px(4))
        for label in (self._head, self._subject, self._person, self._words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setAlignment(painting.at_start(appearance.right_to_left))
            column.addWidget(label)
        column.addStretch(1)
        self._head.setFont(appearance.font(12))
        self._subject.setFont(appearance.font(13, fonts.SEMI_BOLD))
        self._person.setFont(appearance.font(13))
        self._words.setFont(appearance.font(12))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def show_ticket(self, subject: str, person: str, words: str) -> None:
        """Empty where nothing is chosen."""
        for label, text in ((self._subject, subject), (self._person, person), (self._words, words)):
            label.setText(text)
            label.setVisible(bool(text))
        self.setAccessibleName(", ".join(part for part in (self._head.text(), subject, person, words) if part))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._appearance.color
        painting.frame(painter, QRectF(self.rect()), color("surface"), color("line"))
