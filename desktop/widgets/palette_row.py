"""Paints a line of the palette: icon, words with the typed part underlined, what it concerns, its key."""

import re

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.models.palette import Entry
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole
TYPED_ROLE = Qt.ItemDataRole.UserRole + 1


class PaletteRowDelegate(QStyledItemDelegate):
    """Lines 32 high, headings 26."""

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, self._appearance.px(32 if isinstance(index.data(ENTRY_ROLE), Entry) else 26))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect, entry, px = QRectF(option.rect), index.data(ENTRY_ROLE), self._appearance.px
        painter.save()
        if not isinstance(entry, Entry):
            words = rect.adjusted(px(14), px(6), -px(14), 0)
            font = self._appearance.font(11, fonts.SEMI_BOLD)
            rtl = self._appearance.right_to_left
            painting.text(painter, words, str(index.data()), font, self._appearance.color("muted"), from_end=rtl)
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                ground = rect.adjusted(px(6), 0, -px(6), 0)
                painting.frame(painter, ground, self._appearance.color("select"), None)
            self._paint(painter, rect, entry, str(index.data(TYPED_ROLE) or ""))
        painter.restore()

    def _paint(self, painter: QPainter, rect: QRectF, entry: Entry, typed: str) -> None:
        px, rtl, color = self._appearance.px, self._appearance.right_to_left, self._appearance.color
        icon = painting.mirrored(QRectF(rect.left() + px(14), rect.top(), px(16), rect.height()), rect, rtl)
        painting.icon(painter, self._appearance, entry.icon, QPointF(icon.center()), 16, "muted")
        end = rect.right() - px(14)
        if entry.key:
            end = self._paint_key(painter, rect, end, entry.key) - px(8)
        start = rect.left() + px(38)
        for words, hit in _parts(entry.words, typed):
            font = self._appearance.font(13, fonts.BOLD if hit else fonts.REGULAR)
            font.setUnderline(hit)
            width = min(painting.width_of(words, font), max(0.0, end - start))
            box = painting.mirrored(QRectF(start, rect.top(), width + 1, rect.height()), rect, rtl)
            painting.text(painter, box, words, font, color("text"), from_end=rtl)
            start += width
        if entry.aside and end - start > px(30):
            box = painting.mirrored(QRectF(start + px(8), rect.top(), end - start - px(8), rect.height()), rect, rtl)
            painting.text(painter, box, entry.aside, self._appearance.font(12), color("muted"), from_end=rtl)

    def _paint_key(self, painter: QPainter, rect: QRectF, end: float, key: str) -> float:
        px, font = self._appearance.px, self._appearance.font(11)
        width = painting.width_of(key, font) + px(10)
        box = QRectF(end - width, rect.top() + (rect.height() - px(18)) / 2, width, px(18))
        box = painting.mirrored(box, rect, self._appearance.right_to_left)
        painting.frame(painter, box, self._appearance.color("surface"), self._appearance.color("line"), 3)
        painter.setFont(font)
        painter.setPen(self._appearance.color("muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
        return end - width


def _parts(words: str, typed: str) -> list[tuple[str, bool]]:
    """`words` cut so that the first place where a word begins with `typed` stands out."""
    if not typed:
        return [(words, False)]
    found = re.search(rf"(?<!\w){re.escape(typed)}", words, re.IGNORECASE)
    if found is None:
        return [(words, False)]
    start, end = found.span()
    pieces = [(words[:start], False), (words[start:end], True), (words[end:], False)]
    return [piece for piece in pieces if piece[0]]
