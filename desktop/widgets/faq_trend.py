"""Tickets avoided, for owners: how many, and week by week as bars, with the same said in words (PRODUCT G1)."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from sync.domain.faq import FaqWeek
from sync.domain.times import DAY_MS

WEEKS = 12
_WEEK_MS = 7 * DAY_MS


class FaqTrend(QWidget):
    """84 high: a line of words over the bars of the last twelve weeks, this one last."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._bars: list[int] = []
        self.words = self.small = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_figures(self, answered: int, opened: int, weeks: Sequence[FaqWeek], this_week_ms: int) -> None:
        """All in all, and the weeks that the server told of; `this_week_ms`: the Monday of this one."""
        by_week = {one.since: one.answered for one in weeks}
        self._bars = [by_week.get(this_week_ms - (WEEKS - 1 - n) * _WEEK_MS, 0) for n in range(WEEKS)]
        self.words = self.tr("{count} tickets avoided").format(count=answered)
        small = self.tr("{count} this week, answers opened {opened} times")
        self.small = small.format(count=self._bars[-1], opened=opened)
        told = ", ".join(str(one) for one in self._bars)
        self.setAccessibleName(self.words)
        self.setAccessibleDescription(self.tr("{small}. The last weeks: {told}.").format(small=self.small, told=told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, self._appearance.px(88))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look = QPainter(self), self._appearance
        px, rtl, whole = look.px, look.right_to_left, QRectF(self.rect())
        painter.fillRect(QRectF(0, 0, whole.width(), 1), look.color("line"))
        inner = whole.adjusted(px(16), px(8), -px(16), -px(10))
        first = QRectF(inner.left(), inner.top(), inner.width(), px(19))
        strong = look.font(13, fonts.SEMI_BOLD)
        painting.text(painter, first, self.words, strong, look.color("text"), from_end=rtl)
        second = first.translated(0, px(18))
        painting.text(painter, second, self.small, look.font(12), look.color("muted"), from_end=rtl)
        place = QRectF(inner.left(), second.bottom() + px(4), inner.width(), inner.bottom() - second.bottom() - px(4))
        width, most = place.width() / WEEKS, max([*self._bars, 1])
        for number, count in enumerate(self._bars):
            height = max(place.height() * count / most, 2.0)
            bar = QRectF(place.left() + number * width, place.bottom() - height, max(width - px(3), 1.0), height)
            ink = "accent" if number == WEEKS - 1 else "them"
            painter.fillRect(painting.mirrored(bar, whole, rtl), look.color(ink))
