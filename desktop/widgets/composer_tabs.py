"""The composer's head: a tab for each mode, the open one filled in its mode's colour, and when the draft was saved."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.models.composing import Mode
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.company_line import CompanyLine


class ComposerTab(QAbstractButton):
    """30 high, rounded above. Checked: filled."""

    def __init__(self, appearance: Appearance, mode: Mode, words: str, icon: str, key: str) -> None:
        super().__init__()
        self._appearance = appearance
        self._mode = mode
        self._icon = icon
        self._key = key
        self._key_shown = True
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_key(self, shown: bool) -> None:
        """Leave the key out where there is little room."""
        self._key_shown = shown
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self._appearance.px
        width = px(12) + px(22) + painting.width_of(self.text(), self._appearance.font(13, fonts.SEMI_BOLD)) + px(12)
        return QSize(round(width + (px(26) if self._key_shown else 0)), px(30))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color, whole = self._appearance.color, QRectF(self.rect())
        filled = "accent" if self._mode is Mode.REPLY else "note"
        ink = ("on_accent" if self._mode is Mode.REPLY else "on_note") if self.isChecked() else "muted"
        shape = QPainterPath()
        shape.addRoundedRect(whole.adjusted(0.5, 0.5, -0.5, 8), 6, 6)
        painter.setPen(color(filled if self.isChecked() else "line"))
        painter.setBrush(color(filled if self.isChecked() else "alt"))
        painter.drawPath(shape)
        self._paint_words(painter, whole, ink)
        if self.hasFocus():
            painting.focus_ring(painter, whole.adjusted(2, 2, -2, 0), color(ink), 4)

    def _paint_words(self, painter: QPainter, whole: QRectF, ink: str) -> None:
        px, rtl, color = self._appearance.px, self._appearance.right_to_left, self._appearance.color
        spot = painting.mirrored(QRectF(px(12), 0, px(16), whole.height()), whole, rtl)
        painting.icon(painter, self._appearance, self._icon, QPointF(spot.center()), 16, ink)
        right = whole.width() - px(12) - (px(24) if self._key_shown else 0)
        words = painting.mirrored(QRectF(px(34), 0, right - px(34) + px(2), whole.height()), whole, rtl)
        painting.text(painter, words, self.text(), self._font(), color(ink), from_end=rtl)
        if self._key_shown:
            box = QRectF(right + px(6), (whole.height() - px(18)) / 2, px(18), px(18))
            box = painting.mirrored(box, whole, rtl)
            checked = self.isChecked()
            painting.frame(painter, box, None if checked else color("surface"), color(ink if checked else "line"), 3)
            font = self._appearance.font(11, fonts.SEMI_BOLD if checked else fonts.REGULAR)
            painting.centered(painter, box, self._key, font, color(ink))

    def _font(self) -> QFont:
        return self._appearance.font(13, fonts.SEMI_BOLD if self.isChecked() else fonts.REGULAR)


class ComposerTabs(QWidget):
    """picked(Mode): a tab was pressed."""

    picked = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._mode = Mode.REPLY
        self._tabs = {
            Mode.REPLY: ComposerTab(appearance, Mode.REPLY, self.tr("Reply to requester"), "reply", "R"),
            Mode.NOTE: ComposerTab(appearance, Mode.NOTE, self.tr("Internal note"), "lock", "N"),
        }
        self.company = CompanyLine(appearance, typing_only=True)
        self.saved = QLabel()
        self.saved.setProperty("tone", "muted")
        row = QHBoxLayout(self)
        px = appearance.px
        row.setContentsMargins(px(16), px(8), px(16), 2)
        row.setSpacing(px(4))
        for mode, tab in self._tabs.items():
            row.addWidget(tab, 0, Qt.AlignmentFlag.AlignBottom)
            tab.clicked.connect(lambda _checked=False, mode=mode: self.picked.emit(mode))
        row.addWidget(self.company, 1)
        row.addSpacing(px(8))
        row.addWidget(self.saved)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._dress()
        appearance.changed.connect(self._dress)

    def show_mode(self, mode: Mode) -> None:
        """The open mode's tab filled, the line under the tabs in its colour."""
        self._mode = mode
        self._tabs[mode].setChecked(True)
        self.update()

    def show_keys(self, shown: bool) -> None:
        for tab in self._tabs.values():
            tab.show_key(shown)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = self._appearance.color
        painter.fillRect(self.rect(), color("bg"))
        painter.fillRect(0, 0, self.width(), 1, color("line"))
        painter.fillRect(0, self.height() - 2, self.width(), 2, color("accent" if self._mode is Mode.REPLY else "note"))

    def _dress(self) -> None:
        self.saved.setFont(self._appearance.font(12))
