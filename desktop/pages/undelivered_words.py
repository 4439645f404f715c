"""One's own words that were not delivered, beside what the server has."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.models.thread import Entry
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.message_fold import EventLine
from desktop.widgets.message_frame import MessageFrame
from sync.domain.records import MessageKind


class WordsBeside(QWidget):
    """Two columns, or one below the other where there is little room.

    file_wanted(attachment, open): a file of one's own words is to be opened (True) or saved (False).
    """

    file_wanted = Signal(object, bool)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._mine, self._theirs = QVBoxLayout(), QVBoxLayout()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(appearance.px(16))
        for words, column in (
            (self.tr("Your words, saved on this computer"), self._mine),
            (self.tr("At the server, not seen by you yet"), self._theirs),
        ):
            side = QVBoxLayout()
            side.setSpacing(appearance.px(6))
            head = QLabel(words)
            head.setWordWrap(True)
            head.setFont(appearance.font(13, fonts.SEMI_BOLD))
            side.addWidget(head)
            column.setSpacing(appearance.px(8))
            side.addLayout(column)
            side.addStretch(1)
            self._sides.addLayout(side, 1)

    def stack(self, stacked: bool) -> None:
        """One below the other."""
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(down if stacked else across)

    def show_mine(self, entry: Entry) -> None:
        _empty(self._mine)
        frame = MessageFrame(self._appearance, entry, narrow=True)
        frame.mark_as_undelivered()
        frame.file_wanted.connect(self.file_wanted)
        self._mine.addWidget(frame)

    def show_theirs(self, entries: Sequence[Entry]) -> None:
        """Each whole; a sentence where there is none."""
        _empty(self._theirs)
        for entry in entries:
            shown = replace(entry, folded=False, undo=False)
            is_event = entry.kind is MessageKind.EVENT
            widget = EventLine(self._appearance, shown) if is_event else None
            self._theirs.addWidget(widget or MessageFrame(self._appearance, shown, narrow=True))
        if not entries:
            nothing = QLabel(self.tr("Nothing new that you may see."))
            nothing.setProperty("tone", "muted")
            self._theirs.addWidget(nothing)


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
