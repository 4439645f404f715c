"""Paints the desk bell of the tray with its count, from 16 to 64 px, on any panel."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QIcon,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPixmap,
    QPolygonF,
    QTransform,
)

from desktop.alerts.tray_face import Face, Look
from desktop.theme import fonts

SIZES = (16, 22, 24, 32, 48, 64)
_GRID = 64
_SMALL = 24
_BRASS, _BRASS_EDGE = "#f0b73f", "#2b2410"
_GREY, _DARK = "#aeb6c1", "#262c34"
_PALE, _SLATE, _INK = "#eef1f4", "#4a5563", "#232a33"
_BLUE, _WHITE, _RED = "#1f57b8", "#ffffff", "#b3211b"


def icon_of(face: Face) -> QIcon:
    """The icon in all sizes that trays ask for."""
    icon = QIcon()
    for size in SIZES:
        icon.addPixmap(pixmap_of(face, size))
    return icon


def pixmap_of(face: Face, size: int) -> QPixmap:
    """The icon at `size` px."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.scale(size / _GRID, size / _GRID)
    _Bell(painter, size).draw(face)
    painter.end()
    return pixmap


class _Bell:
    """The drawing on a grid of 64; small icons have thicker lines and a larger pill."""

    def __init__(self, painter: QPainter, size: int) -> None:
        self._painter = painter
        self._size = size
        self._small = size <= _SMALL

    def draw(self, face: Face) -> None:
        digits = face.digits(self._size)
        match face.look:
            case Look.OFFLINE:
                self._hollow()
                self._struck()
                self._pill(digits, _PALE, _INK, _SLATE)
            case Look.DND:
                self._solid(_GREY, _DARK)
                if digits:
                    self._moon(18, 19, 16)
                    self._pill(digits, _DARK, _WHITE, _WHITE)
                else:
                    self._moon(45, 45, 17.5)
            case _:
                self._solid(_BRASS, _BRASS_EDGE)
                self._pill(digits, _BLUE, _WHITE, _WHITE)
                if face.look is Look.ERROR:
                    self._warning()

    def _solid(self, fill: str, edge: str) -> None:
        shape = QPainterPath(_dome())
        for part in (QRectF(6, 47.5, 52, 7), QRectF(29, 17, 6, 7), QRectF(23, 11, 18, 7)):
            rectangle = QPainterPath()
            rectangle.addRect(part)
            shape = shape.united(rectangle) if not part.top() > 40 else _with(shape, rectangle)
        stroker = QPainterPathStroker()
        stroker.setWidth(7 if self._small else 5)
        stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        outline = stroker.createStroke(shape)
        outline.setFillRule(Qt.FillRule.WindingFill)
        self._painter.fillPath(outline, QColor(edge))
        self._painter.fillPath(shape, QColor(edge))
        self._painter.fillPath(shape, QColor(fill))

    def _hollow(self) -> None:
        lines = QPainterPath()
        for start, end in (((8, 51), (56, 51)), ((32, 24), (32, 14)), ((25, 14), (39, 14))):
            lines.moveTo(QPointF(*start))
            lines.lineTo(QPointF(*end))
        for color, width in ((_PALE, 10 if self._small else 8), (_SLATE, 5 if self._small else 4)):
            self._painter.setPen(_pen(color, width, Qt.PenCapStyle.FlatCap))
            self._painter.setBrush(QBrush(QColor(_PALE)))
            self._painter.drawPath(_dome())
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawPath(lines)

    def _struck(self) -> None:
        for color, width in ((_PALE, 12 if self._small else 9), (_SLATE, 6 if self._small else 4.5)):
            self._painter.setPen(_pen(color, width))
            self._painter.drawLine(QPointF(8, 58), QPointF(56, 8))

    def _pill(self, digits: str, fill: str, ink: str, edge: str) -> None:
        if not digits:
            return
        small, signs = self._small, len(digits)
        height = 40 if small else 31
        width = {1: height, 2: 60 if small else 46}.get(signs, 64 if small else 62)
        rim = 2 if small else 3
        left = _GRID - rim / 2 - width + (rim / 2 if width == _GRID else 0)
        box = QRectF(left, _GRID - rim / 2 - height, width, height)
        radius = 10 if small else 12
        self._painter.setPen(QPen(QColor(edge), rim))
        self._painter.setBrush(QBrush(QColor(fill)))
        self._painter.drawRoundedRect(box, radius, radius)
        text = (33 if signs == 3 else 39) if small else (28 if signs == 3 else 29)
        self._painter.fillPath(_text(digits, text, box, width - 7 if signs == 3 else None), QColor(ink))

    def _moon(self, x: float, y: float, radius: float) -> None:
        self._painter.setPen(QPen(QColor(_WHITE), 3))
        self._painter.setBrush(QBrush(QColor(_DARK)))
        self._painter.drawEllipse(QPointF(x, y), radius, radius)
        unit = radius / 17
        full, shadow = QPainterPath(), QPainterPath()
        full.addEllipse(QPointF(x, y), 10 * unit, 10 * unit)
        shadow.addEllipse(QPointF(x + 4.2 * unit, y - 4.2 * unit), 8.4 * unit, 8.4 * unit)
        self._painter.fillPath(full.subtracted(shadow), QColor(_WHITE))

    def _warning(self) -> None:
        self._painter.setPen(QPen(QColor(_WHITE), 4, j=Qt.PenJoinStyle.RoundJoin))
        self._painter.setBrush(QBrush(QColor(_RED)))
        self._painter.drawPolygon(QPolygonF([QPointF(44, 25), QPointF(62.5, 61), QPointF(25.5, 61)]))
        self._painter.setPen(_pen(_WHITE, 5))
        self._painter.drawLine(QPointF(44, 37), QPointF(44, 48))
        self._painter.drawLine(QPointF(44, 54), QPointF(44, 54.2))


def _dome() -> QPainterPath:
    path = QPainterPath(QPointF(10, 44))
    path.arcTo(QRectF(10, 22, 44, 44), 180, -180)
    path.closeSubpath()
    return path


def _with(shape: QPainterPath, part: QPainterPath) -> QPainterPath:
    """Both, with the slit between dome and base kept."""
    joined = QPainterPath(shape)
    joined.addPath(part)
    return joined


def _pen(color: str, width: float, cap: Qt.PenCapStyle = Qt.PenCapStyle.RoundCap) -> QPen:
    return QPen(QColor(color), width, Qt.PenStyle.SolidLine, cap, Qt.PenJoinStyle.RoundJoin)


def _text(digits: str, pixels: float, box: QRectF, width: float | None) -> QPainterPath:
    """The digits in the middle of the box, pressed to `width` where one is given."""
    font = QFont()
    font.setFamilies(fonts.FAMILIES)
    font.setPixelSize(round(pixels))
    font.setWeight(fonts.BOLD)
    path = QPainterPath()
    path.addText(QPointF(0, 0), font, digits)
    bounds = path.boundingRect()
    stretch = min(1.0, width / bounds.width()) if width is not None else 1.0
    middle = QTransform.fromTranslate(box.center().x(), box.center().y()).scale(stretch, 1)
    return middle.map(path.translated(-bounds.center()))
