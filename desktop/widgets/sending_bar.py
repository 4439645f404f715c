"""The quiet bar over the composer while a reply can still be taken back: how long, Undo, Send now."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.announcing import announce
from desktop.widgets.key_button import ACCENT, KeyButton

ROOMY_PX = 560


class SendingBar(QWidget):
    """Hidden while nothing is held. undo_pressed(): take it back. now_pressed(): send it at once."""

    undo_pressed = Signal()
    now_pressed = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._name = ""
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._undo = KeyButton(appearance, self.tr("Undo"), "undo", ACCENT, "Ctrl Z", big=False)
        self._now = KeyButton(appearance, self.tr("Send now"), "send", big=False)
        row, px = QHBoxLayout(self), appearance.px
        sides = (16, 40) if appearance.right_to_left else (40, 16)
        row.setContentsMargins(px(sides[0]), px(4), px(sides[1]), px(4))
        row.setSpacing(px(8))
        row.addWidget(self._words, 1)
        row.addWidget(self._undo)
        row.addWidget(self._now)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._undo.clicked.connect(self.undo_pressed)
        self._now.clicked.connect(self.now_pressed)
        self.hide()

    @property
    def words(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else self._words.text()

    def show_wait(self, name: str, words: str) -> None:
        """`name` of what is held is told to a screen reader once; `words` count down in silence."""
        self._words.setText(words)
        if name != self._name or self.isHidden():
            self._name = name
            self.setAccessibleName(name)
            self.show()
            announce(self, name)

    def end(self) -> None:
        """Nothing is held."""
        self._name = ""
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._undo.show_key(self.width() >= self._appearance.px(ROOMY_PX))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole, color, px = QRectF(self.rect()), self._appearance.color, self._appearance.px
        painter.fillRect(self.rect(), color("pending_soft"))
        painter.fillRect(0, 0, self.width(), 1, color("line"))
        spot = painting.mirrored(QRectF(px(16), 0, px(16), whole.height()), whole, self._appearance.right_to_left)
        painting.icon(painter, self._appearance, "sending", QPointF(spot.center()), 16, "pending")
