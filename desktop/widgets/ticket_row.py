"""Paints one row of the ticket list: two lines, a gutter for whose turn it is, states with icon and word."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.models.company import NOBODY, Company
from desktop.models.row_text import RowText
from desktop.models.ticket_list import TEXT_ROLE
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from sync.domain.clock import Clock
from sync.domain.records import Priority, Status

Index = QModelIndex | QPersistentModelIndex

TALL, COMPACT = 54, 44
_ONE_LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute | Qt.TextFlag.TextSingleLine)
_FROM_LEFT, _FROM_RIGHT = (_ONE_LINE | int(side) for side in (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight))


class TicketRowDelegate(QStyledItemDelegate):
    """54 high (44 compact). `me` is the signed-in agent's id, whose initials are framed in blue."""

    def __init__(self, appearance: Appearance, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._clock = clock
        self.me = ""
        self.offline = False
        self.company: Callable[[str], Company] = _nobody
        self._fonts: dict[tuple[int, QFont.Weight], tuple[QFont, QFontMetricsF]] = {}
        appearance.changed.connect(self._fonts.clear)

    @property
    def height(self) -> int:
        return self._appearance.px(COMPACT if self._appearance.compact else TALL)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = QRectF(option.rect)
        state = option.state
        widget = option.widget
        look = self._appearance
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, look.color("select" if selected else "surface"))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), look.color("line"))
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # each text runs as its own script does
        text = index.data(TEXT_ROLE)
        if isinstance(text, RowText):
            _Row(painter, rect, look, self).paint(text, self._clock.now_ms(), text.row.assignee_id == self.me)
        if selected:
            bar = self._mirrored(QRectF(rect.left(), rect.top(), 3, rect.height()), rect)
            painter.fillRect(bar, look.color("accent"))
        if state & QStyle.StateFlag.State_HasFocus and widget is not None and widget.hasFocus():
            painter.setPen(look.color("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0.5, 0.5, -1.5, -1.5))
        painter.restore()

    def font(self, size: int, weight: QFont.Weight) -> tuple[QFont, QFontMetricsF]:
        """Font and its metrics, made once."""
        found = self._fonts.get((size, weight))
        if found is None:
            font = self._appearance.font(size, weight)
            found = self._fonts[(size, weight)] = (font, QFontMetricsF(font))
        return found

    def _mirrored(self, box: QRectF, rect: QRectF) -> QRectF:
        if not self._appearance.right_to_left:
            return box
        return QRectF(rect.left() + rect.right() - box.right(), box.top(), box.width(), box.height())


class _Row:
    """One row under the brush: keeps how far each line is filled from either end."""

    def __init__(self, painter: QPainter, rect: QRectF, look: Appearance, delegate: TicketRowDelegate) -> None:
        self._painter = painter
        self._rect = rect
        self._look = look
        self._delegate = delegate
        self._left = rect.left() + look.px(40)
        self._right = rect.right() - look.px(12)
        pad, line = look.px(3 if look.compact else 8), look.px(19)
        self._lines = (rect.top() + pad, rect.top() + pad + line)
        self._line = line
        self._rtl = look.right_to_left
        device = painter.device()
        self._ratio = device.devicePixelRatioF() if device is not None else 1.0

    def paint(self, text: RowText, now_ms: int, mine: bool) -> None:
        row = text.row
        ink = self._look.color("text" if text.ours else "muted")
        self._gutter(text)
        end = self._right_of_first(text, now_ms)
        muted, gap = self._look.color("muted"), self._look.px(8)
        number = self._delegate.font(12, fonts.REGULAR)[1].horizontalAdvance(text.number)
        weight = fonts.BOLD if row.unread else fonts.MEDIUM
        start = self._words(self._left, end - number - gap, 0, text.name, 13, weight, ink)
        start = self._words(start + gap, end, 0, text.number, 12, fonts.REGULAR, muted)
        self._words(start + gap, end, 0, text.category, 12, fonts.REGULAR, muted)
        end = self._right_of_second(text, mine)
        weight = fonts.SEMI_BOLD if row.unread else fonts.REGULAR
        self._words(self._left, end, 1, text.subject, 13, weight, ink)

    def _gutter(self, text: RowText) -> None:
        px = self._look.px
        x, y = self._rect.left() + px(12), self._lines[0] + px(2)
        name, color = ("turn-us", "us") if text.ours else ("turn-them", "them")
        if text.row.status is Status.CLOSED:
            name, color = "check-circle", "them"
        self._icon(name, 16, color, x, y)
        if text.row.unread:
            self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(self._look.color("us"))
            self._painter.drawEllipse(self._mirrored(QRectF(x + px(5), y + px(21), px(7), px(7))))
            self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _right_of_first(self, text: RowText, now_ms: int) -> float:
        tone, words = text.clock(now_ms)
        end = self._ended(0, words, tone or "muted", tone, self._right, strong=bool(tone))
        if text.row.priority in (Priority.HIGH, Priority.URGENT) and text.ours:
            icon = "urgent" if text.row.priority is Priority.URGENT else "high"
            end -= self._look.px(14 - 2)
            self._icon(icon, 14, "overdue" if icon == "urgent" else "muted", end, self._lines[0] + self._look.px(2))
            end -= self._look.px(6)
        return end

    def _right_of_second(self, text: RowText, mine: bool) -> float:
        end, px = self._right, self._look.px
        if text.initials:
            box = QRectF(end - px(20), self._lines[1] + px(1), px(20), px(18))
            self._initials(box, text.initials, mine)
            end = box.left() - px(6)
        tone, icon, words = text.state(self._delegate.offline)
        end = self._ended(1, words, tone, icon, end, strong=tone != "muted") if words else end
        others = self._delegate.company(text.row.id)
        return self._ended(1, others.letters, _ink(others), others.icon, end, strong=others.typing) if others else end

    def _ended(self, line: int, words: str, tone: str, icon: str, end: float, strong: bool) -> float:
        """Words (with their icon before them) that end at `end`; gives where the room before them ends."""
        font, metrics = self._delegate.font(12, fonts.SEMI_BOLD if strong else fonts.REGULAR)
        width = metrics.horizontalAdvance(words)
        start = end - width
        self._draw(QRectF(start, self._lines[line], width + 1, self._line), words, font, self._look.color(tone))
        if icon:
            start -= self._look.px(18)
            self._icon(icon, 14, tone, start, self._lines[line] + self._look.px(2))
        return start - self._look.px(8)

    def _words(
        self, start: float, end: float, line: int, words: str, size: int, weight: QFont.Weight, ink: QColor
    ) -> float:
        room = end - start
        if room < 12 or not words:
            return start
        font, metrics = self._delegate.font(size, weight)
        width = metrics.horizontalAdvance(words)
        if width > room:
            words, width = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room), room
        self._draw(QRectF(start, self._lines[line], width + 1, self._line), words, font, ink)
        return start + width

    def _draw(self, box: QRectF, words: str, font: QFont, ink: QColor) -> None:
        self._painter.setFont(font)
        self._painter.setPen(ink)
        self._painter.drawText(self._mirrored(box), _FROM_RIGHT if self._rtl else _FROM_LEFT, words)

    def _initials(self, box: QRectF, letters: str, mine: bool) -> None:
        placed = self._mirrored(box)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(self._look.color("accent" if mine else "line"))
        self._painter.setBrush(self._look.color("alt"))
        self._painter.drawRoundedRect(placed.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._painter.setFont(self._delegate.font(10, fonts.SEMI_BOLD)[0])
        self._painter.setPen(self._look.color("accent" if mine else "muted"))
        self._painter.drawText(placed, Qt.AlignmentFlag.AlignCenter, letters)

    def _icon(self, name: str, size: int, color: str, x: float, y: float) -> None:
        side = self._look.px(size)
        box = self._mirrored(QRectF(round(x), round(y), side, side))
        self._painter.drawPixmap(box.topLeft(), self._look.pixmap(name, size, color, self._ratio))

    def _mirrored(self, box: QRectF) -> QRectF:
        if not self._rtl:
            return box
        return QRectF(self._rect.left() + self._rect.right() - box.right(), box.top(), box.width(), box.height())


def _nobody(_ticket_id: str) -> Company:
    return NOBODY


def _ink(company: Company) -> str:
    return "due" if company.typing else "muted"
