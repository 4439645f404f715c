"""What the person's own pages share: a list at the reading side, one item whole beside it, its buttons below."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.desk import Desk
from desktop.models.plain_tip import plain_tip
from desktop.pages.page import Page
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.answer_row import AnswerRow
from desktop.widgets.card_list import CardList
from desktop.widgets.chip import Chip
from desktop.widgets.ground import Ground
from desktop.widgets.key_button import KeyButton

ONE_PLACE = 760
ENDLESS = 16_777_215
KEYS_FROM = 1000


class PageHead(Ground):
    """Title, small line, chip: as a ticket's head."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, "surface", "bottom")
        self.chip = Chip(appearance)
        self._title, self._small = QLabel(), QLabel()
        self._words = ""
        self._small.setProperty("tone", "muted")
        for label in (self._title, self._small):
            label.setTextFormat(Qt.TextFormat.PlainText)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.chip)
        column = QVBoxLayout(self)
        px = appearance.px
        column.setContentsMargins(px(16), px(10), px(16), px(10))
        column.setSpacing(px(2))
        column.addLayout(top)
        column.addWidget(self._small)
        appearance.changed.connect(self._dress)
        self._dress()

    def show_words(self, title: str, small: str) -> None:
        self._words = title
        self._title.setToolTip(plain_tip(title))
        self._title.setAccessibleName(title)
        self._small.setText(small)
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - 40 - (self.chip.sizeHint().width() if self.chip.words else 0)
        metrics = QFontMetrics(self._title.font())
        self._title.setText(metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, max(room, 60)))

    def _dress(self) -> None:
        self._title.setFont(self._appearance.font(18, fonts.SEMI_BOLD))
        self._title.setFixedHeight(self._appearance.px(24))
        self._small.setFont(self._appearance.font(12))


class ItemPlace(QStackedWidget):
    """Where the item stands. It has the keyboard where the list is not to be seen, and the list's keys act then."""

    def __init__(self, cards: CardList) -> None:
        super().__init__()
        self._cards = cards
        self.setAccessibleName(cards.accessibleName())

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and isinstance(event, QKeyEvent):
            moves = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            if self.hasFocus() and not moves and self._cards.event(event):
                return True
        return super().event(event)


class TwoColumns(Page):
    """A list and one of its items; under 760 they share one place: Enter shows the item, Esc returns (DESIGN).

    opened(): Enter on an item that is shown.
    Sub-classes fill `body` and the bar (`answers`, `set_apart`), and say what is empty.
    """

    opened = Signal()

    def __init__(self, desk: Desk, title: str) -> None:
        super().__init__(desk.appearance, "bg")
        self.desk = desk
        px = desk.appearance.px
        self.cards = CardList(desk.appearance, title)
        self.head = PageHead(desk.appearance)
        self.count, self.hint, self.nothing = QLabel(), QLabel(), QLabel()
        self._title = QLabel(title)
        self._list_column = Ground(desk.appearance, "surface")
        self._right = ItemPlace(self.cards)
        self._one_place = self._showing_item = False
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(px(16), px(16), px(16), px(16))
        self.body.setSpacing(px(12))
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        self._bar = Ground(desk.appearance, "surface", "top")
        self._bar_line = QHBoxLayout(self._bar)
        self._bar_line.setContentsMargins(px(16), px(10), px(16), px(10))
        self._bar_line.setSpacing(px(8))
        self.answers = AnswerRow(desk.appearance)
        self._bar_line.addWidget(self.answers, 1, Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self.setFocusProxy(self.cards)
        self.cards.opened.connect(self._enter)
        desk.appearance.changed.connect(self._dress)
        self._dress()

    def adapt(self, width: int, _height: int) -> None:
        """The window's size: the list is as wide as the list of tickets (DESIGN, main window)."""
        wide = 330 if width < 1000 else 368 if width < 1366 else 400 if width < 1700 else 440
        self._one_place = width < ONE_PLACE
        self._list_column.setMinimumWidth(0 if self._one_place else self.desk.appearance.px(wide))
        self._list_column.setMaximumWidth(ENDLESS if self._one_place else self.desk.appearance.px(wide))
        self.answers.show_keys(width >= KEYS_FROM)
        for button in self._bar.findChildren(KeyButton):
            button.show_key(width >= KEYS_FROM)
        self._share()

    def show_bar(self, shown: bool) -> None:
        """The bar of answers under an item."""
        self._bar.setVisible(shown)

    def set_apart(self, button: KeyButton) -> None:
        """At the far end of the bar: what takes something away stands by itself."""
        self._bar_line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def show_detail(self, there: bool) -> None:
        """The item at the right, or what is said where there is none."""
        self._right.setCurrentIndex(1 if there else 0)
        self.show_item_place(there and self._showing_item)

    def show_item_place(self, item: bool) -> None:
        """Where list and item share one place: the item, or the list."""
        self._showing_item = item
        self._share()

    def leave(self) -> bool:
        """From the item back to the list; False where both are to be seen, or the list is."""
        if not (self._one_place and self._showing_item):
            return False
        self.show_item_place(False)
        return True

    def _enter(self) -> None:
        if self._one_place and not self._showing_item and self.cards.current:
            self.show_item_place(True)
        else:
            self.opened.emit()

    def _share(self) -> None:
        item = self._one_place and self._showing_item
        before = QApplication.focusWidget()
        within = before is not None and self.isAncestorOf(before)
        self._list_column.setVisible(not item)
        self._right.setVisible(item or not self._one_place or not self.cards.current)
        self.setFocusProxy(self._right if item else self.cards)
        self._right.setFocusPolicy(Qt.FocusPolicy.StrongFocus if item else Qt.FocusPolicy.NoFocus)
        if within and before is not None and not before.isVisible():
            self.setFocus()

    def _lay_out(self) -> None:
        px = self.desk.appearance.px
        top = Ground(self.desk.appearance, "surface", "bottom")
        top.setFixedHeight(px(36))
        line = QHBoxLayout(top)
        line.setContentsMargins(px(12), 0, px(8), 0)
        line.setSpacing(px(8))
        line.addWidget(self._title)
        line.addWidget(self.count)
        line.addStretch(1)
        self.top = line
        for label in (self.count, self.hint, self.nothing):
            label.setProperty("tone", "muted")
            label.setWordWrap(label is not self.count)
        self.hint.setContentsMargins(px(16), px(10), px(16), px(10))
        column = QVBoxLayout(self._list_column)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (top, self.cards, self.hint):
            column.addWidget(widget)
        item = QWidget()
        right = QVBoxLayout(item)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.head)
        right.addWidget(self._scroll, 1)
        right.addWidget(self._bar)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._right.addWidget(self.nothing)
        self._right.addWidget(item)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self._list_column)
        row.addWidget(self._right, 1)
        TwoColumns.adapt(self, 1440, 900)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        rtl = self._appearance.right_to_left
        edge = self._list_column.x() - 1 if rtl else self._list_column.x() + self._list_column.width()
        painter.fillRect(edge, 0, 1, self.height(), self._appearance.color("line"))

    def _dress(self) -> None:
        look = self.desk.appearance
        self._title.setFont(look.font(13, fonts.SEMI_BOLD))
        for label in (self.count, self.hint):
            label.setFont(look.font(12))
