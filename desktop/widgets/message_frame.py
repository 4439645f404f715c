"""One message of the thread, unfolded: its frame, its head, its words, its files."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.models.moments import size
from desktop.models.thread import Entry, spoken
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.attachments_strip import AttachmentsStrip
from desktop.widgets.held_bar import HeldBar
from desktop.widgets.key_button import KeyButton
from desktop.widgets.message_body import MessageBody
from desktop.widgets.message_state import StateMark
from sync.domain.quoting import folded
from sync.domain.records import MessageKind

HEAD_PX = 30
EDGE_PX = 12
BODY_PX = 36
BAR_PX = 3
MARGIN_PX = 40
WIDEST_PX = 768


class MessageFrame(QFrame):
    """Inbound plain, reply with a blue bar and a tinted head, note yellow and dashed (DESIGN, Thread).

    needs_you_pressed(): the words wait in Undelivered. undo_pressed(): take the sending back.
    chosen(Choice): what to do with words that were not delivered.
    head_pressed(): fold it again. file_wanted(attachment, open): open (True) or save (False).
    """

    needs_you_pressed = Signal()
    undo_pressed = Signal()
    chosen = Signal(object)
    head_pressed = Signal()
    file_wanted = Signal(object, bool)

    def __init__(
        self, appearance: Appearance, entry: Entry, *, narrow: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.entry = entry
        self._dashed_needs = False
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMaximumWidth(appearance.px(WIDEST_PX))
        layout = QVBoxLayout(self)
        edge = appearance.px(EDGE_PX)
        start = edge if narrow else appearance.px(BODY_PX)
        sides = (edge, start) if appearance.right_to_left else (start, edge)
        layout.setContentsMargins(sides[0], appearance.px(HEAD_PX), sides[1], appearance.px(9))
        layout.setSpacing(appearance.px(6))
        fold_at = len(folded(entry.body)[0]) if entry.kind is MessageKind.INBOUND else None
        self.body = MessageBody(appearance, entry.body, spoken(entry), self, fold_at=fold_at)
        layout.addWidget(self.body)
        self._more = KeyButton(appearance, "", "chevron-down", big=False, parent=self)
        self._more.clicked.connect(self.body.show_more)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.more_left.connect(self._offer_more)
        self._offer_more(self.body.left)
        if entry.files:
            files = AttachmentsStrip(appearance, entry.files, self)
            files.wanted.connect(self.file_wanted)
            layout.addWidget(files)
        self._held = HeldBar(appearance, self)
        self._held.chosen.connect(self.chosen)
        layout.addWidget(self._held)
        self._mark = StateMark(appearance, self)
        self._undo = StateMark(appearance, self)
        self._mark.clicked.connect(self.needs_you_pressed)
        self._undo.clicked.connect(self.undo_pressed)
        self.show_entry(entry)
        appearance.changed.connect(self.update)

    def show_entry(self, entry: Entry) -> None:
        """The same words in another state (sent by now, answered by now)."""
        self.entry = entry
        self.setAccessibleName(spoken(entry))
        self.body.setAccessibleName(spoken(entry))
        self._held.show_held(entry.held)
        self._mark.show_state(entry.state, entry.seconds, entry.why)
        self._undo.setVisible(entry.undo)
        if entry.undo:
            self._undo.show_words(self.tr("Undo"), "undo", "accent")
        self._place_marks()
        self.update()

    def mark_as_undelivered(self) -> None:
        """Frame of words that wait for a decision."""
        self._dashed_needs = True
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_marks()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.position().y() < self._appearance.px(HEAD_PX) and self.rect().contains(event.position().toPoint()):
            self.head_pressed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole, color = QRectF(self.rect()), self._appearance.color
        is_note = self.entry.kind is MessageKind.NOTE
        line = "needs" if self._dashed_needs else "note_line" if is_note else "line"
        ground = color("note_soft" if is_note else "surface")
        if self.entry.kind is MessageKind.REPLY and not self._dashed_needs:
            self._paint_reply_ground(painter, whole)
        else:
            painting.frame(painter, whole, ground, color(line), dashed=is_note or self._dashed_needs)
        self._paint_head(painter, whole)
        if self.hasFocus():
            painting.focus_ring(painter, whole, color("focus"))

    def _paint_reply_ground(self, painter: QPainter, whole: QRectF) -> None:
        color, px, rtl = self._appearance.color, self._appearance.px, self._appearance.right_to_left
        painter.save()
        painter.setClipPath(painting.rounded_path(whole))
        painter.fillRect(whole, color("surface"))
        painter.fillRect(QRectF(0, 0, whole.width(), px(HEAD_PX)), color("us_soft"))
        painter.restore()
        painting.frame(painter, whole, None, color("line"))
        painter.save()
        painter.setClipPath(painting.rounded_path(whole))
        painter.fillRect(painting.mirrored(QRectF(0, 0, BAR_PX, whole.height()), whole, rtl), color("accent"))
        painter.restore()

    def _paint_head(self, painter: QPainter, whole: QRectF) -> None:
        entry, px = self.entry, self._appearance.px
        color, rtl, head = self._appearance.color, self._appearance.right_to_left, px(HEAD_PX)
        inks = {MessageKind.REPLY: "us", MessageKind.NOTE: "note"}
        spot = painting.mirrored(QRectF(px(EDGE_PX), 0, px(16), head), whole, rtl)
        painting.icon(painter, self._appearance, entry.icon, QPointF(spot.center()), 16, inks.get(entry.kind, "them"))
        ink = color("note" if entry.kind is MessageKind.NOTE else "text")
        x = float(px(BODY_PX))
        right = whole.width() - px(EDGE_PX) - self._marks_width()
        small = self._appearance.font(12)
        x += self._paint_origin(painter, whole, x)
        time = painting.width_of(entry.when, small) + px(9)
        parts = (
            (entry.title, self._appearance.font(13, fonts.SEMI_BOLD), ink, time),
            (entry.author, self._appearance.font(13), ink, time),
            (entry.when, small, color("muted"), 0.0),
        )
        for words, font, pen, kept in parts:
            if words and right - kept > x:
                place = painting.mirrored(QRectF(x, 0, right - kept - x, head), whole, rtl)
                x += painting.text(painter, place, words, font, pen, from_end=rtl) + px(8)

    def _paint_origin(self, painter: QPainter, whole: QRectF, x: float) -> float:
        """The number of the merged ticket that these words were written for, as a chip; the room it takes."""
        if not self.entry.origin:
            return 0.0
        px, color, rtl = self._appearance.px, self._appearance.color, self._appearance.right_to_left
        font = self._appearance.font(12, fonts.MEDIUM)
        width = painting.width_of(self.entry.origin, font) + px(10)
        box = painting.mirrored(QRectF(x, px(6), width, px(18)), whole, rtl)
        painting.frame(painter, box, color("them_soft"), None, 4)
        painting.centered(painter, box, self.entry.origin, font, color("them"))
        return width + px(8)

    def _place_marks(self) -> None:
        px, rtl = self._appearance.px, self._appearance.right_to_left
        end = self.width() - px(EDGE_PX)
        for mark in (self._mark, self._undo):
            if mark.isHidden():
                continue
            width = mark.sizeHint().width()
            end -= width
            left = self.width() - end - width if rtl else end
            mark.setGeometry(round(left), px(5), width, px(20))
            end -= px(12)

    def _marks_width(self) -> float:
        marks = [mark.sizeHint().width() for mark in (self._mark, self._undo) if not mark.isHidden()]
        return sum(marks) + self._appearance.px(12) * len(marks)

    def _offer_more(self, left: int) -> None:
        self._more.setVisible(left > 0)
        if self.body.is_at_fold:
            self._more.set_words(self.tr("Show what is quoted"))
        else:
            self._more.set_words(self.tr("Show more, {size} left").format(size=size(left)))
