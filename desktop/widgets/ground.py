"""A plain ground in a colour of the theme."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.theme.appearance import Appearance


class Ground(QWidget):
    """With a line at one edge: "top", "bottom", or none."""

    def __init__(self, appearance: Appearance, ground: str, line: str = "") -> None:
        super().__init__()
        self._appearance = appearance
        self._ground, self._line = ground, line

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._appearance.color(self._ground))
        if self._line:
            y = 0 if self._line == "top" else self.height() - 1
            painter.fillRect(0, y, self.width(), 1, self._appearance.color("line"))
