"""The menu at a ticket's head: what is not done so often, and the fields where they have no line of their own."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from desktop.theme.appearance import Appearance


class TicketMenu(QObject):
    """field_wanted(str): its menu is to open. The others are what they say."""

    field_wanted = Signal(str)
    unfold_wanted = Signal()
    merge_wanted = Signal()
    copy_wanted = Signal()
    read_wanted = Signal()
    details_wanted = Signal()

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def fill(self, menu: QMenu, *, with_fields: bool) -> None:
        """Add its entries."""
        if with_fields:
            for words, sign, name in (
                (self.tr("Status…"), "check-circle", "status"),
                (self.tr("Assignee…"), "user", "assignee"),
                (self.tr("Category…"), "folder", "category"),
                (self.tr("Priority…"), "high", "priority"),
                (self.tr("Tags…"), "tag", "tags"),
            ):
                action = menu.addAction(self._appearance.icon(sign, 16, "muted"), words)
                action.triggered.connect(lambda _checked=False, name=name: self.field_wanted.emit(name))
            menu.addSeparator()
        for words, sign, wanted in (
            (self.tr("Unfold all messages"), "more", self.unfold_wanted),
            (self.tr("Merge into another ticket…"), "link", self.merge_wanted),
            (self.tr("Copy number and subject"), "copy", self.copy_wanted),
            (self.tr("Mark as read"), "inbound", self.read_wanted),
            (self.tr("Show or hide the details"), "panel-right", self.details_wanted),
        ):
            menu.addAction(self._appearance.icon(sign, 16, "muted"), words).triggered.connect(wanted)
