"""The matrix of people and categories as painted: names frozen at two sides, ticks that say by shape what is staged."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.models.people_matrix import CELL_ROLE, OWNER_COLUMN, PeopleMatrix, Tick
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting

Index = QModelIndex | QPersistentModelIndex
_ROW, _COLUMN, _HEAD, _NAMES, _NARROW_NAMES = 36, 96, 56, 200, 132


class _Delegate(QStyledItemDelegate):
    """Paints ticks."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = appearance

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tick, look, rect = index.data(CELL_ROLE), self._look, QRectF(option.rect)
        if not isinstance(tick, Tick):
            return
        model = index.model()
        person = model.person(index.row()) if isinstance(model, PeopleMatrix) else None
        painter.save()
        ground = "pending_soft" if tick.staged else "alt" if index.column() == OWNER_COLUMN else "surface"
        painter.fillRect(rect, look.color(ground))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), look.color("line"))
        second = isinstance(model, PeopleMatrix) and tick is Tick.YES and model.second_line(index)
        self._box(painter, rect, tick, person is not None and person.active, second)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painting.focus_ring(painter, rect, look.color("focus"), 4)
        painter.restore()

    def _box(self, painter: QPainter, rect: QRectF, tick: Tick, active: bool, second: bool) -> None:
        look, side = self._look, self._look.px(18)
        box = QRectF(0, 0, side, side)
        box.moveCenter(rect.center())
        if not active:
            painting.centered(painter, rect, "–", look.font(), look.color("muted"))
            return
        ink = "pending" if tick.staged else "accent"
        if second:
            painting.frame(painter, box, look.color("surface"), look.color("accent"), 4)
            painting.centered(painter, box, "2", look.font(12, fonts.SEMI_BOLD), look.color("accent"))
        elif tick is Tick.YES:
            painting.frame(painter, box, look.color("accent"), look.color("accent"), 4)
            painting.icon(painter, look, "check", box.center(), 14, "on_accent")
        else:
            painting.frame(painter, box, look.color("surface"), look.color(ink if tick.staged else "edge"), 4)
        if tick.staged:
            painter.setPen(QPen(look.color(ink), 2))
            reach, middle = side / 4, box.center()
            painter.drawLine(middle - QPointF(reach, 0), middle + QPointF(reach, 0))
            if tick is Tick.GIVEN:
                painter.drawLine(middle - QPointF(0, reach), middle + QPointF(0, reach))


class _Names(QHeaderView):
    """People at the reading side: name, and below it the role or since when they were not seen."""

    def __init__(self, appearance: Appearance, model: PeopleMatrix, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._look = appearance
        self._people = model
        self.wide = _NAMES
        self.setSectionsClickable(True)
        self.setAccessibleName(self.tr("People"))

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(self.wide), super().sizeHint().height())

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        look, whole, person = self._look, QRectF(rect), self._people.person(section)
        if person is None:
            return
        painter.save()
        painter.fillRect(whole, look.color("surface"))
        painter.fillRect(QRectF(whole.left(), whole.bottom() - 1, whole.width(), 1), look.color("line"))
        inner = whole.adjusted(look.px(12), 0, -look.px(8), 0)
        if look.right_to_left:
            inner = whole.adjusted(look.px(8), 0, -look.px(12), 0)
        aside = self._aside(section)
        room = painting.width_of(aside, look.font(11)) + look.px(8) if aside else 0.0
        name = painting.mirrored(inner.adjusted(0, 0, -room, 0), inner, look.right_to_left)
        ink = "text" if person.active else "muted"
        painting.text(
            painter, name, person.name, look.font(13, fonts.MEDIUM), look.color(ink), from_end=look.right_to_left
        )
        painting.text(painter, inner, aside, look.font(11), look.color("muted"), from_end=not look.right_to_left)
        painter.restore()

    def _aside(self, section: int) -> str:
        person = self._people.person(section)
        if person is None or self.wide == _NARROW_NAMES:
            return ""
        if not person.active:
            return self.tr("left")
        return self.tr("owner") if self._people.plan.is_owner(person) else ""


