"""The answers to "what now?" as buttons, side by side and on in the next line where there is little room."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.models.choice_words import Answer
from desktop.models.plain_tip import plain_tip
from desktop.theme.appearance import Appearance
from desktop.widgets.flow import FlowLayout
from desktop.widgets.key_button import ACCENT, DANGER, PLAIN, ButtonLook, KeyButton
from sync.domain.choices import Choice


class AnswerRow(QWidget):
    """chosen(Choice). `keys`: whether the buttons name their keys, which the owner binds."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance, *, big: bool = True, keys: bool = True) -> None:
        super().__init__()
        self._appearance = appearance
        self._big, self._keys = big, keys
        self._answers: tuple[Answer, ...] = ()
        self._buttons: list[KeyButton] = []
        self._also: list[QWidget] = []
        self._keys_shown = True
        self._flow = FlowLayout(self, appearance.px(8))
        size = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        size.setHeightForWidth(True)
        self.setSizePolicy(size)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What can be chosen here."""
        return self._answers

    def button(self, choice: Choice) -> KeyButton | None:
        """The button of a choice, if it is here."""
        found = zip(self._answers, self._buttons, strict=True)
        return next((button for answer, button in found if answer.choice is choice), None)

    def keep(self, widget: QWidget) -> None:
        """Another button, always the last."""
        self._also.append(widget)
        self._flow.addWidget(widget)

    def show_answers(self, answers: Sequence[Answer]) -> None:
        """Others in place of those that are here."""
        if tuple(answers) != self._answers:
            for button in self._buttons:
                self._flow.removeWidget(button)
                button.hide()
                button.deleteLater()
            self._answers = tuple(answers)
            self._buttons = [self._make(answer) for answer in answers]
            for widget in self._also:
                self._flow.removeWidget(widget)
                self._flow.addWidget(widget)
            self.show_keys(self._keys_shown)
        self.setVisible(bool(answers or self._also))
        self.updateGeometry()

    def show_keys(self, shown: bool) -> None:
        """Leave the keys out where there is little room."""
        self._keys_shown = shown
        for button in (*self._buttons, *(one for one in self._also if isinstance(one, KeyButton))):
            button.show_key(shown and self._keys)

    def _make(self, answer: Answer) -> KeyButton:
        look: ButtonLook = DANGER if answer.choice is Choice.DISCARD else ACCENT if answer.proposed else PLAIN
        button = KeyButton(self._appearance, answer.words, answer.icon, look, answer.key, big=self._big, parent=self)
        button.setEnabled(not answer.why_not)
        button.setToolTip(plain_tip(answer.why_not))
        button.setAccessibleDescription(answer.why_not)
        button.clicked.connect(lambda: self.chosen.emit(answer.choice))
        self._flow.addWidget(button)
        button.show()
        return button
