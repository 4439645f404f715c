"""The table of the spot-check, as drawn: 36 px rows, icon and words, a heading across."""

from math import ceil

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.models.check_table import (
    BEYOND,
    CATEGORY,
    CELL_ROLE,
    LIMIT,
    REQUESTER,
    RESPONSIBLE,
    SUBJECT,
    TICKET,
    WAITS,
    Cell,
    CheckTable,
)
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting

Index = QModelIndex | QPersistentModelIndex
_WIDTHS = {BEYOND: 164, WAITS: 96, LIMIT: 66, TICKET: 84, REQUESTER: 110, SUBJECT: 290, CATEGORY: 110, RESPONSIBLE: 140}


class _Delegate(QStyledItemDelegate):
    """Paints cells in the theme's meanings."""

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self._look = appearance

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        cell, px = index.data(CELL_ROLE), self._look.px
        if not isinstance(cell, Cell) or cell.heading:
            return QSize(px(60), px(30))
        margins = 28 if index.column() == BEYOND else 16
        words = painting.width_of(cell.words, self._font(cell))
        return QSize(ceil(words + px(margins + (19 if cell.icon else 0))), px(36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, Cell):
            return
        look, rect = self._look, QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = "alt" if cell.heading else "select" if chosen else "surface"
        painter.save()
        painter.fillRect(rect, look.color(ground))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), look.color("line"))
        inner = _inner(look, rect, index.column())
        x = inner
        if cell.icon:
            side = look.px(14)
            place = painting.mirrored(
                QRectF(inner.left(), inner.top(), side, inner.height()), inner, look.right_to_left
            )
            painting.icon(painter, look, cell.icon, place.center(), 14, cell.color if cell.color != "text" else "muted")
            x = painting.mirrored(inner.adjusted(side + look.px(5), 0, 0, 0), inner, look.right_to_left)
        to_end = (index.column() == WAITS) != look.right_to_left
        painting.text(painter, x, cell.words, self._font(cell), look.color(cell.color), from_end=to_end)
        painter.restore()

    def _font(self, cell: Cell) -> QFont:
        return self._look.font(12 if cell.heading else 13, fonts.SEMI_BOLD if cell.strong else fonts.REGULAR)


class _Header(QHeaderView):
    """Titles above the words of their columns."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = appearance

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._look.px(30))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        look, whole = self._look, QRectF(rect)
        painter.save()
        painter.fillRect(whole, look.color("surface"))
        painter.fillRect(QRectF(whole.left(), whole.bottom() - 1, whole.width(), 1), look.color("line"))
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        to_end = (section == WAITS) != look.right_to_left
        font = look.font(11, fonts.SEMI_BOLD)
        painting.text(painter, _inner(look, whole, section), words, font, look.color("muted"), from_end=to_end)
        painter.restore()


class CheckTableView(QTableView):
    """Chosen by row; Enter and double click are the window's to bind."""

    def __init__(self, appearance: Appearance, model: CheckTable) -> None:
        super().__init__()
        self._look = appearance
        self._model = model
        self._spanned: int | None = None
        self.setModel(model)
        self.setItemDelegate(_Delegate(appearance, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("Who waits too long, oldest first"))
        self.verticalHeader().hide()
        self.setHorizontalHeader(_Header(appearance, self))
        model.modelReset.connect(self._reset)
        appearance.changed.connect(self._dress)
        self._dress()

    @property
    def ticket_id(self) -> str | None:
        """The chosen ticket."""
        finding = self._model.finding(self.currentIndex().row())
        return None if finding is None else finding.ticket.ticket_id

    def choose(self, ticket_id: str | None) -> None:
        """Choose a ticket, or the first row if it is gone."""
        row = self._model.row_of(ticket_id) if ticket_id is not None else None
        if row is None and self._model.rowCount():
            row = 0 if self._model.finding(0) is not None else 1
        if row is not None:
            self.setCurrentIndex(self._model.index(row, BEYOND))

    def _reset(self) -> None:
        self.clearSpans()
        heading = self._model.heading_row
        if heading is not None:
            self.setSpan(heading, 0, 1, self._model.columnCount())
            self.setRowHeight(heading, self._look.px(30))

    def _dress(self) -> None:
        px = self._look.px
        self.verticalHeader().setDefaultSectionSize(px(36))
        header = self.horizontalHeader()
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, px(width))
        header.setSectionResizeMode(SUBJECT, QHeaderView.ResizeMode.Stretch)
        least = QFontMetricsF(self._look.font()).averageCharWidth() * 8
        header.setMinimumSectionSize(round(least))
        self._reset()


def _inner(look: Appearance, rect: QRectF, column: int) -> QRectF:
    """Where a cell's words stand."""
    inner = rect.adjusted(look.px(20 if column == BEYOND else 8), 0, -look.px(8), -1)
    return painting.mirrored(inner, rect, look.right_to_left)
