"""A field whose value is chosen from a short menu, where 1 to 9 choose too."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from desktop.models.plain_tip import plain_tip
from desktop.theme.appearance import Appearance
from desktop.widgets import painting


@dataclass(frozen=True, slots=True)
class Option:
    """One value: what it is to the program, in words, with which icon (`plain`: in the menu only)."""

    value: str | None
    words: str
    icon: str = ""
    plain: bool = False


class ChoiceField(QAbstractButton):
    """26 high, icon, words, chevron. `chosen(value)` only when a person chose; setters are silent."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance, name: str, parent: QWidget | None = None, *, hug: bool = False) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._name = name
        self._options: tuple[Option, ...] = ()
        self._value: str | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        across = QSizePolicy.Policy.Maximum if hug else QSizePolicy.Policy.Expanding
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self.clicked.connect(self.open_menu)
        appearance.changed.connect(self.updateGeometry)

    @property
    def value(self) -> str | None:
        return self._value

    def set_options(self, options: Sequence[Option]) -> None:
        """The values that can be chosen, in order."""
        self._options = tuple(options)
        self._say()

    def set_value(self, value: str | None, words: str = "") -> None:
        """`words` name a value that is none of the options (a colleague who left)."""
        self._value = value
        if words and not any(option.value == value for option in self._options):
            self._options = (*self._options, Option(value, words))
        self._say()

    def open_menu(self) -> None:
        """Below the field, the present value ticked."""
        menu = self.build_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def build_menu(self) -> QMenu:
        """The menu, not yet shown."""
        menu = QMenu(self)
        menu.setAccessibleName(self._name)
        menu.setMinimumWidth(self.width())
        for place, option in enumerate(self._options, start=1):
            words = option.words.replace("&", "&&")
            action = menu.addAction(f"&{place}  {words}" if place <= 9 else words)
            if option.icon:
                action.setIcon(self._appearance.icon(option.icon, 16, "muted"))
            action.setCheckable(True)
            action.setChecked(option.value == self._value)
            action.triggered.connect(lambda _checked=False, value=option.value: self._choose(value))
        return menu

    def sizeHint(self) -> QSize:
        px, option = self._appearance.px, self._option()
        width = painting.width_of(option.words, self._appearance.font()) + px(8) + px(6) + px(6) + px(14)
        return QSize(round(width + (px(20) if option.icon and not option.plain else 0) + 2), px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._appearance.px(56), self._appearance.px(26))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        px, rtl, color = self._appearance.px, self._appearance.right_to_left, self._appearance.color
        whole, option = QRectF(self.rect()), self._option()
        ground = color("button" if self.isEnabled() else "bg")
        painting.frame(painter, whole, ground, color("edge" if self.underMouse() else "line"), 4)
        x = float(px(8))
        if option.icon and not option.plain:
            spot = painting.mirrored(QRectF(x, 0, px(14), whole.height()), whole, rtl)
            painting.icon(painter, self._appearance, option.icon, QPointF(spot.center()), 14, "text")
            x += px(20)
        chevron = painting.mirrored(QRectF(whole.width() - px(20), 0, px(14), whole.height()), whole, rtl)
        painting.icon(painter, self._appearance, "chevron-down", QPointF(chevron.center()), 14, "muted")
        words = painting.mirrored(QRectF(x, 0, whole.width() - px(24) - x, whole.height()), whole, rtl)
        ink = color("text" if self.isEnabled() else "muted")
        painting.text(painter, words, option.words, self._appearance.font(), ink, from_end=rtl)
        if self.hasFocus():
            painting.focus_ring(painter, whole, color("focus"), 4)

    def _option(self) -> Option:
        found = next((option for option in self._options if option.value == self._value), None)
        return found if found is not None else Option(self._value, "")

    def _say(self) -> None:
        self.setText("")
        words = self._option().words
        self.setAccessibleName(
            self.tr("{field}: {value}").format(field=self._name, value=words) if words else self._name
        )
        self.setToolTip(plain_tip(self.accessibleName()))
        self.updateGeometry()
        self.update()

    def _choose(self, value: str | None) -> None:
        if value != self._value:
            self.chosen.emit(value)
