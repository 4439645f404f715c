"""A button with an icon, its words and its key, in the looks that the composer and the pages need."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting


@dataclass(frozen=True, slots=True)
class ButtonLook:
    """Colours by their names in the theme."""

    ink: str
    ground: str
    line: str
    dashed: bool = False
    strong: bool = False


PLAIN = ButtonLook("text", "button", "line")
ACCENT = ButtonLook("accent", "button", "accent")
PRIMARY = ButtonLook("on_accent", "accent", "accent", strong=True)
NOTE = ButtonLook("note", "note_soft", "note_line", dashed=True)
NOTE_PRIMARY = ButtonLook("on_note", "note", "note", strong=True)
DANGER = ButtonLook("overdue", "button", "line")


class KeyButton(QAbstractButton):
    """32 high (28 when not `big`), radius 6. The key stands in a small box; it is a hint, the owner binds it."""

    def __init__(
        self, appearance: Appearance, words: str, icon: str, look: ButtonLook = PLAIN, key: str = "", *,
        big: bool = True, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._appearance = appearance
        self._icon = icon
        self._look = look
        self._key = key
        self._key_shown = True
        self._big = big
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_words(words)
        appearance.changed.connect(self._look_changed)

    def set_words(self, words: str) -> None:
        """Also the accessible name."""
        self.setText(words)
        self.setAccessibleName(words)
        self._look_changed()

    def show_key(self, shown: bool) -> None:
        """Leave the key's box out where there is little room."""
        self._key_shown = shown
        self._look_changed()

    def sizeHint(self) -> QSize:
        px = self._appearance.px
        width = 2 * px(14 if self._big else 10) + painting.width_of(self.text(), self._font())
        width += px(22) if self._icon else 0
        if self._key_box:
            width += px(6) + self._key_width()
        return QSize(round(width + 1), px(32 if self._big else 28))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._appearance.px(44), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        color = self._appearance.color
        line = "edge" if self.underMouse() and self._look.line == "line" else self._look.line
        ground = "select" if self.isDown() and not self._look.strong else self._look.ground
        if not self.isEnabled():
            ground, line = "bg", "line"
        painting.frame(painter, whole, color(ground), color(line), dashed=self._look.dashed)
        self._paint_inside(painter, whole, self._look.ink if self.isEnabled() else "muted")
        if self.hasFocus():
            painting.focus_ring(painter, whole, color("text" if self._look.strong else "focus"))

    def _paint_inside(self, painter: QPainter, whole: QRectF, ink: str) -> None:
        px, rtl = self._appearance.px, self._appearance.right_to_left
        x, right = float(px(14 if self._big else 10)), whole.width() - px(14 if self._big else 10)
        if self._icon:
            place = painting.mirrored(QRectF(x, 0, px(16), whole.height()), whole, rtl)
            painting.icon(painter, self._appearance, self._icon, place.center(), 16, ink)
            x += px(22)
        if self._key_box:
            right -= self._key_width() + px(6)
        words = painting.mirrored(QRectF(x, 0, right - x, whole.height()), whole, rtl)
        painting.text(painter, words, self.text(), self._font(), self._appearance.color(ink), from_end=rtl)
        if self._key_box:
            box = QRectF(right + px(6), (whole.height() - px(18)) / 2, self._key_width(), px(18))
            self._paint_key(painter, painting.mirrored(box, whole, rtl), ink)

    def _paint_key(self, painter: QPainter, box: QRectF, ink: str) -> None:
        color = self._appearance.color
        strong = self._look.strong and self.isEnabled()
        painting.frame(painter, box, None if strong else color("surface"), color(ink if strong else "line"), 3)
        font = self._appearance.font(11, fonts.SEMI_BOLD if strong else fonts.REGULAR)
        painting.centered(painter, box, self._key, font, color(ink if strong else "muted"))

    @property
    def _key_box(self) -> bool:
        return bool(self._key) and self._key_shown

    def _key_width(self) -> float:
        return painting.width_of(self._key, self._appearance.font(11, fonts.SEMI_BOLD)) + self._appearance.px(10)

    def _font(self) -> QFont:
        return self._appearance.font(13, fonts.SEMI_BOLD if self._look.strong else fonts.REGULAR)

    def _look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class IconButton(QAbstractButton):
    """28 square, no frame until the mouse or the keyboard is on it; its words are tooltip and accessible name."""

    def __init__(self, appearance: Appearance, words: str, icon: str, key: str = "", size: int = 28) -> None:
        super().__init__()
        self._appearance = appearance
        self._icon = icon
        self._size = size
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        self.setToolTip(f"{words} ({key})" if key else words)
        appearance.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(self._appearance.px(self._size), self._appearance.px(self._size))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole = QRectF(self.rect())
        if self.underMouse() or self.isDown():
            painting.frame(painter, whole, self._appearance.color("select"), None)
        small = 14 if self._size < 24 else 16
        ink = "text" if self.isEnabled() else "muted"
        painting.icon(painter, self._appearance, self._icon, QPointF(whole.center()), small, ink)
        if self.hasFocus():
            painting.focus_ring(painter, whole, self._appearance.color("focus"))
