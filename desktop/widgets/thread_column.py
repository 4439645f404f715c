"""The entries of a thread below each other: which are whole, which are folded, and which are not shown yet."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.models.thread import Entry, State
from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import KeyButton
from desktop.widgets.message_fold import EventLine, MessageFold
from desktop.widgets.message_frame import MARGIN_PX, MessageFrame
from desktop.widgets.tabbing import tab_after
from sync.domain.records import MessageKind

PAGE = 60

Shown = MessageFrame | MessageFold | EventLine


class ThreadColumn(QWidget):
    """Makes a widget for each of the last 60 entries; keeps those that only changed their state.

    chosen(client_key, Choice): what to do with words that were not delivered.
    older_wanted(): the button for older ones. refolded(id): an entry was folded or unfolded by hand.
    begun(): another thread. filled(): some widgets may be new.
    """

    begun = Signal()
    filled = Signal()
    older_wanted = Signal()
    refolded = Signal(str)
    needs_you_pressed = Signal(str)
    undo_pressed = Signal(str)
    chosen = Signal(str, object)
    file_wanted = Signal(object, bool)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._entries: list[Entry] = []
        self._widgets: dict[str, Shown] = {}
        self._unfolded: set[str] = set()
        self._folded_again: set[str] = set()
        self._first = 0
        self._older = KeyButton(appearance, "", "more", big=False)
        self._column = QVBoxLayout(self)
        px = appearance.px
        self._column.setContentsMargins(px(16), px(10), px(16), px(12))
        self._column.setSpacing(px(8))
        self._column.addWidget(self._older, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        self._older.clicked.connect(self.older_wanted)
        self._older.hide()

    @property
    def shown(self) -> list[Entry]:
        """The entries that have a widget, in order."""
        return self._entries[self._first :]

    @property
    def entries(self) -> list[Entry]:
        """All of the thread."""
        return self._entries

    def begin(self, entries: Sequence[Entry]) -> None:
        """Another thread."""
        for key in list(self._widgets):
            self._drop(key)
        self._unfolded.clear()
        self._folded_again.clear()
        self._entries = list(entries)
        self._first = max(0, len(self._entries) - PAGE)
        self.begun.emit()
        self.fill()

    def follow(self, entries: Sequence[Entry]) -> None:
        """The same thread as it is now."""
        self._entries = list(entries)
        self._first = min(self._first, max(0, len(self._entries) - 1))
        self.fill()

    def show_older(self) -> None:
        """60 more above."""
        self._first = max(0, self._first - PAGE)
        self.fill()

    def unfold_all(self) -> None:
        """Every message that is shown, whole; and folded as before if all were."""
        words = [entry for entry in self.shown if entry.kind is not MessageKind.EVENT]
        if all(isinstance(self._widgets.get(entry.id), MessageFrame) for entry in words):
            self._folded_again = {entry.id for entry in words if entry.folded}
            self._unfolded.clear()
        else:
            self._folded_again.clear()
            self._unfolded = {entry.id for entry in words}
        self.fill()

    def reveal(self, entry_id: str) -> None:
        """That entry among those that are shown, and whole."""
        place = next((place for place, entry in enumerate(self._entries) if entry.id == entry_id), self._first)
        if place < self._first or self._is_folded(self._entries[place]):
            self._first = min(self._first, place)
            self._unfolded.add(entry_id)
            self._folded_again.discard(entry_id)
            self.fill()

    def widget_of(self, entry_id: str) -> Shown | None:
        """The entry's widget, if it has one."""
        return self._widgets.get(entry_id)

    def place_of(self, entry_id: str) -> tuple[int, int] | None:
        """Top and bottom of an entry in this column, in px."""
        widget = self._widgets.get(entry_id)
        if widget is None:
            return None
        place = self._holder(widget).geometry()
        return place.top(), place.bottom()

    def lay_out(self, width: int, least: int) -> None:
        """Now, not at the next turn of the event loop, so that one can scroll to a place that is right."""
        self._column.invalidate()
        self.resize(width, max(self._column.heightForWidth(width), least))
        self._column.activate()

    def fill(self) -> None:
        """Widgets for what is shown: new ones made, others kept or told of their new state."""
        wanted = self.shown
        present = {entry.id for entry in wanted}
        for gone in [key for key in self._widgets if key not in present]:
            self._drop(gone)
        for place, entry in enumerate(wanted, start=1):  # the button for older ones stands first
            widget = self._widgets.get(entry.id)
            if widget is not None and not self._fits(widget, entry):
                self._drop(entry.id)
                widget = None
            if widget is None:
                widget = self._widgets[entry.id] = self._make(entry)
            elif widget.entry != entry:
                widget.show_entry(entry)
            if self._column.indexOf(self._holder(widget)) != place:
                self._column.insertWidget(place, self._holder(widget))
                self._holder(widget).show()  # now: a layout takes no notice of what is to be shown later
        self._older.setVisible(self._first > 0)
        self._older.set_words(self.tr("Older messages: {count}").format(count=self._first))
        tab_after(self._older, [self._widgets[entry.id] for entry in wanted])
        self.filled.emit()

    def _fits(self, widget: Shown, entry: Entry) -> bool:
        if isinstance(widget, EventLine):
            return entry.kind is MessageKind.EVENT
        if isinstance(widget, MessageFold) != self._is_folded(entry) or widget.entry.kind is not entry.kind:
            return False
        same = widget.entry.body == entry.body and widget.entry.attachments == entry.attachments
        return same or isinstance(widget, MessageFold)

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
        message.chosen.connect(lambda choice: self.chosen.emit(entry.client_key or entry.id, choice))
        message.head_pressed.connect(lambda: self._fold_again(entry.id))
        message.file_wanted.connect(self.file_wanted)
        self._set_aside(message, entry)
        return message

    def _set_aside(self, widget: MessageFrame | MessageFold, entry: Entry) -> None:
        """Inbound keeps to the reading side, what we wrote to the other."""
        holder = QWidget(self)
        box = QVBoxLayout(holder)
        gap = self._appearance.px(MARGIN_PX)
        left = (entry.kind is MessageKind.INBOUND) is not self._appearance.right_to_left
        box.setContentsMargins(0 if left else gap, 0, gap if left else 0, 0)
        box.addWidget(widget)
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def _holder(self, widget: Shown) -> QWidget:
        holder = None if isinstance(widget, EventLine) else widget.parentWidget()
        return holder if holder is not None else widget

    def _drop(self, key: str) -> None:
        holder = self._holder(self._widgets.pop(key))
        self._column.removeWidget(holder)
        holder.hide()
        holder.deleteLater()

    def _is_folded(self, entry: Entry) -> bool:
        return entry.id in self._folded_again or (entry.folded and entry.id not in self._unfolded)

    def _unfold(self, key: str) -> None:
        self._unfolded.add(key)
        self._folded_again.discard(key)
        self.fill()
        self.refolded.emit(key)

    def _fold_again(self, key: str) -> None:
        if any(entry.id == key and entry.state in (State.NONE, State.SENT) for entry in self._entries[:-1]):
            self._folded_again.add(key)
            self.fill()
            self.refolded.emit(key)
