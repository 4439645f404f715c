"""The bar at the top: who I am, search, the two things to begin, and the way to every command."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from desktop.files import RESOURCES
from desktop.models.plain_tip import plain_tip
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import ButtonLook, IconButton, KeyButton
from desktop.widgets.search_field import SearchField

HEIGHT = 44
_FLAT = ButtonLook("text", "bg", "bg")
_KEYS_FROM = 1000
_ROOMY_FROM = 760


class ToolBar(QWidget):
    """44 high.

    wanted(str): the command that a button stands for. menu_wanted(): the person's own menu.
    """

    wanted = Signal(str)
    menu_wanted = Signal()

    def __init__(self, appearance: Appearance, keys: dict[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.who = QToolButton()
        self.search = SearchField(appearance, keys["search"], self)
        self._new = KeyButton(appearance, self.tr("New ticket"), "plus", key=keys["new_ticket"], big=False)
        self._quick = KeyButton(appearance, self.tr("Quick note"), "quick-note", big=False)
        self._palette = KeyButton(appearance, self.tr("Commands"), "palette", _FLAT, keys["palette"], big=False)
        self._keys = IconButton(appearance, self.tr("Show the keys"), "keyboard", keys["keys"])
        self._details = IconButton(appearance, self.tr("Show or hide the details"), "panel-right", keys["details"])
        self._build()
        self._dress()
        appearance.changed.connect(self._dress)

    def set_person(self, name: str) -> None:
        self.who.setText(f"\N{EN SPACE}\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}")
        self.who.setAccessibleName(self.tr("{name}, account menu").format(name=name))
        self.who.setToolTip(plain_tip(name))

    def set_widths(self, side: int, search: int, rail: bool) -> None:
        """The search field stands above the list, wherever that begins."""
        self.who.setFixedWidth(side - 8)
        style = Qt.ToolButtonStyle.ToolButtonIconOnly if rail else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self.who.setToolButtonStyle(style)
        self.search.setFixedWidth(search)

    def set_details_there(self, there: bool) -> None:
        self._details.setEnabled(there)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._appearance.color("bg"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._appearance.color("line"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= self._appearance.px(_KEYS_FROM)
        for button in (self._new, self._palette):
            button.show_key(wide)
        roomy = self.width() >= self._appearance.px(_ROOMY_FROM)
        self._quick.setVisible(roomy)
        self._details.setVisible(roomy)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.who)
        row.addWidget(self.search)
        row.addWidget(self._new)
        row.addWidget(self._quick)
        row.addStretch()
        row.addWidget(self._palette)
        row.addWidget(self._keys)
        row.addWidget(self._details)
        self.who.setProperty("look", "flat")
        self.who.setIcon(QIcon(str(RESOURCES / "deskbell.svg")))
        self.who.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.who.clicked.connect(self.menu_wanted)
        self.set_person("")
        commands: tuple[tuple[QAbstractButton, str], ...] = (
            (self._new, "new_ticket"),
            (self._quick, "quick_note"),
            (self._palette, "palette"),
            (self._keys, "keys"),
            (self._details, "details"),
        )
        for button, command in commands:
            button.clicked.connect(lambda _checked=False, name=command: self.wanted.emit(name))

    def _dress(self) -> None:
        sides = (12, 4) if self._appearance.right_to_left else (4, 12)
        self.setContentsMargins(sides[0], 0, sides[1], 1)
        self.setFixedHeight(self._appearance.px(HEIGHT))
        side = self._appearance.px(22)
        self.who.setIconSize(QSize(side, side))
        self.who.setFont(self._appearance.font(13, fonts.SEMI_BOLD))
        self.update()
