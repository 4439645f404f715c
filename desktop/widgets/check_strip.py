"""The strip of the day's checks: a mark for each, taller where somebody waited too long, gaps named."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.models.moments import Moments, length
from desktop.models.plain_tip import plain_tip
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from sync.domain.spot_check import Gap
from sync.domain.times import HOUR_MS, MINUTE_MS

_STEPS = tuple(MINUTE_MS * minutes for minutes in (5, 10, 15, 30, 60, 90, 120, 180, 240, 360))
_LABELS_MOST = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """One check (ms UTC) and whether it found somebody waiting too long."""

    at: int
    late: bool


class CheckStrip(QWidget):
    """60 high: marks, times, and what the marks mean."""

    def __init__(self, appearance: Appearance, moments: Moments) -> None:
        super().__init__()
        self._look = appearance
        self._moments = moments
        self._marks: Sequence[Mark] = ()
        self._gaps: Sequence[Gap] = ()
        self._from, self._until = 0, HOUR_MS
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        appearance.changed.connect(self.updateGeometry)

    def show_day(self, marks: Sequence[Mark], gaps: Sequence[Gap], start: int, until: int) -> None:
        """From `start` to `until`, at least an hour."""
        self._marks, self._gaps = marks, gaps
        self._from, self._until = min(start, until - HOUR_MS), until
        late = sum(mark.late for mark in marks)
        name = self.tr("{checks} checks today, {late} of them found somebody waiting too long, {gaps} gaps")
        counted = (("{checks}", len(marks)), ("{late}", late), ("{gaps}", len(gaps)))
        for place, number in counted:
            name = name.replace(place, str(number))
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(name))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(400), self._look.px(60))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px, color = self._look.px, self._look.color
        base = px(22)
        painter.fillRect(QRectF(0, base, self.width(), 1), color("edge"))
        for gap in self._gaps:
            self._paint_gap(painter, gap, base)
        for mark in self._marks:
            self._paint_mark(painter, self._x(mark.at), base, mark.late)
        self._paint_times(painter, base)
        self._paint_meaning(painter)

    def _x(self, at: int) -> float:
        share = (at - self._from) / (self._until - self._from)
        x = share * (self.width() - 4)
        return self.width() - 4 - x if self._look.right_to_left else x

    def _paint_mark(self, painter: QPainter, x: float, base: float, late: bool) -> None:
        width, height = (3, 20) if late else (2, 12)
        tall = self._look.px(height)
        painter.fillRect(QRectF(round(x), base - tall, width, tall), self._look.color("overdue" if late else "sent"))

    def _paint_gap(self, painter: QPainter, gap: Gap, base: float) -> None:
        left, right = sorted((self._x(gap.start), self._x(gap.end)))
        box = QRectF(left + 4, 0, right - left - 5, base)
        if box.width() < 3:
            return
        color = self._look.color
        painter.setPen(QPen(color("needs"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(color("needs_soft"))
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
        words = self.tr("no check for {time}").replace("{time}", length(gap.end - gap.start))
        font = self._look.font(11, fonts.SEMI_BOLD)
        if painting.width_of(words, font) + 8 <= box.width():
            painter.setFont(font)
            painter.setPen(color("needs"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_times(self, painter: QPainter, base: float) -> None:
        span = self._until - self._from
        step = next((one for one in _STEPS if span / one <= _LABELS_MOST), _STEPS[-1])
        first = -(-self._from // step) * step
        font, ink = self._look.font(11), self._look.color("muted")
        for at in range(first, self._until, step):
            words = self._moments.clock(at)
            wide = painting.width_of(words, font)
            left = min(max(0.0, self._x(at) - (wide if self._look.right_to_left else 0)), self.width() - wide)
            painting.text(painter, QRectF(left, base + 2, wide + 2, self._look.px(16)), words, font, ink)

    def _paint_meaning(self, painter: QPainter) -> None:
        look, px = self._look, self._look.px
        font, ink, x, top = look.font(11), look.color("muted"), 0.0, float(px(42))
        whole = QRectF(self.rect())
        for kind, words in enumerate(
            (self.tr("check, nobody too long"), self.tr("check, somebody waited too long"), self.tr("no check ran"))
        ):
            place = painting.mirrored(QRectF(x, top, px(12), px(16)), whole, look.right_to_left)
            self._paint_sample(painter, kind, place)
            wide = painting.width_of(words, font) + 2
            x += px(17 if kind == 2 else 8)
            box = painting.mirrored(QRectF(x, top, wide, px(16)), whole, look.right_to_left)
            painting.text(painter, box, words, font, ink, from_end=look.right_to_left)
            x += wide + px(18)

    def _paint_sample(self, painter: QPainter, kind: int, place: QRectF) -> None:
        color, middle = self._look.color, place.center().y()
        if kind == 2:
            painter.setPen(QPen(color("needs"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(color("needs_soft"))
            painter.drawRect(QRectF(QPointF(place.left() + 0.5, middle - 4.5), QSizeF(place.width() - 1, 9)))
            return
        width, height, name = ((2, 9, "sent"), (3, 14, "overdue"))[kind]
        painter.fillRect(QRectF(place.left(), middle - height / 2, width, height), color(name))
