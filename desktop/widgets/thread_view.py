"""The thread: messages below each other, older ones folded and paged, the place that is read never moving."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.models.thread import Entry, State
from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import KeyButton
from desktop.widgets.message_fold import EventLine, MessageFold
from desktop.widgets.message_frame import MARGIN_PX, MessageFrame
from sync.domain.records import MessageKind

PAGE = 60
SEEN_AFTER_MS = 800

Shown = MessageFrame | MessageFold | EventLine


class ThreadView(QScrollArea):
    """Shows the last 60 entries, older ones 60 at a press, so that a thread of thousands opens at once.

    seen(seq): the end of the thread was in sight for a moment, up to this seq.
    needs_you_pressed(client_key), undo_pressed(client_key), file_wanted(attachment, open).
    """

    seen = Signal(int)
    needs_you_pressed = Signal(str)
    undo_pressed = Signal(str)
    file_wanted = Signal(object, bool)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._entries: list[Entry] = []
        self._widgets: dict[str, Shown] = {}
        self._unfolded: set[str] = set()
        self._folded_again: set[str] = set()
        self._first = 0
        self._seen_seq = 0
        self._anchor: tuple[str, int] | None = None
        self._list = QWidget()
        self._list.setObjectName("threadGround")
        self._layout = QVBoxLayout(self._list)
        self._older = KeyButton(appearance, "", "more", big=False)
        self._build()
        self._watch = QTimer(self, singleShot=True, interval=SEEN_AFTER_MS)
        self._watch.timeout.connect(self._tell_seen)
        self.verticalScrollBar().valueChanged.connect(self._watch_end)
        self.verticalScrollBar().rangeChanged.connect(self._range_changed)

    def _build(self) -> None:
        px = self._appearance.px
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Thread"))
        self._layout.setContentsMargins(px(16), px(10), px(16), px(12))
        self._layout.setSpacing(px(8))
        self._layout.addWidget(self._older, 0, Qt.AlignmentFlag.AlignHCenter)
        self._layout.addStretch(1)
        self._older.clicked.connect(self.show_older)
        self._older.hide()
        self.setWidget(self._list)

    def show_thread(self, entries: Sequence[Entry]) -> None:
        """Another ticket: its last messages, and the first one that is not answered in sight."""
        self._entries = list(entries)
        self._unfolded.clear()
        self._folded_again.clear()
        self._seen_seq = 0
        self._first = max(0, len(self._entries) - PAGE)
        self._anchor = None
        self._clear()
        self._fill()
        self._settle_layout()
        self._go_to_start()
        self._watch_end()

    def update_thread(self, entries: Sequence[Entry]) -> None:
        """The same ticket again: what is read stays where it is, unless the end was in sight."""
        at_end = self._at_end()
        before = {entry.id for entry in self._entries}
        self._anchor = None if at_end else self._present_anchor()
        self._entries = list(entries)
        self._first = min(self._first, max(0, len(self._entries) - 1))
        self._fill()
        self._settle_layout()
        if at_end and any(entry.id not in before for entry in entries):
            self.go_to_end()
        elif self._anchor is not None:
            self._return_to(self._anchor)
        self._watch_end()

    def show_older(self) -> None:
        """The next 60 older ones above; what is read stays in place."""
        anchor = self._present_anchor()
        self._first = max(0, self._first - PAGE)
        self._fill()
        self._settle_layout()
        if anchor is not None:
            self._return_to(anchor)

    def unfold_all(self) -> None:
        """Every message that is shown, whole; and again folded if all were."""
        words = [entry for entry in self._entries[self._first :] if entry.kind is not MessageKind.EVENT]
        if all(isinstance(self._widgets.get(entry.id), MessageFrame) for entry in words):
            self._folded_again = {entry.id for entry in words if entry.folded}
            self._unfolded.clear()
        else:
            self._folded_again.clear()
            self._unfolded = {entry.id for entry in words}
        self._fill()
        self._settle_layout()

    def read_on(self) -> bool:
        """One screen further; False at the end."""
        bar = self.verticalScrollBar()
        if bar.value() >= bar.maximum():
            return False
        bar.setValue(bar.value() + max(40, self.viewport().height() - 40))
        return True

    def go_to_end(self) -> None:
        """The last words in sight."""
        self._settle_layout()
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def step(self, direction: int) -> None:
        """The keyboard to the next (1) or previous (-1) entry."""
        shown = [self._widgets[entry.id] for entry in self._entries[self._first :]]
        if not shown:
            return
        present = self.focusWidget()
        at = next((i for i, w in enumerate(shown) if present is w or (present and w.isAncestorOf(present))), None)
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
        anchor = self._present_anchor()
        super().resizeEvent(event)
        if anchor is not None and event.oldSize().width() != event.size().width():
            self._settle_layout()
            self._return_to(anchor)
        self._watch_end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._watch_end()

    def _fill(self) -> None:
        wanted = self._entries[self._first :]
        present = {entry.id for entry in wanted}
        for gone in [key for key in self._widgets if key not in present]:
            self._drop(gone)
        for place, entry in enumerate(wanted, start=1):  # the button for older ones stands first
            widget = self._widgets.get(entry.id)
            if (
                widget is None
                or isinstance(widget, MessageFold) != self._is_folded(entry)
                or _words_differ(widget, entry)
            ):
                if widget is not None:
                    self._drop(entry.id)
                widget = self._widgets[entry.id] = self._make(entry)
            elif widget.entry != entry:
                widget.show_entry(entry)
            if self._layout.indexOf(self._holder(widget)) != place:
                self._layout.insertWidget(place, self._holder(widget))
        self._older.setVisible(self._first > 0)
        self._older.set_words(self.tr("Older messages: {count}").format(count=self._first))

    def _make(self, entry: Entry) -> Shown:
        if entry.kind is MessageKind.EVENT:
            return EventLine(self._appearance, entry)
        if self._is_folded(entry):
            fold = MessageFold(self._appearance, entry)
            fold.clicked.connect(lambda: self._unfold(entry.id))
            self._set_aside(fold, entry)
            return fold
        message = MessageFrame(self._appearance, entry)
        message.needs_you_pressed.connect(lambda: self.needs_you_pressed.emit(entry.client_key or entry.id))
        message.undo_pressed.connect(lambda: self.undo_pressed.emit(entry.client_key or ""))
        message.head_pressed.connect(lambda: self._fold_again(entry.id))
        message.file_wanted.connect(self.file_wanted)
        self._set_aside(message, entry)
        return message

    def _set_aside(self, widget: MessageFrame | MessageFold, entry: Entry) -> None:
        """Inbound keeps to the reading side, what we wrote to the other."""
        holder = QWidget(self._list)
        box = QVBoxLayout(holder)
        gap = self._appearance.px(MARGIN_PX)
        inbound = entry.kind is MessageKind.INBOUND
        if self._appearance.right_to_left:
            inbound = not inbound
        box.setContentsMargins(0 if inbound else gap, 0, gap if inbound else 0, 0)
        box.addWidget(widget)
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def _holder(self, widget: Shown) -> QWidget:
        if isinstance(widget, EventLine):
            return widget
        holder = widget.parentWidget()
        return holder if holder is not None else widget

    def _drop(self, key: str) -> None:
        holder = self._holder(self._widgets.pop(key))
        self._layout.removeWidget(holder)
        holder.hide()
        holder.deleteLater()

    def _clear(self) -> None:
        for key in list(self._widgets):
            self._drop(key)

    def _is_folded(self, entry: Entry) -> bool:
        return entry.id in self._folded_again or (entry.folded and entry.id not in self._unfolded)

    def _unfold(self, key: str) -> None:
        self._unfolded.add(key)
        self._folded_again.discard(key)
        self._refold(key)

    def _fold_again(self, key: str) -> None:
        if any(entry.id == key and entry.state in (State.NONE, State.SENT) for entry in self._entries[:-1]):
            self._folded_again.add(key)
            self._refold(key)

    def _refold(self, key: str) -> None:
        self._fill()
        self._settle_layout()
        widget = self._widgets.get(key)
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(widget, 0, 16)

    def _settle_layout(self) -> None:
        """Now, not at the next turn of the event loop, so that one can scroll to a place that is right."""
        QCoreApplication.sendPostedEvents(self._list, QEvent.Type.LayoutRequest.value)
        self._layout.invalidate()
        width = self.viewport().width()
        self._list.resize(width, max(self._layout.heightForWidth(width), self.viewport().height()))
        self._layout.activate()

    def _go_to_start(self) -> None:
        open_ones = [entry.id for entry in self._entries if entry.state is State.UNANSWERED]
        self.go_to_end()
        first = self._widgets.get(open_ones[0]) if open_ones else None
        if first is not None:
            top = self._holder(first).y() - self._appearance.px(10)
            if top < self.verticalScrollBar().value():
                self.verticalScrollBar().setValue(top)

    def _present_anchor(self) -> tuple[str, int] | None:
        top = self.verticalScrollBar().value()
        for entry in self._entries[self._first :]:
            widget = self._widgets.get(entry.id)
            if widget is not None and self._holder(widget).geometry().bottom() >= top:
                return entry.id, self._holder(widget).y() - top
        return None

    def _return_to(self, anchor: tuple[str, int]) -> None:
        widget = self._widgets.get(anchor[0])
        if widget is not None:
            self.verticalScrollBar().setValue(self._holder(widget).y() - anchor[1])

    def _at_end(self) -> bool:
        return self.verticalScrollBar().value() >= self.verticalScrollBar().maximum() - 2

    def _range_changed(self) -> None:
        self._watch_end()

    def _watch_end(self) -> None:
        if self._end_in_sight():
            if not self._watch.isActive():
                self._watch.start()
        else:
            self._watch.stop()

    def _end_in_sight(self) -> bool:
        if not self._entries or not self.isVisible() or not self.window().isActiveWindow():
            return False
        last = self._widgets.get(self._entries[-1].id)
        if last is None:
            return False
        top = last.mapTo(self.viewport(), QPoint(0, 0)).y()
        return top + min(last.height(), 60) <= self.viewport().height()

    def _tell_seen(self) -> None:
        seq = max((entry.seq for entry in self._entries), default=0)
        if self._end_in_sight() and seq > self._seen_seq:
            self._seen_seq = seq
            self.seen.emit(seq)


def _words_differ(widget: Shown, entry: Entry) -> bool:
    return isinstance(widget, MessageFrame) and (
        widget.entry.body != entry.body or widget.entry.attachments != entry.attachments
    )
