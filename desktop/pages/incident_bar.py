"""What can be done with the incident that is open."""

from PySide6.QtCore import QObject

from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import PLAIN, PRIMARY, KeyButton


class IncidentButtons(QObject):
    """The buttons under an incident."""

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self.save = KeyButton(appearance, self.tr("Save"), "check", PRIMARY, "Ctrl S")
        self.answer = KeyButton(appearance, self.tr("Answer all…"), "reply", PLAIN, "Ctrl R")
        self.fixed = KeyButton(appearance, self.tr("It is repaired"), "check-circle", PLAIN)
        self.again = KeyButton(appearance, self.tr("It broke again"), "undo", PLAIN)
        self.throw = KeyButton(appearance, self.tr("Drop my changes"), "undo", PLAIN)

    @property
    def in_row(self) -> tuple[KeyButton, ...]:
        """Side by side."""
        return self.save, self.answer, self.fixed, self.again, self.throw

    def show_state(self, *, is_kept: bool, is_changed: bool, is_fixed: bool, tickets: int) -> None:
        """Only what makes sense now."""
        self.save.setEnabled(is_changed)
        self.answer.setVisible(is_kept)
        self.answer.setEnabled(tickets > 0)
        self.fixed.setVisible(is_kept and not is_fixed)
        self.again.setVisible(is_kept and is_fixed)
        self.throw.setVisible(is_changed)
