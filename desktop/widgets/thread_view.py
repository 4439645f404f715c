"""The thread in its scrolling view: the place that is read never moves by itself, and its end is noticed when seen."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from desktop.models.thread import Entry, State
from desktop.theme.appearance import Appearance
from desktop.widgets.message_body import MessageBody
from desktop.widgets.message_frame import MessageFrame
from desktop.widgets.tabbing import FocusRing
from desktop.widgets.thread_column import ThreadColumn

SEEN_AFTER_MS = 800


class ThreadView(QScrollArea):
    """Shows the last 60 entries, older ones 60 at a press, so that a thread of thousands opens at once.

    seen(seq): the end of the thread was in sight for a moment, up to this seq.
    needs_you_pressed(client_key), undo_pressed(client_key), file_wanted(attachment, open).
    changed(): the same thread holds other entries.
    """

    changed = Signal()
    seen = Signal(int)
    needs_you_pressed = Signal(str)
    undo_pressed = Signal(str)
    file_wanted = Signal(object, bool)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._entries: list[Entry] = []
        self._seen_seq = 0
        self.column = ThreadColumn(appearance)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Thread"))
        self.setWidget(self.column)
        self._ring = FocusRing(appearance, self)
        self._watch = QTimer(self, singleShot=True, interval=SEEN_AFTER_MS)
        self._watch.timeout.connect(self._tell_seen)
        self.verticalScrollBar().valueChanged.connect(self._watch_end)
        self.verticalScrollBar().rangeChanged.connect(self._watch_end)
        self.column.older_wanted.connect(self.show_older)
        self.column.refolded.connect(self._show_refolded)
        self.column.needs_you_pressed.connect(self.needs_you_pressed)
        self.column.undo_pressed.connect(self.undo_pressed)
        self.column.file_wanted.connect(self.file_wanted)

    @property
    def entries(self) -> Sequence[Entry]:
        """The whole thread."""
        return self._entries

    @property
    def first_in_sight(self) -> str:
        """The id of the first entry in sight; empty for none."""
        anchor = self._anchor()
        return anchor[0] if anchor is not None else ""

    def show_thread(self, entries: Sequence[Entry]) -> None:
        """Another ticket: its last messages, and the first one that is not answered in sight."""
        self._entries = list(entries)
        self._seen_seq = 0
        self.column.begin(entries)
        self._go_to_start()
        self._watch_end()

    def update_thread(self, entries: Sequence[Entry]) -> None:
        """The same ticket again: what is read stays where it is, unless the end was in sight."""
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 2
        before = {entry.id for entry in self._entries}
        anchor = self._anchor()
        self._entries = list(entries)
        self.column.follow(entries)
        if at_end and any(entry.id not in before for entry in entries):
            self.go_to_end()
        else:
            self._return_to(anchor)
        self._watch_end()
        self.changed.emit()

    def show_older(self) -> None:
        """The next 60 older ones above; what is read stays in place."""
        anchor = self._anchor()
        self.column.show_older()
        self._return_to(anchor)

    def unfold_all(self) -> None:
        """Every message that is shown, whole; and folded as before if all were."""
        anchor = self._anchor()
        self.column.unfold_all()
        self._return_to(anchor)

    def read_on(self) -> bool:
        """One screen further; False at the end."""
        bar = self.verticalScrollBar()
        if bar.value() >= bar.maximum():
            return False
        bar.setValue(bar.value() + max(40, self.viewport().height() - 40))
        return True

    def go_to_end(self) -> None:
        """The last words in sight."""
        self._lay_out()
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def reveal(self, entry_id: str) -> MessageFrame | None:
        """That message among those that are shown, and whole; None for an event."""
        self.column.reveal(entry_id)
        widget = self.column.widget_of(entry_id)
        return widget if isinstance(widget, MessageFrame) else None

    def show_mark(self, body: MessageBody) -> None:
        """The stronger mark of a message in sight, with some room around it."""
        around = body.parentWidget()
        while around is not None and around is not self.column:  # the body may have grown just now
            around.updateGeometry()
            around = around.parentWidget()
        self._lay_out()
        place = body.marked_place
        middle = body.mapTo(self.column, place.center())
        self.ensureVisible(middle.x(), middle.y(), 0, place.height() // 2 + self._appearance.px(60))

    def step(self, direction: int) -> None:
        """The keyboard to the next (1) or previous (-1) entry."""
        shown = [widget for entry in self.column.shown if (widget := self.column.widget_of(entry.id)) is not None]
        if not shown:
            return
        here = self.focusWidget()
        at = next((n for n, one in enumerate(shown) if here is one or (here and one.isAncestorOf(here))), None)
        start = len(shown) - 1 if direction < 0 else 0
        goal = shown[start if at is None else min(max(at + direction, 0), len(shown) - 1)]
        goal.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.ensureWidgetVisible(goal, 0, 16)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            bar = self.verticalScrollBar()
            bar.setValue(bar.maximum() if event.key() == Qt.Key.Key_End else 0)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        anchor = self._anchor()
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._return_to(anchor)
        self._watch_end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._watch_end()

    def _show_refolded(self, key: str) -> None:
        self._lay_out()
        widget = self.column.widget_of(key)
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(widget, 0, 16)

    def _lay_out(self) -> None:
        self.column.lay_out(self.viewport().width(), self.viewport().height())

    def _go_to_start(self) -> None:
        self.go_to_end()
        first = next((entry.id for entry in self._entries if entry.state is State.UNANSWERED), "")
        place = self.column.place_of(first)
        if place is not None:
            top = place[0] - self._appearance.px(10)
            self.verticalScrollBar().setValue(min(top, self.verticalScrollBar().value()))

    def _anchor(self) -> tuple[str, int] | None:
        """The first entry in sight, and where its top is against the view's."""
        top = self.verticalScrollBar().value()
        for entry in self.column.shown:
            place = self.column.place_of(entry.id)
            if place is not None and place[1] >= top:
                return entry.id, place[0] - top
        return None

    def _return_to(self, anchor: tuple[str, int] | None) -> None:
        self._lay_out()
        place = self.column.place_of(anchor[0]) if anchor is not None else None
        if anchor is not None and place is not None:
            self.verticalScrollBar().setValue(place[0] - anchor[1])

    def _watch_end(self) -> None:
        if not self._end_in_sight():
            self._watch.stop()
        elif not self._watch.isActive():
            self._watch.start()

    def _end_in_sight(self) -> bool:
        if not self._entries or not self.isVisible() or not self.window().isActiveWindow():
            return False
        last = self.column.widget_of(self._entries[-1].id)
        if last is None:
            return False
        top = last.mapTo(self.viewport(), QPoint(0, 0)).y()
        return top + min(last.height(), 60) <= self.viewport().height()

    def _tell_seen(self) -> None:
        seq = max((entry.seq for entry in self._entries), default=0)
        if self._end_in_sight() and seq > self._seen_seq:
            self._seen_seq = seq
            self.seen.emit(seq)
