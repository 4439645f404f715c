"""The slim bar over a thread that finds words in it."""

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import IconButton

TYPING_MS = 120
LONGEST = 200


class FindField(QLineEdit):
    """stepped(1 or -1): Enter, Shift+Enter. left(): Esc."""

    stepped = Signal(int)
    left = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _is_own(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)


class FindBar(QWidget):
    """40 high: field, "2 of 7", previous, next, close.

    sought(str): the words, after a pause in typing. stepped(int): to the next (1) or previous (-1). closed().
    """

    sought = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        px = appearance.px
        self.field = FindField()
        self.field.setMaxLength(LONGEST)
        self.field.setPlaceholderText(self.tr("Find in this thread"))
        self.field.setAccessibleName(self.tr("Find in this thread"))
        self.field.setMinimumWidth(px(120))
        self.field.setMaximumWidth(px(320))
        self.count = QLabel()
        self.count.setProperty("tone", "muted")
        self.count.setFont(appearance.font(12))
        self.previous = IconButton(appearance, self.tr("Previous place"), "chevron-up", self.tr("Shift Enter"))
        self.next = IconButton(appearance, self.tr("Next place"), "chevron-down", self.tr("Enter"))
        shut = IconButton(appearance, self.tr("Close the search in this thread"), "close", self.tr("Esc"))
        row = QHBoxLayout(self)
        row.setContentsMargins(px(16), 0, px(8), 0)
        row.setSpacing(px(4))
        row.addWidget(self.field, 1)
        row.addSpacing(px(4))
        for widget in (self.count, self.previous, self.next):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(shut)
        self.setFixedHeight(px(40))
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._seek)
        self.field.textChanged.connect(self._typing.start)
        self.field.stepped.connect(self._step)
        self.field.left.connect(self.closed)
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        shut.clicked.connect(self.closed)
        self.show_count("", False)
        self.hide()

    def ask(self) -> None:
        """Shown, the keyboard in it, what was sought before ready to be typed over."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._seek()

    def show_count(self, words: str, any_found: bool) -> None:
        """Such as "2 of 7"."""
        self.count.setText(words)
        for button in (self.previous, self.next):
            button.setEnabled(any_found)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._appearance.color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._appearance.color("line"))

    def _seek(self) -> None:
        self._typing.stop()
        self.sought.emit(self.field.text())

    def _step(self, direction: int) -> None:
        if self._typing.isActive():
            self._seek()  # what was typed quickly and ended by Enter is found first, not passed by
        else:
            self.stepped.emit(direction)


def _is_own(event: QKeyEvent) -> bool:
    pressed = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    return not pressed and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
