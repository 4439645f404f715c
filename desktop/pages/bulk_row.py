"""What can be decided about many items at once, a button each."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.models.undelivered_group import Bulk
from desktop.theme.appearance import Appearance
from desktop.widgets.flow import FlowLayout
from desktop.widgets.key_button import DANGER, PLAIN, KeyButton
from sync.domain.choices import Choice


class BulkRow(QWidget):
    """chosen(Choice, tuple of client keys)."""

    chosen = Signal(object, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._buttons: list[KeyButton] = []
        self._flow = FlowLayout(self, appearance.px(8))
        size = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        size.setHeightForWidth(True)
        self.setSizePolicy(size)
        self.hide()

    def show_bulks(self, bulks: Sequence[Bulk]) -> None:
        """Others in place of those that are here; hidden where there are none."""
        for button in self._buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [self._make(bulk) for bulk in bulks]
        self.setVisible(bool(bulks))

    def _make(self, bulk: Bulk) -> KeyButton:
        away = bulk.choice is Choice.DISCARD
        look, icon = (DANGER, "discard") if away else (PLAIN, "check")
        button = KeyButton(self._appearance, bulk.words, icon, look, parent=self)
        button.clicked.connect(lambda: self.chosen.emit(bulk.choice, bulk.client_keys))
        self._flow.addWidget(button)
        button.show()
        return button
