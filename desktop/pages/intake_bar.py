"""What can be done with what is open on the intake page."""

from PySide6.QtCore import QObject

from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import DANGER, PLAIN, PRIMARY, KeyButton


class IntakeButtons(QObject):
    """The buttons under a closing, a cap or the calendar."""

    def __init__(self, appearance: Appearance, parent: QObject) -> None:
        super().__init__(parent)
        self.save = KeyButton(appearance, self.tr("Save"), "check", PRIMARY, "Ctrl S")
        self.throw = KeyButton(appearance, self.tr("Drop my changes"), "undo", PLAIN)
        self.end = KeyButton(appearance, self.tr("End it now"), "clock", PLAIN)
        self.remove = KeyButton(appearance, self.tr("Remove…"), "discard", DANGER, self.tr("Del"))

    @property
    def in_row(self) -> tuple[KeyButton, ...]:
        """Side by side; removing stands apart."""
        return self.save, self.throw, self.end

    def show_state(self, *, is_kept: bool, is_changed: bool, is_now: bool, may_go: bool) -> None:
        """Only what makes sense now."""
        self.save.setEnabled(is_changed)
        self.throw.setVisible(is_changed and is_kept)
        self.end.setVisible(is_now)
        self.remove.setVisible(may_go)
