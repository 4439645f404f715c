"""The head of the list: what is shown, of how many categories, and in which order."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QWidget

from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.translation import QT_TRANSLATE_NOOP
from desktop.widgets.key_button import ButtonLook, KeyButton
from sync.cache.rows import Sort, SortName

HEIGHT = 36
_FLAT = ButtonLook("text", "surface", "surface")

_SORTS: tuple[tuple[Sort, str], ...] = (
    (Sort("mostInNeed"), QT_TRANSLATE_NOOP("ListHead", "Most in need")),
    (Sort("updated", descending=True), QT_TRANSLATE_NOOP("ListHead", "Last change first")),
    (Sort("created", descending=True), QT_TRANSLATE_NOOP("ListHead", "Newest first")),
    (Sort("created"), QT_TRANSLATE_NOOP("ListHead", "Oldest first")),
    (Sort("number", descending=True), QT_TRANSLATE_NOOP("ListHead", "Number")),
    (Sort("requester"), QT_TRANSLATE_NOOP("ListHead", "Requester")),
    (Sort("subject"), QT_TRANSLATE_NOOP("ListHead", "Subject")),
    (Sort("priority", descending=True), QT_TRANSLATE_NOOP("ListHead", "Priority")),
    (Sort("assignee"), QT_TRANSLATE_NOOP("ListHead", "Assignee")),
    (Sort("category"), QT_TRANSLATE_NOOP("ListHead", "Category")),
)


def sort_of(text: str) -> Sort:
    """A sort as the settings keep it; the usual one for anything unknown."""
    return next((sort for sort, _words in _SORTS if text == text_of(sort)), Sort())


def text_of(sort: Sort) -> str:
    name: SortName = sort.name
    return f"{name}-" if sort.descending else name


class ListHead(QWidget):
    """36 high.

    sorted_by(Sort): another order was chosen.
    """

    sorted_by = Signal(object)

    def __init__(self, appearance: Appearance, sort: Sort, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._title, self._aside = QLabel(), QLabel()
        self._order = KeyButton(appearance, "", "sort", _FLAT, big=False)
        self._menu = QMenu(self)
        self._sort = sort
        self._build()
        self._dress()
        appearance.changed.connect(self._dress)

    def say(self, title: str, aside: str, sortable: bool = True) -> None:
        self._title.setText(title)
        self._aside.setText(aside)
        self._order.setVisible(sortable)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._appearance.color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._appearance.color("line"))

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._aside, 1)
        row.addWidget(self._order)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._aside.setTextFormat(Qt.TextFormat.PlainText)
        self._aside.setProperty("tone", "muted")
        self._aside.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._order.clicked.connect(lambda: self._menu.popup(self._order.mapToGlobal(self._order.rect().bottomLeft())))
        group = QActionGroup(self)
        for sort, words in _SORTS:
            action = self._menu.addAction(QCoreApplication.translate("ListHead", words))
            action.setCheckable(True)
            action.setChecked(sort == self._sort)
            action.triggered.connect(lambda _checked=False, chosen=sort: self._choose(chosen))
            group.addAction(action)
        self._name_order()

    def _choose(self, sort: Sort) -> None:
        self._sort = sort
        self._name_order()
        self.sorted_by.emit(sort)

    def _name_order(self) -> None:
        words = next(words for sort, words in _SORTS if sort == self._sort)
        self._order.set_words(QCoreApplication.translate("ListHead", words))
        self._order.setAccessibleName(self.tr("Order: {order}").format(order=self._order.text()))

    def _dress(self) -> None:
        sides = (4, 12) if self._appearance.right_to_left else (12, 4)
        self.setContentsMargins(sides[0], 0, sides[1], 1)
        self.setFixedHeight(self._appearance.px(HEIGHT))
        self._title.setFont(self._appearance.font(13, fonts.SEMI_BOLD))
        self._aside.setFont(self._appearance.font(12))
        self.update()
