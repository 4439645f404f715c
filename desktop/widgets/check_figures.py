"""A large figure with its words, and the chip that says how fresh the data is."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting


class Figure(QWidget):
    """Icon and number, 24 high, and what is counted below."""

    def __init__(self, appearance: Appearance, icon: str, color: str, words: str) -> None:
        super().__init__()
        self._look = appearance
        self._icon, self._color, self._words = icon, color, words
        self._number: int | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.updateGeometry)

    def set_number(self, number: int, words: str = "") -> None:
        """`words` replace those below."""
        self._number, self._words = number, words or self._words
        self.setAccessibleName(f"{number} {self._words}")
        self.updateGeometry()
        self.update()

    def set_unknown(self) -> None:
        """A dash: nought would be a false all-clear."""
        self._number = None
        self.setAccessibleName(self.tr("{what}: not known yet").replace("{what}", self._words))
        self.updateGeometry()
        self.update()

    @property
    def _shown(self) -> str:
        return "\N{EN DASH}" if self._number is None else str(self._number)

    @property
    def spoken(self) -> str:
        """Number and words."""
        return self.accessibleName()

    def sizeHint(self) -> QSize:
        px = self._look.px
        number = px(30) + painting.width_of(self._shown, self._look.font(24, fonts.SEMI_BOLD))
        return QSize(round(max(number, painting.width_of(self._words, self._look.font(12)))) + 2, px(46))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, px, whole = self._look, self._look.px, QRectF(self.rect())
        color = self._color if self._number or self._color == "text" else "muted"
        icon = painting.mirrored(QRectF(0, 0, px(22), px(30)), whole, look.right_to_left)
        painting.icon(painter, look, self._icon, QPointF(icon.center()), 22, color)
        number = painting.mirrored(QRectF(px(30), 0, whole.width() - px(30), px(30)), whole, look.right_to_left)
        rtl = look.right_to_left
        painting.text(painter, number, self._shown, look.font(24, fonts.SEMI_BOLD), look.color(color), from_end=rtl)
        below = QRectF(0, px(30), whole.width(), px(16))
        painting.text(painter, below, self._words, look.font(12), look.color("muted"), from_end=rtl)


class Chip(QWidget):
    """20 high, icon and words on a tint."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._look = appearance
        self._words, self._icon, self._color = "", "info", "them"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.updateGeometry)

    def show_words(self, words: str, icon: str, color: str) -> None:
        """`color` is a name of the theme that has a tint."""
        self._words, self._icon, self._color = words, icon, color
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self._look.px
        return QSize(round(painting.width_of(self._words, self._look.font(12, fonts.MEDIUM))) + px(31), px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, px, whole = self._look, self._look.px, QRectF(self.rect())
        painting.frame(painter, whole, look.color(f"{self._color}_soft"), None, 4)
        icon = painting.mirrored(QRectF(px(5), 0, px(14), whole.height()), whole, look.right_to_left)
        painting.icon(painter, look, self._icon, QPointF(icon.center()), 14, self._color)
        words = painting.mirrored(QRectF(px(23), 0, whole.width() - px(28), whole.height()), whole, look.right_to_left)
        font = look.font(12, fonts.MEDIUM)
        painting.text(painter, words, self._words, font, look.color(self._color), from_end=look.right_to_left)
