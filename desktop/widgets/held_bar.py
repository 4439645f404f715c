"""Under a message that was not delivered: why, and the answers to it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.models.thread import Held
from desktop.theme.appearance import Appearance
from desktop.widgets import painting
from desktop.widgets.answer_row import AnswerRow


class HeldBar(QWidget):
    """Hidden for a message that is on its way or has arrived. chosen(Choice)."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._why = QLabel()
        self._why.setWordWrap(True)
        self._why.setTextFormat(Qt.TextFormat.PlainText)
        self._why.setFont(appearance.font(12))
        self._why.setAlignment(painting.at_start(appearance.right_to_left))
        self._answers = AnswerRow(appearance, big=False, keys=False)
        self._answers.chosen.connect(self.chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(appearance.px(6))
        column.addWidget(self._why)
        column.addWidget(self._answers)
        self.hide()

    def show_held(self, held: Held | None) -> None:
        """Another reason, or none any more."""
        self.setVisible(held is not None)
        if held is not None:
            self._why.setText(held.why)
            self._answers.show_answers(held.answers)
