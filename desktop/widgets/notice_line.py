"""One line that says what just happened or what is asked, with at most two answers."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.announcing import announce
from desktop.widgets.key_button import ACCENT, KeyButton


class NoticeLine(QWidget):
    """Hidden while it has nothing to say. `ink` is a meaning of the theme: its soft tint is the ground.

    answered(bool): yes or no to a question.
    """

    answered = Signal(bool)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._ink, self._icon = "needs", "info"
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._yes = KeyButton(appearance, "", "", ACCENT, big=False)
        self._no = KeyButton(appearance, "", "", big=False)
        row = QHBoxLayout(self)
        px = appearance.px
        sides = (8, 34) if appearance.right_to_left else (34, 8)
        row.setContentsMargins(px(sides[0]), px(5), px(sides[1]), px(5))
        row.setSpacing(px(8))
        row.addWidget(self._words, 1)
        row.addWidget(self._yes)
        row.addWidget(self._no)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._yes.clicked.connect(lambda: self._answer(True))
        self._no.clicked.connect(lambda: self._answer(False))
        self.hide()

    @property
    def words(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else self._words.text()

    def say(self, words: str, ink: str = "needs", icon: str = "info") -> None:
        """A sentence without an answer."""
        self._icon = icon
        self._show(words, ink, "", "")

    def ask(self, question: str, yes: str, no: str, ink: str = "due") -> None:
        """A question; the harmless answer has the keyboard."""
        self._icon = "info"
        self._show(question, ink, yes, no)
        self._no.setFocus()

    def offer(self, words: str, yes: str, ink: str = "us", icon: str = "link") -> None:
        """A sentence with one thing to press, which stays."""
        self._icon = icon
        if words != self.words:
            self._show(words, ink, yes, "")

    def clear(self) -> None:
        """Nothing to say."""
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole, color, px = QRectF(self.rect()), self._appearance.color, self._appearance.px
        painting.frame(painter, whole, color(f"{self._ink}_soft"), color(self._ink), 4)
        spot = QRectF(px(10), 0, px(16), whole.height())
        spot = painting.mirrored(spot, whole, self._appearance.right_to_left)
        painting.icon(painter, self._appearance, self._icon, QPointF(spot.center()), 16, self._ink)

    def _show(self, words: str, ink: str, yes: str, no: str) -> None:
        self._ink = ink
        self._words.setText(words)
        self.setAccessibleName(words)
        for button, label in ((self._yes, yes), (self._no, no)):
            button.set_words(label)
            button.setVisible(bool(label))
        self._fit()
        self.show()
        self.update()
        announce(self, words)

    def _fit(self) -> None:
        """As high as its words need at this width: not every layout around it asks."""
        layout = self.layout()
        height = layout.totalHeightForWidth(self.width()) if layout is not None else 0
        if height > 0:
            self.setFixedHeight(height)

    def _answer(self, answer: bool) -> None:
        self.hide()
        self.answered.emit(answer)
