"""A reply was stopped before it went: why, and what may be done with it, right where it was written."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.models.choice_words import Answer
from desktop.theme.appearance import Appearance
from desktop.widgets.answer_row import AnswerRow
from desktop.widgets.notice_line import NoticeLine
from sync.domain.choices import Choice


class StoppedBar(QWidget):
    """Hidden while nothing is stopped. chosen(Choice): send it anyway, go on writing, keep it as a note."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._why = NoticeLine(appearance)
        self._answers = AnswerRow(appearance, big=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(appearance.px(6))
        column.addWidget(self._why)
        column.addWidget(self._answers)
        self._answers.chosen.connect(self.chosen)
        self._answers.show_answers(
            (
                Answer(Choice.SEND_ANYWAY, self.tr("Send anyway"), "send", "Ctrl ⏎", proposed=True),
                Answer(Choice.EDIT, self.tr("Go on writing"), "quick-note"),
                Answer(Choice.AS_NOTE, self.tr("Keep as internal note"), "lock"),
            )
        )
        self.hide()

    @property
    def words(self) -> str:
        """Why it was stopped; empty while hidden."""
        return "" if self.isHidden() else self._why.words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def ask(self, sentence: str) -> None:
        """The keyboard stays where one writes."""
        self.show()
        self._why.say(sentence, "needs", "needs-you")
        self._fit()

    def _fit(self) -> None:
        """As high as its buttons need at this width."""
        layout = self.layout()
        height = layout.totalHeightForWidth(self.width()) if layout is not None else 0
        if height > 0:
            self.setFixedHeight(height)
