"""The icon set: one shape per file, drawn in any colour, size and pixel ratio, and kept once drawn."""

import re
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_CUT = re.compile(r"<[^<>]* class=\"cut\"[^<>]*/>")
_SHAPE = re.compile(r"<(?!/?svg)[^<>]*/>")
_SMALL = 14
_MIRRORED = frozenset({"reply", "chevron-right"})


class Icons:
    """Draws icons from a folder of SVG files and remembers the pixmaps.

    A shape marked `class="cut"` is cut out of the others, so that an icon sits on any ground.
    Raises FileNotFoundError for a name that is no icon: a mistake of ours.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, int, str, float, bool], QPixmap] = {}

    def pixmap(self, name: str, size: int, color: str, ratio: float = 1.0, rtl: bool = False) -> QPixmap:
        """`size` in device-independent px. Arrows that follow the reading direction are mirrored when `rtl`."""
        mirrored = rtl and name in _MIRRORED
        key = (name, size, color, ratio, mirrored)
        found = self._pixmaps.get(key)
        if found is None:
            found = self._pixmaps[key] = self._draw(name, size, color, ratio, mirrored)
        return found

    def icon(self, name: str, size: int, color: str, rtl: bool = False) -> QIcon:
        """An icon for buttons and menus, sharp at whole and at the common broken pixel ratios."""
        icon = QIcon()
        for ratio in (1.0, 1.25, 1.5, 2.0, 3.0):
            icon.addPixmap(self.pixmap(name, size, color, ratio, rtl))
        return icon

    def _source(self, name: str) -> str:
        source = self._sources.get(name)
        if source is None:
            source = self._sources[name] = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
        return source

    def _draw(self, name: str, size: int, color: str, ratio: float, mirrored: bool) -> QPixmap:
        source = self._source(name).replace("currentColor", QColor(color).name())
        if size <= _SMALL:
            source = source.replace('stroke-width="1.75"', 'stroke-width="2.1"')
        side = max(1, round(size * ratio))
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        if mirrored:
            painter.translate(side, 0)
            painter.scale(-1, 1)
        _render(painter, _CUT.sub("", source), side)
        if cuts := _CUT.findall(source):
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
            _render(painter, _SHAPE.sub("", source).replace("</svg>", "".join(cuts) + "</svg>"), side)
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


def _render(painter: QPainter, source: str, side: int) -> None:
    QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, side, side))
