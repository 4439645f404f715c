"""Notes within the window: shown always, and the last resort where the desktop shows none."""

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPropertyAnimation, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.alerts.notifications.port import Note
from desktop.theme import fonts
from desktop.theme.appearance import Appearance

WIDTH = 340
_MOST = 3
_STAY_MS = 8_000
_FADE_MS = 120
_MARGIN = 16
_STATUS_LINE = 26


class Toast(QFrame):
    """One note: icon, title, text, a close button. A click anywhere else, Enter or Space opens it.

    clicked(key), closed(key).
    """

    clicked = Signal(str)
    closed = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.key = ""
        self._urgent = False
        self._icon, self._title, self._body = QLabel(), QLabel(), QLabel()
        self._close = QToolButton()
        self._leave = QTimer(self, singleShot=True, interval=_STAY_MS)
        self._leave.timeout.connect(self._go)
        self._build()
        appearance.changed.connect(self._dress)

    def put(self, note: Note) -> None:
        """Show this note instead of the one before."""
        self.key, self._urgent = note.key, note.urgent
        self._title.setText(note.title)
        self._body.setText(note.body)
        self._body.setVisible(bool(note.body))
        self.setAccessibleName(f"{note.title}. {note.body}")
        self.setToolTip(note.action)
        self._dress()
        if note.urgent:
            self._leave.stop()
        else:
            self._leave.start()

    def height_at(self, width: int) -> int:
        """How high it is at that width."""
        return self._row.totalHeightForWidth(width)

    def _build(self) -> None:
        self.setFixedWidth(self._appearance.px(WIDTH))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        for label in (self._title, self._body):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._close.setProperty("look", "square")
        self._close.setAccessibleName(self.tr("Close this notice"))
        self._close.clicked.connect(self._go)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._body)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 8, 10)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)

    def _dress(self) -> None:
        look = self._appearance
        name, color = ("urgent", "overdue") if self._urgent else ("bell", "us")
        self._icon.setPixmap(look.pixmap(name, 18, color, self.devicePixelRatioF()))
        self._title.setFont(look.font(13, fonts.SEMI_BOLD))
        self._body.setFont(look.font(12))
        self._close.setIcon(look.icon("close", 14, "muted"))
        self._close.setIconSize(QSize(look.px(14), look.px(14)))
        self.update()

    def _go(self) -> None:
        self.closed.emit(self.key)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit(self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit(self.key)
        elif event.key() == Qt.Key.Key_Escape:
            self._go()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        edge = "focus" if focused else "overdue" if self._urgent else "edge"
        painter.setPen(QPen(self._appearance.color(edge), 2 if focused else 1))
        painter.setBrush(self._appearance.color("surface"))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 8, 8)


class Toasts(QObject):
    """The notes of one window, newest below, at most three, at the lower end of it.

    activated(key): somebody clicked on a note.
    """

    activated = Signal(str)

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        super().__init__(window)
        self._appearance = appearance
        self._window = window
        self._standing: dict[str, Toast] = {}
        window.installEventFilter(self)

    def show(self, note: Note) -> None:
        """Put it up, in the place of one of the same key."""
        toast = self._standing.get(note.key)
        if toast is None:
            while len(self._standing) >= _MOST:
                self.close(next(iter(self._standing)))
            toast = self._standing[note.key] = Toast(self._appearance, self._window)
            toast.clicked.connect(self._clicked)
            toast.closed.connect(self.close)
            self._fade_in(toast)
        toast.put(note)
        toast.show()
        self._arrange()

    def close(self, key: str) -> None:
        """Take it away; nothing happens if it is gone."""
        toast = self._standing.pop(key, None)
        if toast is not None:
            toast.hide()
            toast.deleteLater()
            self._arrange()

    def keys(self) -> list[str]:
        """The keys of the notes that stand, oldest first."""
        return list(self._standing)

    def standing(self) -> list[Toast]:
        """The notes that stand, oldest first."""
        return list(self._standing.values())

    def _clicked(self, key: str) -> None:
        self.close(key)
        self.activated.emit(key)

    def _fade_in(self, toast: Toast) -> None:
        if self._appearance.reduced_motion:
            return
        effect = QGraphicsOpacityEffect(toast)
        toast.setGraphicsEffect(effect)
        fade = QPropertyAnimation(effect, b"opacity", toast)
        fade.setDuration(_FADE_MS)
        fade.setStartValue(0.0)
        fade.setEndValue(1.0)
        fade.setEasingCurve(QEasingCurve.Type.OutCubic)
        fade.finished.connect(lambda: effect.setEnabled(False))
        fade.start()

    def _arrange(self) -> None:
        px = self._appearance.px
        bottom = self._window.height() - px(_STATUS_LINE) - _MARGIN
        rtl = self._appearance.right_to_left
        for toast in reversed(self._standing.values()):
            toast.setFixedWidth(min(px(WIDTH), self._window.width() - 2 * _MARGIN))
            height = toast.height_at(toast.width())
            left = _MARGIN if rtl else self._window.width() - toast.width() - _MARGIN
            toast.setGeometry(left, bottom - height, toast.width(), height)
            toast.raise_()
            bottom -= height + 8

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() is QEvent.Type.Resize:
            self._arrange()
        return False
