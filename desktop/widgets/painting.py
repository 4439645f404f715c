"""The few strokes that all painted widgets share: frames, icons, elided text, the focus ring."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from desktop.theme.appearance import Appearance


def frame(
    painter: QPainter, rect: QRectF, fill: QColor | None, line: QColor | None, radius: float = 6, dashed: bool = False
) -> None:
    """A rounded box inside `rect`, its line 1 px wide and wholly inside."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(Qt.PenStyle.NoPen)
    if line is not None:
        pen = QPen(line, 1)
        if dashed:
            pen.setDashPattern([4, 3])
    painter.setPen(pen)
    painter.setBrush(QBrush(fill) if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()


def focus_ring(painter: QPainter, rect: QRectF, color: QColor, radius: float = 6) -> None:
    """The 2 px ring of whatever has the keyboard, wholly inside `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
    painter.restore()


def rounded_path(rect: QRectF, radius: float = 6) -> QPainterPath:
    """The outline to clip by."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path


def icon(painter: QPainter, appearance: Appearance, name: str, center: QPointF, size: int, color: str) -> None:
    """An icon with its middle at `center`; `color` is a name of the theme."""
    device = painter.device()
    pixmap = appearance.pixmap(name, size, color, device.devicePixelRatioF() if device is not None else 1.0)
    side = appearance.px(size)
    painter.drawPixmap(QPointF(round(center.x() - side / 2), round(center.y() - side / 2)), pixmap)


def text(painter: QPainter, rect: QRectF, words: str, font: QFont, color: QColor, *, from_end: bool = False) -> float:
    """One line, vertically centred, elided to the rectangle; answers the width that it took."""
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0.0, rect.width()))
    painter.setFont(font)
    painter.setPen(color)
    across = Qt.AlignmentFlag.AlignRight if from_end else Qt.AlignmentFlag.AlignLeft
    flags = across | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # each text in the direction of its own script
    painter.drawText(rect, int(flags), shown)
    return min(metrics.horizontalAdvance(shown), rect.width())


def centered(painter: QPainter, rect: QRectF, words: str, font: QFont, color: QColor) -> None:
    """One short word in the middle."""
    painter.setFont(font)
    painter.setPen(color)
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, words)


def at_start(right_to_left: bool) -> Qt.AlignmentFlag:
    """Where a label's lines begin: by the screen's direction, also where the words are of another script."""
    across = Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter


def width_of(words: str, font: QFont) -> float:
    """How wide one line is."""
    return QFontMetricsF(font).horizontalAdvance(words)


def mirrored(rect: QRectF, whole: QRectF, right_to_left: bool) -> QRectF:
    """`rect` as it stands, or its mirror image within `whole` where the script runs right to left."""
    if not right_to_left:
        return rect
    return QRectF(whole.left() + whole.right() - rect.right(), rect.top(), rect.width(), rect.height())
