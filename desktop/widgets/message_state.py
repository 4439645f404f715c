"""Where a message is: icon and word at its head's right end; "Needs you" and "Undo" can be pressed."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.models.plain_tip import plain_tip
from desktop.models.thread import State, state_words
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting

_LOOKS = {
    State.NONE: ("", "muted"),
    State.UNANSWERED: ("turn-us", "us"),
    State.SAVED_HERE: ("saved-here", "pending"),
    State.SENDS_NEXT: ("saved-here", "pending"),
    State.SENDS_SOON: ("sending", "pending"),
    State.SENDING: ("sending", "pending"),
    State.SENT: ("check", "sent"),
    State.NEEDS_YOU: ("needs-you", "needs"),
    State.QUEUED: ("outbox", "pending"),
    State.HANDED_OVER: ("send", "sent"),
    State.DELAYED: ("delayed", "pending"),
    State.BOUNCED: ("undelivered", "needs"),
    State.FAILED: ("undelivered", "needs"),
    State.NOT_SENT: ("info", "muted"),
}


class StateMark(QAbstractButton):
    """16 high. Takes the mouse and the keyboard only where pressing it does something."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._icon, self._ink = "", "muted"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_state(State.NONE)

    def show_state(self, state: State, seconds: int = 0, why: str = "") -> None:
        """The state's icon and word, how long it lasts, and why; nothing for a message that has none."""
        self._icon, self._ink = _LOOKS[state]
        words = self.tr("Sending in {seconds} s").format(seconds=seconds) if seconds else state_words(state)
        self._set_words(words, pressable=state is State.NEEDS_YOU)
        self.setToolTip(plain_tip(why))
        self.setAccessibleDescription(why)

    def show_words(self, words: str, icon: str, ink: str) -> None:
        """Any other pressable mark, such as Undo."""
        self._icon, self._ink = icon, ink
        self._set_words(words, pressable=True)

    def sizeHint(self) -> QSize:
        px = self._appearance.px
        if not self.text():
            return QSize(0, px(20))
        return QSize(round(px(18) + painting.width_of(self.text(), self._font()) + 1), px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.text():
            return
        painter = QPainter(self)
        px, rtl = self._appearance.px, self._appearance.right_to_left
        whole = QRectF(self.rect())
        mark = painting.mirrored(QRectF(0, 0, px(14), whole.height()), whole, rtl)
        painting.icon(painter, self._appearance, self._icon, QPointF(mark.center()), 14, self._ink)
        words = painting.mirrored(QRectF(px(18), 0, whole.width() - px(18), whole.height()), whole, rtl)
        font = self._font()
        font.setUnderline(self.isEnabled() and (self.underMouse() or self.hasFocus()))
        painting.text(painter, words, self.text(), font, self._appearance.color(self._ink), from_end=rtl)
        if self.hasFocus():
            painting.focus_ring(painter, whole, self._appearance.color("focus"), 3)

    def _set_words(self, words: str, pressable: bool) -> None:
        self.setText(words)
        self.setAccessibleName(words)
        self.setEnabled(pressable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if pressable else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if pressable else Qt.CursorShape.ArrowCursor)
        self.updateGeometry()
        self.adjustSize()
        self.update()

    def _font(self) -> QFont:
        return self._appearance.font(12, fonts.SEMI_BOLD)
