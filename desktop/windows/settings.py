"""The settings: pages to the left, saved at once, the last change taken back by one key."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.pages.settings_parts import Words, on_surface
from desktop.settings import Settings
from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import KeyButton
from desktop.widgets.nav_item import NavItem

WATCHED = (
    "alerts/choices",
    "appearance/theme",
    "appearance/textPercent",
    "appearance/compact",
    "keys/single",
    "check/minutes",
    "check/notify",
    "check/leftOut",
)


class History(QObject):
    """What the settings were before each change since the window opened."""

    def __init__(self, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._known = {name: settings.text(name) for name in WATCHED}
        self._before: list[tuple[str, str]] = []
        settings.changed.connect(self._changed)

    @Slot(str)
    def _changed(self, name: str) -> None:
        if name in self._known:
            self._before.append((name, self._known[name]))
            self._known[name] = self._settings.text(name)

    def take_back(self) -> bool:
        """Undo the last change; False where there is none."""
        if not self._before:
            return False
        name, text = self._before.pop()
        if text:
            self._settings.put(name, text)
        else:
            self._settings.forget(name)
        self._before.pop()  # the change that this was
        return True


class SettingsWindow(QDialog):
    """`pages` are (name, icon, words, widget) in their order; only what works now is among them."""

    def __init__(
        self,
        appearance: Appearance,
        settings: Settings,
        pages: Sequence[tuple[str, str, str, QWidget]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.history = History(settings, self)
        self._stack = QStackedWidget()
        self._places: dict[str, int] = {}
        self._group = QButtonGroup(self)
        side = self._side(pages)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(side)
        columns.addWidget(_line(vertical=True))
        columns.addWidget(self._stack, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(columns, 1)
        whole.addWidget(_line())
        whole.addWidget(self._foot())
        back = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        back.activated.connect(self.history.take_back)
        close = QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self)
        close.activated.connect(self.close)
        self.resize(appearance.px(1120), appearance.px(830))

    def open_page(self, name: str) -> None:
        """Show the page of that name; nothing happens where there is none."""
        place = self._places.get(name)
        if place is not None:
            self._stack.setCurrentIndex(place)
            button = self._group.button(place)
            button.setChecked(True)
            button.setFocus()

    def page(self, name: str) -> QWidget | None:
        """The page's own widget."""
        area = self._stack.widget(self._places[name]) if name in self._places else None
        return area.widget() if isinstance(area, QScrollArea) else None

    def _side(self, pages: Sequence[tuple[str, str, str, QWidget]]) -> QWidget:
        side = QWidget()
        side.setFixedWidth(self._appearance.px(189))
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 10, 8, 10)
        column.setSpacing(0)
        for name, icon, words, widget in pages:
            item = NavItem(self._appearance, words, icon)
            area = QScrollArea()
            area.setWidgetResizable(True)
            area.setFrameShape(QFrame.Shape.NoFrame)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(on_surface(widget))
            place = self._stack.addWidget(area)
            self._places[name] = place
            self._group.addButton(item, place)
            item.clicked.connect(lambda _checked=False, name=name: self.open_page(name))
            column.addWidget(item)
        column.addStretch(1)
        if pages:
            self.open_page(pages[0][0])
        return side

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setFixedHeight(self._appearance.px(52))
        row = QHBoxLayout(foot)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(8)
        row.addWidget(Words(self._appearance, self.tr("Every change is saved at once"), 12, tone="muted"))
        row.addStretch(1)
        keys = QKeySequence(QKeySequence.StandardKey.Undo).toString(QKeySequence.SequenceFormat.NativeText)
        words = self.tr("{keys} takes back the last one").replace("{keys}", keys)
        row.addWidget(Words(self._appearance, words, 12, tone="muted"))
        done = KeyButton(self._appearance, self.tr("Close"), "", key=self.tr("Esc"))
        done.clicked.connect(self.close)
        row.addWidget(done)
        return foot


def _line(vertical: bool = False) -> QFrame:
    line = QFrame()
    line.setProperty("look", "line")
    if vertical:
        line.setFixedWidth(1)
        line.setStyleSheet("max-height: 100000px;")
    else:
        line.setFixedHeight(1)
    return line
