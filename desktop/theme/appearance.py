"""The look in force: theme, icons, text size; handed to every widget that paints by itself."""

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory

from desktop.theme import fonts
from desktop.theme.icons import Icons
from desktop.theme.palette import palette_of
from desktop.theme.tokens import DARK, LIGHT, Theme


class Choice(StrEnum):
    """What the person asked for."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Appearance(QObject):
    """The current theme and the things made from it.

    changed(): theme, text size or row height is another; paint again, set fonts and icons again.
    """

    changed = Signal()

    def __init__(self, resources: Path, application: QApplication) -> None:
        super().__init__()
        self._application = application
        sheet = (resources / "style.qss").read_text(encoding="utf-8")
        self._style_sheet = sheet.replace("{resources}", resources.as_posix())
        self._icons = Icons(resources / "icons")
        self._choice = Choice.SYSTEM
        self.theme: Theme = LIGHT
        self.scale = 1.0
        self.compact = False
        self.reduced_motion = False
        fonts.load_faces(resources / "fonts")
        application.setStyle(QStyleFactory.create("Fusion"))
        application.styleHints().colorSchemeChanged.connect(self._system_changed)

    def choose(self, choice: Choice, scale: float = 1.0, compact: bool = False) -> None:
        """Put it on, at once and everywhere. `scale` is the text size against 13 px."""
        self._choice, self.scale, self.compact = choice, scale, compact
        self._apply()

    def px(self, length: int) -> int:
        """A length that grows with the text."""
        return round(length * self.scale)

    def color(self, name: str) -> QColor:
        """A colour of the theme by its name."""
        return QColor(self.theme.value(name))

    def font(self, size: int = 13, weight: QFont.Weight = fonts.REGULAR) -> QFont:
        """`size` in px at the usual text size."""
        return fonts.font_of(self.px(size), weight)

    def icon(self, name: str, size: int = 16, color: str = "text") -> QIcon:
        """An icon in a colour of the theme. `size` grows with the text."""
        return self._icons.icon(name, self.px(size), self.theme.value(color), self.right_to_left)

    def pixmap(self, name: str, size: int = 16, color: str = "text", ratio: float = 1.0) -> QPixmap:
        """The same for painting by hand, for a device of that pixel ratio."""
        return self._icons.pixmap(name, self.px(size), self.theme.value(color), ratio, self.right_to_left)

    @property
    def right_to_left(self) -> bool:
        return self._application.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _system_changed(self) -> None:
        if self._choice is Choice.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        dark = self._choice is Choice.DARK
        if self._choice is Choice.SYSTEM:
            dark = self._application.styleHints().colorScheme() is Qt.ColorScheme.Dark
        self.theme = DARK if dark else LIGHT
        self._application.setPalette(palette_of(self.theme))
        self._application.setFont(self.font())
        self._application.setStyleSheet(self._style_sheet)  # again after the palette: its roles are read only then
        self.changed.emit()
