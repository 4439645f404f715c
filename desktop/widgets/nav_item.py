"""One line of the side bar: icon, words, count; a narrow rail shows icon and count."""

from enum import Enum, auto

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from desktop.models.plain_tip import plain_tip
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting


class CountLook(Enum):
    """How the count stands out: plainly, as the blue pill, or as words that need a decision."""

    PLAIN = auto()
    PILL = auto()
    NEEDS = auto()


class NavItem(QAbstractButton):
    """28 high, checkable. A count of zero is not shown; a hollow pill says that the count is from earlier."""

    def __init__(self, appearance: Appearance, words: str, icon: str, look: CountLook = CountLook.PLAIN) -> None:
        super().__init__()
        self._appearance = appearance
        self._icon = icon
        self._look = look
        self._count = 0
        self._hollow = False
        self._rail = False
        self.setText(words)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._name()
        appearance.changed.connect(self.updateGeometry)

    def set_words(self, words: str, icon: str) -> None:
        self.setText(words)
        self._icon = icon
        self._name()
        self.update()

    def set_count(self, count: int, hollow: bool = False) -> None:
        if (count, hollow) != (self._count, self._hollow):
            self._count, self._hollow = count, hollow
            self._name()
            self.update()

    def set_rail(self, rail: bool) -> None:
        self._rail = rail
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._appearance.px(40), self._appearance.px(27 if self._rail else 28))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole, color = QRectF(self.rect()), self._appearance.color
        if self.isChecked() or self.underMouse():
            painting.frame(painter, whole, color("select" if self.isChecked() else "alt"), None)
        if self._rail:
            self._paint_rail(painter, whole)
        else:
            self._paint_wide(painter, whole)
        if self.hasFocus():
            painting.focus_ring(painter, whole, color("focus"))

    def _paint_wide(self, painter: QPainter, whole: QRectF) -> None:
        px, rtl = self._appearance.px, self._appearance.right_to_left
        icon = painting.mirrored(QRectF(px(8), 0, px(16), whole.height()), whole, rtl)
        painting.icon(painter, self._appearance, self._icon, icon.center(), 16, self._ink())
        end = whole.width() - px(8)
        if self._count:
            end -= self._paint_count(painter, whole, end, px(18), 12, px(7)) + px(8)
        words = painting.mirrored(QRectF(px(32), 0, end - px(32), whole.height()), whole, rtl)
        font = self._appearance.font(13, fonts.SEMI_BOLD if self.isChecked() else fonts.REGULAR)
        painting.text(painter, words, self.text(), font, self._appearance.color("text"), from_end=rtl)

    def _paint_rail(self, painter: QPainter, whole: QRectF) -> None:
        px, rtl = self._appearance.px, self._appearance.right_to_left
        count = self._count_width(11, px(4)) if self._count else 0.0
        start = (whole.width() - px(16) - (count + px(3) if count else 0)) / 2
        icon = painting.mirrored(QRectF(start, 0, px(16), whole.height()), whole, rtl)
        painting.icon(painter, self._appearance, self._icon, icon.center(), 16, self._ink())
        if self._count:
            self._paint_count(painter, whole, start + px(19) + count, px(16), 11, px(4))

    def _paint_count(self, painter: QPainter, whole: QRectF, end: float, height: int, size: int, pad: int) -> float:
        width = self._count_width(size, pad)
        box = QRectF(end - width, (whole.height() - height) / 2, width, height)
        box = painting.mirrored(box, whole, self._appearance.right_to_left)
        color, ink = self._appearance.color, "muted"
        if self._look is CountLook.PILL and self._hollow:
            ink = "offline"
            painter.setPen(QPen(color("offline"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), height / 2, height / 2)
        elif self._look is CountLook.PILL:
            ink = "on_accent"
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("accent"))
            painter.drawRoundedRect(box, height / 2, height / 2)
        elif self._look is CountLook.NEEDS:
            ink = "needs"
        painter.setFont(self._count_font(size))
        painter.setPen(color(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._count_text())
        return width

    def _count_text(self) -> str:
        return str(self._count) if self._count < 100_000 else "99999+"

    def _count_width(self, size: int, pad: int) -> float:
        pill = self._look is CountLook.PILL
        return painting.width_of(self._count_text(), self._count_font(size)) + (2 * pad if pill else 0)

    def _count_font(self, size: int) -> QFont:
        return self._appearance.font(size, fonts.REGULAR if self._look is CountLook.PLAIN else fonts.SEMI_BOLD)

    def _ink(self) -> str:
        if self._look is CountLook.NEEDS and self._count:
            return "needs"
        return "text" if self.isChecked() else "muted"

    def _name(self) -> None:
        spoken = self.tr("{name}, {count}").format(name=self.text(), count=self._count) if self._count else self.text()
        self.setAccessibleName(spoken)
        self.setToolTip(plain_tip(spoken))
