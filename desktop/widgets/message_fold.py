"""An older message on one line, unfolded by a press; and an event, which never is more than a line."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.models.plain_tip import plain_tip
from desktop.models.thread import Entry, spoken
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.message_frame import EDGE_PX, WIDEST_PX
from sync.domain.records import MessageKind

FOLD_PX = 30


class MessageFold(QAbstractButton):
    """30 high: icon, name, the words' beginning, time, chevron."""

    def __init__(self, appearance: Appearance, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.entry = entry
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(appearance.px(WIDEST_PX))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_entry(entry)

    def show_entry(self, entry: Entry) -> None:
        self.entry = entry
        self.setAccessibleName(self.tr("{message}, folded: {words}").format(message=spoken(entry), words=entry.excerpt))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._appearance.px(200), self._appearance.px(FOLD_PX))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole, color, px = QRectF(self.rect()), self._appearance.color, self._appearance.px
        is_note = self.entry.kind is MessageKind.NOTE
        line = "note_line" if is_note else "edge" if self.underMouse() else "line"
        painting.frame(painter, whole, color("note_soft" if is_note else "surface"), color(line), dashed=is_note)
        if self.entry.kind is MessageKind.REPLY:
            rtl = self._appearance.right_to_left
            painter.save()
            painter.setClipPath(painting.rounded_path(whole))
            painter.fillRect(painting.mirrored(QRectF(0, 0, 3, whole.height()), whole, rtl), color("accent"))
            painter.restore()
        self._paint_line(painter, whole, px(EDGE_PX))
        if self.hasFocus():
            painting.focus_ring(painter, whole, color("focus"))

    def _paint_line(self, painter: QPainter, whole: QRectF, edge: int) -> None:
        px, rtl, color, entry = self._appearance.px, self._appearance.right_to_left, self._appearance.color, self.entry
        inks = {MessageKind.REPLY: "us", MessageKind.NOTE: "note"}
        height = whole.height()
        spot = painting.mirrored(QRectF(edge, 0, px(16), height), whole, rtl)
        painting.icon(painter, self._appearance, entry.icon, QPointF(spot.center()), 16, inks.get(entry.kind, "them"))
        right = whole.width() - edge - px(14)
        chevron = painting.mirrored(QRectF(right, 0, px(14), height), whole, rtl)
        painting.icon(painter, self._appearance, "chevron-down", QPointF(chevron.center()), 14, "muted")
        font = self._appearance.font(12)
        right -= px(8) + painting.width_of(entry.when, font)
        when = painting.mirrored(QRectF(right, 0, painting.width_of(entry.when, font), height), whole, rtl)
        painting.text(painter, when, entry.when, font, color("muted"), from_end=rtl)
        x = float(edge + px(24))
        ink = color("note" if entry.kind is MessageKind.NOTE else "text")
        name = entry.author or entry.title
        for words, face, pen in (
            (name, self._appearance.font(13, fonts.SEMI_BOLD), ink),
            (entry.excerpt, self._appearance.font(13), color("muted")),
        ):
            place = painting.mirrored(QRectF(x, 0, right - px(16) - x, height), whole, rtl)
            x += painting.text(painter, place, words, face, pen, from_end=rtl) + px(8)


class EventLine(QWidget):
    """One muted 12 px line without a frame."""

    def __init__(self, appearance: Appearance, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.entry = entry
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(appearance.px(WIDEST_PX + 40))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.show_entry(entry)

    def show_entry(self, entry: Entry) -> None:
        self.entry = entry
        self.setAccessibleName(spoken(entry))
        self.setToolTip(plain_tip(entry.title))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._appearance.px(200), self._appearance.px(16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        whole, px, rtl = QRectF(self.rect()), self._appearance.px, self._appearance.right_to_left
        muted, font = self._appearance.color("muted"), self._appearance.font(12)
        spot = painting.mirrored(QRectF(px(13), 0, px(14), whole.height()), whole, rtl)
        painting.icon(painter, self._appearance, self.entry.icon, QPointF(spot.center()), 14, "muted")
        width = painting.width_of(self.entry.when, font)
        right = whole.width() - px(13) - width
        when = painting.mirrored(QRectF(right, 0, width + 1, whole.height()), whole, rtl)
        painting.text(painter, when, self.entry.when, font, muted, from_end=rtl)
        words = painting.mirrored(QRectF(px(35), 0, right - px(43), whole.height()), whole, rtl)
        painting.text(painter, words, self.entry.title, font, muted, from_end=rtl)
        if self.hasFocus():
            painting.focus_ring(painter, whole, self._appearance.color("focus"), 3)
