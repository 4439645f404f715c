"""A short word about what was just done, at the foot of the window, with one thing to press."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from desktop.theme.appearance import Appearance

_STAY_MS = 6_000
_STAY_ERROR_MS = 15_000
_ABOVE = 40


class Notice(QFrame):
    """Stays 6 s, an error 15 s; the next word replaces it.

    pressed(str): the command of its button.
    """

    pressed = Signal(str)

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        super().__init__(window)
        self._appearance = appearance
        self._words, self._button = QLabel(), QToolButton()
        self._command = ""
        self._bad = False
        self._leave = QTimer(self, singleShot=True)
        self._leave.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._button.setProperty("look", "flat")
        self._button.clicked.connect(self._press)
        self.hide()
        window.installEventFilter(self)

    def say(self, words: str, button: str = "", command: str = "", bad: bool = False) -> None:
        """`button` starts `command`."""
        self._command, self._bad = command, bad
        self._words.setText(words)
        self.setAccessibleName(words)
        self._button.setText(button)
        self._button.setAccessibleName(button)
        self._button.setVisible(bool(button))
        self._place()
        self.show()
        self.raise_()
        self._leave.start(_STAY_ERROR_MS if bad else _STAY_MS)

    @property
    def words(self) -> str:
        """What it says now; empty while it is away."""
        return self._words.text() if self.isVisible() else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._appearance.color("overdue" if self._bad else "edge"))
        painter.setBrush(self._appearance.color("overdue_soft" if self._bad else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _press(self) -> None:
        self.hide()
        self.pressed.emit(self._command)

    def _place(self) -> None:
        window = self.parentWidget()
        if window is not None:
            most = min(560, window.width() - 32)
            self._words.setMaximumWidth(most - 40)
            self.adjustSize()
            width, height = min(most, self.width()), self.height()
            bottom = window.height() - self._appearance.px(_ABOVE) - height
            left = window.width() - width - 12 if self._appearance.right_to_left else 12
            self.setGeometry(left, bottom, width, height)
