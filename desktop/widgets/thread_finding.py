"""Finds words in the thread: marks every place, goes from one to the next, unfolds what it goes to."""

from PySide6.QtCore import QObject

from desktop.models.thread_hits import MOST, Hit, Needle, hits
from desktop.theme.appearance import Appearance
from desktop.widgets.announcing import announce
from desktop.widgets.message_frame import MessageFrame
from desktop.widgets.thread_find import FindBar
from desktop.widgets.thread_view import ThreadView


class ThreadFinding(QObject):
    """Between the bar and the view; `bar` is to be placed over the view."""

    def __init__(self, appearance: Appearance, view: ThreadView) -> None:
        super().__init__(view)
        self._view = view
        self._needle = Needle("")
        self._hits: list[Hit] = []
        self._at: Hit | None = None
        self.bar = FindBar(appearance)
        self.bar.sought.connect(self._seek)
        self.bar.stepped.connect(self._step)
        self.bar.closed.connect(self.close)
        view.changed.connect(self._follow)
        view.column.begun.connect(self.close)
        view.column.filled.connect(self._mark)

    def ask(self) -> None:
        """Show the bar."""
        self.bar.ask()

    def close(self) -> bool:
        """Away with bar and marks; False if there was none."""
        if self.bar.isHidden():
            return False
        had_keyboard = self.bar.isAncestorOf(self.bar.window().focusWidget() or self.bar)
        self.bar.hide()
        self._needle, self._hits, self._at = Needle(""), [], None
        self._mark()
        if had_keyboard:
            self._view.setFocus()
        return True

    def _seek(self, text: str) -> None:
        if text == self._needle.text:
            return
        self._needle = Needle(text)
        self._hits = hits(self._view.entries, self._needle)
        self._at = self._nearest()
        self._mark()
        self._go()
        announce(self.bar, self.bar.count.text())

    def _step(self, direction: int) -> None:
        if not self._hits:
            return
        at = self._hits.index(self._at) if self._at in self._hits else -1
        self._at = self._hits[(at + direction) % len(self._hits)]
        self._mark()
        self._go()
        announce(self.bar, self.bar.count.text())

    def _follow(self) -> None:
        """The thread changed: the place that is shown stays, the figures are right."""
        if self.bar.isHidden():
            return
        self._hits = hits(self._view.entries, self._needle)
        if self._at not in self._hits:
            self._at = self._nearest()
        self._mark()
        self._say()

    def _nearest(self) -> Hit | None:
        """The one that stands where one was, else the first from what is in sight on, else the first."""
        if not self._hits:
            return None
        order = {entry.id: place for place, entry in enumerate(self._view.entries)}
        start = order.get(self._at.entry_id if self._at is not None else self._view.first_in_sight, 0)
        return next((hit for hit in self._hits if order[hit.entry_id] >= start), self._hits[0])

    def _go(self) -> None:
        self._say()
        if self._at is None:
            return
        frame = self._view.reveal(self._at.entry_id)
        if frame is not None:
            frame.body.mark(self._needle, self._at.number)
            self._view.show_mark(frame.body)

    def _mark(self) -> None:
        for entry in self._view.column.shown:
            widget = self._view.column.widget_of(entry.id)
            if isinstance(widget, MessageFrame):
                here = self._at is not None and self._at.entry_id == entry.id
                widget.body.mark(self._needle, self._at.number if here and self._at is not None else -1)

    def _say(self) -> None:
        if not self._needle:
            self.bar.show_count("", False)
        elif not self._hits or self._at is None:
            self.bar.show_count(self.tr("Not in this thread"), False)
        else:
            count = str(MOST) + "+" if len(self._hits) >= MOST else str(len(self._hits))
            words = self.tr("{number} of {count}").format(number=self._hits.index(self._at) + 1, count=count)
            self.bar.show_count(words, True)
