"""A small tinted label: icon and words of one meaning."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting


class Chip(QWidget):
    """20 high, radius 4. `ink` is a meaning of the theme that has a soft tint: us, overdue, due, needs, them, ..."""

    def __init__(self, appearance: Appearance, words: str = "", ink: str = "them", icon: str = "") -> None:
        super().__init__()
        self._appearance = appearance
        self.words, self._ink, self._icon = words, ink, icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_words(words, ink, icon)

    def show_words(self, words: str, ink: str, icon: str = "") -> None:
        """Hidden where there are no words."""
        self.words, self._ink, self._icon = words, ink, icon
        self.setAccessibleName(words)
        self.setVisible(bool(words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self._appearance.px
        width = px(14) + painting.width_of(self.words, self._font()) + (px(16) if self._icon else 0)
        return QSize(round(width + 1), px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        px, rtl, whole = self._appearance.px, self._appearance.right_to_left, QRectF(self.rect())
        painting.frame(painter, whole, self._appearance.color(f"{self._ink}_soft"), None, 4)
        x = float(px(7))
        if self._icon:
            spot = painting.mirrored(QRectF(px(5), 0, px(14), whole.height()), whole, rtl)
            painting.icon(painter, self._appearance, self._icon, QPointF(spot.center()), 14, self._ink)
            x = float(px(23))
        place = painting.mirrored(QRectF(x, 0, whole.width() - x, whole.height()), whole, rtl)
        painting.text(painter, place, self.words, self._font(), self._appearance.color(self._ink), from_end=rtl)

    def _font(self) -> QFont:
        return self._appearance.font(12, fonts.MEDIUM)