class _Titles(QHeaderView):
    """Categories at the top, on two lines, with a mark where nobody would cover one."""

    def __init__(self, appearance: Appearance, model: PeopleMatrix, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = appearance
        self._people = model
        self.setSectionsClickable(True)
        self.setAccessibleName(self.tr("Categories"))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._look.px(_HEAD))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        look, whole = self._look, QRectF(rect)
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        painter.save()
        painter.fillRect(whole, look.color("alt" if section == OWNER_COLUMN else "surface"))
        painter.fillRect(QRectF(whole.left(), whole.bottom() - 1, whole.width(), 1), look.color("line"))
        nobody = self._people.nobody(section)
        inner = whole.adjusted(look.px(4), look.px(4), -look.px(4), -look.px(20 if nobody else 4))
        font = look.font(12, fonts.SEMI_BOLD)
        painter.setFont(font)
        painter.setPen(look.color("text"))
        painter.setClipRect(whole)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        metrics = QFontMetricsF(font)
        if max(metrics.horizontalAdvance(word) for word in words.split() or [""]) > inner.width():
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWrapAnywhere
        painter.drawText(inner, int(flags), words)
        if nobody:
            low = QRectF(whole.left(), whole.bottom() - look.px(20), whole.width(), look.px(16))
            painting.centered(painter, low, self.tr("nobody"), look.font(11, fonts.SEMI_BOLD), look.color("overdue"))
        painter.restore()


class PeopleMatrixView(QTableView):
    """Arrows move, Space ticks, a click on a cell ticks; names stay where they are while the rest scrolls.

    person_wanted(str): Enter or double click on a name: an agent's id. category_wanted(str): the same for a category.
    """

    person_wanted = Signal(str)
    category_wanted = Signal(str)

    def __init__(self, appearance: Appearance, model: PeopleMatrix) -> None:
        super().__init__()
        self._look = appearance
        self._people = model
        self._names = _Names(appearance, model, self)
        self._titles = _Titles(appearance, model, self)
        self.setModel(model)
        self.setItemDelegate(_Delegate(appearance, self))
        self.setVerticalHeader(self._names)
        self.setHorizontalHeader(self._titles)
        for header in (self._names, self._titles):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        for corner in self.findChildren(QAbstractButton):
            corner.setMaximumSize(0, 0)  # it marks all cells, which means nothing here
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(self.tr("Who sees which category"))
        self._titles.sectionDoubleClicked.connect(self._title_opened)
        self._names.sectionDoubleClicked.connect(self._name_opened)
        model.modelReset.connect(self._keep_place)
        self._at = (0, OWNER_COLUMN + 1)
        appearance.changed.connect(self._dress)
        self._dress()

    def adapt(self, narrow: bool) -> None:
        """Names take less room in a narrow window."""
        self._names.wide = _NARROW_NAMES if narrow else _NAMES
        self._dress()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and index.isValid():
            self._people.toggle(index)
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._name_opened(index.row())
            event.accept()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid() and index == self.currentIndex():
            self._people.toggle(index)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]  # the stub knows persistent indexes only
        super().currentChanged(current, previous)
        if current.isValid():
            self._at = (current.row(), current.column())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._dress()
        return super().event(event)

    def _keep_place(self) -> None:
        row = min(self._at[0], self._people.rowCount() - 1)
        column = min(self._at[1], self._people.columnCount() - 1)
        if row >= 0:
            self.setCurrentIndex(self._people.index(row, column))

    def _name_opened(self, row: int) -> None:
        person = self._people.person(row)
        if person is not None:
            self.person_wanted.emit(person.id)

    def _title_opened(self, column: int) -> None:
        place = self._people.category(column)
        if place is not None:
            self.category_wanted.emit(place.id)

    def _dress(self) -> None:
        px = self._look.px
        self._names.setDefaultSectionSize(px(_ROW))
        self._titles.setDefaultSectionSize(px(_COLUMN))
        self._titles.setFixedHeight(px(_HEAD))
        self._names.setFixedWidth(px(self._names.wide))
        self.viewport().update()
