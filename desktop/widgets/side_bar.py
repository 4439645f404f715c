"""The side bar: views, categories, and what is only mine; a rail of icons where the window is narrow."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.models.place import FAQ, INCIDENTS, INTAKE, OUTBOX, PEOPLE, QUICK_NOTES, UNDELIVERED, Place, page, view
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.translation import QT_TRANSLATE_NOOP
from desktop.widgets.nav_item import CountLook, NavItem
from desktop.widgets.tabbing import tab_after
from sync.cache.rows import CategoryRow, Counts

RAIL_WIDTH = 52

_VIEWS = (
    (view("awaiting"), "inbox", QT_TRANSLATE_NOOP("SideBar", "Awaiting us"), CountLook.PILL),
    (view("mine"), "user", QT_TRANSLATE_NOOP("SideBar", "Mine"), CountLook.PLAIN),
    (view("unassigned"), "user-none", QT_TRANSLATE_NOOP("SideBar", "Unassigned"), CountLook.PLAIN),
    (view("waiting"), "turn-them", QT_TRANSLATE_NOOP("SideBar", "Waiting"), CountLook.PLAIN),
    (view("new"), "spark", QT_TRANSLATE_NOOP("SideBar", "New since I looked"), CountLook.PLAIN),
    (view("closed"), "check-circle", QT_TRANSLATE_NOOP("SideBar", "Closed"), CountLook.PLAIN),
    (view("all"), "layers", QT_TRANSLATE_NOOP("SideBar", "All"), CountLook.PLAIN),
)
_MINE = (
    (page(QUICK_NOTES), "quick-note", QT_TRANSLATE_NOOP("SideBar", "Quick notes"), CountLook.PLAIN),
    (page(OUTBOX), "outbox", QT_TRANSLATE_NOOP("SideBar", "Outbox"), CountLook.PLAIN),
    (page(UNDELIVERED), "undelivered", QT_TRANSLATE_NOOP("SideBar", "Undelivered"), CountLook.NEEDS),
)
_SHARED = (
    (page(INCIDENTS), "urgent", QT_TRANSLATE_NOOP("SideBar", "Incidents"), CountLook.PLAIN),
    (page(FAQ), "globe", QT_TRANSLATE_NOOP("SideBar", "FAQ"), CountLook.PLAIN),
)
_OWNERS = (
    (page(INTAKE), "inbound", QT_TRANSLATE_NOOP("SideBar", "Intake"), CountLook.PLAIN),
    (page(PEOPLE), "users", QT_TRANSLATE_NOOP("SideBar", "People and categories"), CountLook.PLAIN),
)


class SideBar(QScrollArea):
    """Shows the counts that it is given and tells what was chosen.

    chosen(Place): the person wants to go there.
    """

    chosen = Signal(object)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._items: dict[Place, NavItem] = {}
        self._categories: list[Place] = []
        self._headings: list[_Heading] = []
        self._column = QVBoxLayout()
        self._category_box = QVBoxLayout()
        self._as_of = QLabel()
        self._rail = False
        self._place: Place | None = None
        self._build()
        self._dress()
        appearance.changed.connect(self._dress)

    def show_counts(self, counts: Counts, as_of: str) -> None:
        """`as_of` is the time of the last contact while offline, empty otherwise."""
        shown = {
            view("awaiting"): counts.awaiting,
            view("mine"): counts.mine,
            view("unassigned"): counts.unassigned,
            view("waiting"): counts.waiting,
            view("new"): counts.new,
            page(QUICK_NOTES): counts.quick_notes,
            page(OUTBOX): counts.outbox,
            page(UNDELIVERED): counts.undelivered,
        }
        for place, count in shown.items():
            self._items[place].set_count(count, bool(as_of))
        for place in self._categories:
            if place.view is not None and place.view.category_id is not None:
                self._items[place].set_count(counts.by_category.get(place.view.category_id, (0, 0))[0])
        self._as_of.setText(self.tr("Counts as of {time}").format(time=as_of) if as_of else "")
        self._as_of.setVisible(bool(as_of) and not self._rail)

    def show_categories(self, rows: Sequence[CategoryRow]) -> None:
        """The categories that I may see, in their order."""
        wanted = [view("all", row.id) for row in rows]
        for gone in [place for place in self._categories if place not in wanted]:
            self._items.pop(gone).deleteLater()
        self._categories = wanted
        for number, (place, row) in enumerate(zip(wanted, rows, strict=True)):
            icon = "bell" if row.alerted else "bell-off"
            item = self._items.get(place)
            if item is None:
                item = self._items[place] = self._item(place, row.name, icon, CountLook.PLAIN)
            item.set_words(row.name, icon)
            item.set_rail(self._rail)
            item.set_count(row.awaiting)
            self._category_box.insertWidget(number, item)
        tab_after(self._items[_VIEWS[-1][0]], [self._items[place] for place in wanted])
        self._headings[1].setVisible(bool(rows))
        self.mark(self._place)

    def show_owners(self, is_owner: bool) -> None:
        """What only owners keep is there for owners only."""
        for place, *_ in _OWNERS:
            self._items[place].setVisible(is_owner)

    def mark(self, place: Place | None) -> None:
        """That is where we are."""
        self._place = place
        for here, item in self._items.items():
            item.setChecked(here == place)

    def item(self, place: Place) -> NavItem:
        """The line of that place. Raises KeyError where there is none."""
        return self._items[place]

    def set_rail(self, rail: bool) -> None:
        """Icons and counts only."""
        self._rail = rail
        never, needed = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(never if rail else needed)  # wheel and Tab scroll; a bar would hide the counts
        for item in self._items.values():
            item.set_rail(rail)
        for number, heading in enumerate(self._headings):
            heading.set_rail(rail, first=number == 0)
        self._as_of.setVisible(bool(self._as_of.text()) and not rail)
        side = self._appearance.px(6 if rail else 8)
        self._column.setContentsMargins(side, self._appearance.px(8 if rail else 10), side + 1, 8)

    def focus_item(self) -> None:
        """The keyboard on the place where we are."""
        item = self._items.get(self._place) if self._place is not None else None
        (item or next(iter(self._items.values()))).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        edge = 0 if self._appearance.right_to_left else self.viewport().width() - 1
        QPainter(self.viewport()).fillRect(edge, 0, 1, self.viewport().height(), self._appearance.color("line"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        column = self._column
        body.setLayout(column)
        column.setSpacing(0)
        column.addWidget(self._heading(self.tr("Views")))
        for place, icon, words, look in _VIEWS:
            column.addWidget(self._item(place, QCoreApplication.translate("SideBar", words), icon, look))
        column.addWidget(self._heading(self.tr("Categories"), self.tr("awaiting us")))
        self._category_box.setSpacing(0)
        column.addLayout(self._category_box)
        column.addWidget(self._heading(self.tr("Only me")))
        for place, icon, words, look in _MINE:
            column.addWidget(self._item(place, QCoreApplication.translate("SideBar", words), icon, look))
        column.addWidget(self._heading(self.tr("Team")))
        for place, icon, words, look in (*_SHARED, *_OWNERS):
            column.addWidget(self._item(place, QCoreApplication.translate("SideBar", words), icon, look))
        self.show_owners(False)
        column.addStretch()
        column.addWidget(self._as_of)
        self._as_of.setProperty("tone", "muted")
        self._as_of.setContentsMargins(8, 0, 8, 0)
        self._as_of.hide()
        self.setWidget(body)
        body.setAutoFillBackground(False)  # setWidget had put it on
        self.viewport().setAutoFillBackground(False)

    def _item(self, place: Place, words: str, icon: str, look: CountLook) -> NavItem:
        item = self._items[place] = NavItem(self._appearance, words, icon, look)
        item.clicked.connect(lambda _checked=False: self._choose(place))
        return item

    def _choose(self, place: Place) -> None:
        self.mark(place)
        self.chosen.emit(place)

    def _heading(self, words: str, aside: str = "") -> "_Heading":
        heading = _Heading(self._appearance, words, aside)
        self._headings.append(heading)
        return heading

    def _dress(self) -> None:
        self._as_of.setFont(self._appearance.font(12))
        self.set_rail(self._rail)


class _Heading(QWidget):
    """A group's name, with what its counts mean at the other end; a gap in the rail."""

    def __init__(self, appearance: Appearance, words: str, aside: str) -> None:
        super().__init__()
        self._appearance = appearance
        self._name, self._aside = QLabel(words), QLabel(aside)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 4)
        for label, stretch in ((self._name, 1), (self._aside, 0)):
            label.setProperty("tone", "muted")
            row.addWidget(label, stretch, Qt.AlignmentFlag.AlignBottom)

    def set_rail(self, rail: bool, first: bool) -> None:
        px = self._appearance.px
        self._name.setFont(self._appearance.font(11, fonts.SEMI_BOLD))
        self._aside.setFont(self._appearance.font(11))
        self._name.setVisible(not rail)
        self._aside.setVisible(not rail)
        self.setFixedHeight(px(9) if rail else px(20 if first else 32))
