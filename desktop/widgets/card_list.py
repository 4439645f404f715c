"""A list of cards: three lines a row, the keys of a page told as signals."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.models.cards import Card, CardModel, CardRole
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting

ROW_PX = 72


class CardDelegate(QStyledItemDelegate):
    """72 high: icon; who, number, time; subject; why."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        card = index.data(CardRole)
        low = isinstance(card, Card) and not (card.mark and card.line)
        return QSize(100, self._appearance.px(54 if low else ROW_PX))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        card = index.data(CardRole)
        if not isinstance(card, Card):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, color, rtl = QRectF(option.rect), self._appearance.color, self._appearance.right_to_left
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(rect, color("select" if selected else "surface"))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), color("line"))
        if selected:
            bar = QRectF(rect.left(), rect.top(), 3, rect.height() - 1)
            painter.fillRect(painting.mirrored(bar, rect, rtl), color("accent"))
        self._paint_card(painter, rect, card)
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
            painting.focus_ring(painter, rect, color("focus"), 2)
        painter.restore()

    def _paint_card(self, painter: QPainter, rect: QRectF, card: Card) -> None:
        px, rtl, color = self._appearance.px, self._appearance.right_to_left, self._appearance.color
        spot = painting.mirrored(QRectF(rect.left() + px(12), rect.top() + px(9), px(16), px(19)), rect, rtl)
        painting.icon(painter, self._appearance, card.icon, QPointF(spot.center()), 16, card.ink)
        small, left, right = self._appearance.font(12), rect.left() + px(40), rect.right() - px(12)

        def line(number: int, x: float, end: float) -> QRectF:
            place = QRectF(x, rect.top() + px(8) + number * px(19), max(0.0, end - x), px(19))
            return painting.mirrored(place, rect, rtl)

        when = painting.width_of(card.when, small)
        painting.text(painter, line(0, right - when, right + 1), card.when, small, color("muted"), from_end=rtl)
        end = right - when - px(8)
        strong = self._appearance.font(13, fonts.SEMI_BOLD)
        taken = painting.text(painter, line(0, left, end), card.title, strong, color("text"), from_end=rtl)
        rest = line(0, left + taken + px(8), end)
        if rest.width() >= min(painting.width_of(card.small, small), px(72)):  # a stump of it says nothing
            painting.text(painter, rest, card.small, small, color("muted"), from_end=rtl)
        painting.text(painter, line(1, left, right), card.line, self._appearance.font(), color("text"), from_end=rtl)
        if card.mark:
            third = 2 if card.line else 1
            mark = line(third, left, left + px(14))
            painting.icon(painter, self._appearance, card.mark_icon, QPointF(mark.center()), 14, card.mark_ink)
            words = line(third, left + px(18), right)
            font = self._appearance.font(12, fonts.SEMI_BOLD)
            painting.text(painter, words, card.mark, font, color(card.mark_ink), from_end=rtl)


class CardList(QListView):
    """current_changed(str): the id of the row with the cursor, empty for none.

    Keys: opened (Enter), send_pressed (Ctrl+Enter), copy_pressed (Ctrl+C), discard_pressed (Del),
    undo_pressed (Ctrl+Z), attach_pressed (A), letter_pressed(str).
    """

    current_changed = Signal(str)
    opened = Signal()
    send_pressed = Signal()
    copy_pressed = Signal()
    discard_pressed = Signal()
    undo_pressed = Signal()
    attach_pressed = Signal()
    letter_pressed = Signal(str)

    def __init__(self, appearance: Appearance, name: str) -> None:
        super().__init__()
        self._letters: frozenset[str] = frozenset()
        self._cards = CardModel()
        self.setModel(self._cards)
        self.setItemDelegate(CardDelegate(appearance, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(name)
        self.selectionModel().currentChanged.connect(self._tell)
        self.doubleClicked.connect(self.opened)
        appearance.changed.connect(self.doItemsLayout)

    def show_cards(self, cards: list[Card]) -> None:
        """The cursor stays on its card, or goes to the one that took its place."""
        before, row = self.current, self.currentIndex().row()
        self._cards.set_cards(cards)
        found = self._cards.row_of(before) if before else -1
        if found < 0:
            found = min(max(row, 0), len(cards) - 1)
        if cards and self.currentIndex().row() != found:
            self.setCurrentIndex(self._cards.index(found))
        self._tell()

    @property
    def current(self) -> str:
        """The id of the card with the cursor; empty for none."""
        card = self._cards.card(self.currentIndex().row())
        return card.id if card is not None else ""

    def choose(self, card_id: str) -> bool:
        """The cursor to that card; False if it is not on the list."""
        row = self._cards.row_of(card_id)
        if row >= 0:
            self.setCurrentIndex(self._cards.index(row))
        return row >= 0

    def take_letters(self, letters: Iterable[str]) -> None:
        """These plain keys are told by `letter_pressed`."""
        self._letters = frozenset(letters)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        signal, letter = self._signal_of(event), self._letter_of(event)
        if letter:
            self.letter_pressed.emit(letter)
        elif signal:
            getattr(self, signal).emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._means(event):
            event.accept()
            return True
        return super().event(event)

    def keyboardSearch(self, search: str) -> None:
        """No type-ahead: single keys are commands."""

    def _means(self, event: QKeyEvent) -> bool:
        return bool(self._letter_of(event) or self._signal_of(event))

    def _letter_of(self, event: QKeyEvent) -> str:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        letter = QKeySequence(event.key()).toString(QKeySequence.SequenceFormat.PortableText) if plain else ""
        return letter if letter in self._letters else ""

    def _signal_of(self, event: QKeyEvent) -> str:
        key, control = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return "send_pressed" if control else "opened"
        if event.matches(QKeySequence.StandardKey.Copy):
            return "copy_pressed"
        if event.matches(QKeySequence.StandardKey.Undo):
            return "undo_pressed"
        if key == Qt.Key.Key_Delete:
            return "discard_pressed"
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        return "attach_pressed" if key == Qt.Key.Key_A and plain else ""

    def _tell(self) -> None:
        self.current_changed.emit(self.current)
