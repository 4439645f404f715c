"""The pieces that the settings' pages are built from: words, boxes, forms, check box, slider."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QDateEdit,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSlider,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting


class Words(QLabel):
    """Plain text in a size and weight of the theme. `tone` is empty or "muted"."""

    def __init__(
        self,
        appearance: Appearance,
        text: str = "",
        size: int = 13,
        weight: QFont.Weight = fonts.REGULAR,
        tone: str = "",
    ) -> None:
        super().__init__(text)
        self._appearance, self._size, self._weight = appearance, size, weight
        self.setTextFormat(Qt.TextFormat.PlainText)
        if tone:
            self.setProperty("tone", tone)
        self._dress()
        appearance.changed.connect(self._dress)

    def _dress(self) -> None:
        self.setFont(self._appearance.font(self._size, self._weight))


class Box(QFrame):
    """A framed list: rows below each other with a line between."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._rows: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(1, 1, 1, 1)
        self._column.setSpacing(0)
        appearance.changed.connect(self.update)

    def set_rows(self, rows: Sequence[QWidget]) -> None:
        """Instead of those before, which are deleted unless they are among the new ones."""
        for row in self._rows:
            self._column.removeWidget(row)
            if row not in rows:
                row.hide()
                row.deleteLater()
        self._rows = list(rows)
        for row in rows:
            self._column.addWidget(row)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self._appearance.color
        painting.frame(painter, QRectF(self.rect()), color("surface"), color("line"))
        painter.setPen(QPen(color("line"), 1))
        for row in self._rows[1:]:
            y = row.geometry().top() - 0.5
            painter.drawLine(QPointF(1, y), QPointF(self.width() - 1, y))


class Form(QGridLayout):
    """Muted names to the left, controls to the right, 190 apart."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setHorizontalSpacing(0)
        self.setVerticalSpacing(6)
        self.setColumnMinimumWidth(0, appearance.px(190))
        self.setColumnStretch(1, 1)

    def add(self, name: str, *controls: QWidget | str) -> None:
        """A line; a string among the controls stands as a muted remark."""
        line = self.rowCount()
        label = Words(self._appearance, name, tone="muted")
        self.addWidget(label, line, 0)
        row = QHBoxLayout()
        row.setSpacing(8)
        for control in controls:
            if isinstance(control, str):
                remark = Words(self._appearance, control, 12, tone="muted")
                remark.setWordWrap(len(control) > 60)
                row.addWidget(remark, 1 if len(control) > 60 else 0)
            else:
                row.addWidget(control)
                if not isinstance(control, QLabel) and not control.accessibleName():
                    control.setAccessibleName(name)
                if isinstance(control, QAbstractSpinBox):
                    control.lineEdit().setAccessibleName(control.accessibleName())
        row.addStretch(0 if any(isinstance(one, str) and len(one) > 60 for one in controls) else 1)
        self.addLayout(row, line, 1)
        self.setRowMinimumHeight(line, self._appearance.px(28))

    def add_wide(self, name: str, control: QWidget) -> None:
        """A line whose control takes all the room that there is."""
        line = self.rowCount()
        self.addWidget(Words(self._appearance, name, tone="muted"), line, 0)
        self.addWidget(control, line, 1)
        control.setAccessibleName(name)
        self.setRowMinimumHeight(line, self._appearance.px(28))


class CheckMark(QCheckBox):
    """A check box of 16 px in the accent colour."""

    def __init__(self, appearance: Appearance, words: str, name: str = "") -> None:
        super().__init__(words)
        self._appearance = appearance
        self.setAccessibleName(name or words)
        self.setFont(appearance.font())

    def sizeHint(self) -> QSize:
        px = self._appearance.px
        words = painting.width_of(self.text(), self._appearance.font())
        return QSize(round(px(16) + (px(8) + words if self.text() else 0) + 6), px(26))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        look, whole = self._appearance, QRectF(self.rect())
        side = look.px(16)
        box = painting.mirrored(QRectF(2, (whole.height() - side) / 2, side, side), whole, look.right_to_left)
        on = self.isChecked()
        painting.frame(
            painter, box, look.color("accent" if on else "button"), look.color("accent" if on else "edge"), 3
        )
        if on:
            painting.icon(painter, look, "check", box.center(), 14, "on_accent")
        if self.hasFocus():
            painting.focus_ring(painter, box.adjusted(-2, -2, 2, 2), look.color("focus"), 5)
        left = side + look.px(8) + 2
        words = painting.mirrored(QRectF(left, 0, whole.width() - left, whole.height()), whole, look.right_to_left)
        ink = look.color("text" if self.isEnabled() else "muted")
        painting.text(painter, words, self.text(), look.font(), ink, from_end=look.right_to_left)


class VolumeSlider(QSlider):
    """0 to 100 in a line of 110 px."""

    def __init__(self, appearance: Appearance, name: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._appearance = appearance
        self.setRange(0, 100)
        self.setSingleStep(5)
        self.setPageStep(10)
        self.setAccessibleName(name)
        self.setFixedSize(appearance.px(118), appearance.px(24))
        self.valueChanged.connect(lambda value: self.setToolTip(f"{value} %"))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, middle = self._appearance, self.height() / 2
        radius = look.px(14) / 2
        start, length = radius + 1, self.width() - 2 * radius - 2
        share = self.value() / 100
        if look.right_to_left:
            share = 1 - share
        knob = start + share * length
        filled = (knob, start + length) if look.right_to_left else (start, knob)
        painter.fillRect(QRectF(start, middle - 1.5, length, 3), look.color("line"))
        painter.fillRect(QRectF(filled[0], middle - 1.5, filled[1] - filled[0], 3), look.color("accent"))
        painter.setPen(QPen(look.color("focus" if self.hasFocus() else "edge"), 2 if self.hasFocus() else 1))
        painter.setBrush(look.color("button"))
        painter.drawEllipse(QPointF(knob, middle), radius, radius)


def on_surface(widget: QWidget) -> QWidget:
    """The widget on the surface colour."""
    widget.setBackgroundRole(QPalette.ColorRole.Base)
    widget.setAutoFillBackground(True)
    return widget


def in_shape(appearance: Appearance, field: QAbstractSpinBox, width: int) -> None:
    """A field of figures, 28 high, its text clear of the frame; typing counts when it is done."""
    field.setKeyboardTracking(False)
    field.setFixedSize(appearance.px(width), appearance.px(28))
    margin = appearance.px(7)
    field.lineEdit().setTextMargins(margin, 0, margin, 0)


def as_day(appearance: Appearance, field: QDateEdit, name: str) -> None:
    """A day, typed or chosen from a calendar; `name` is read out."""
    field.setCalendarPopup(True)
    field.setDisplayFormat("d MMM yyyy")
    field.setAccessibleName(name)
    in_shape(appearance, field, 130)


def as_time(appearance: Appearance, field: QTimeEdit, name: str, width: int = 84) -> None:
    """A time of the day; `name` is read out."""
    field.setDisplayFormat("HH:mm")
    field.setAccessibleName(name)
    in_shape(appearance, field, width)
