"""One's own password on the account page: the old one, the new one twice, and what came of it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.lanes import Lane
from desktop.pages.settings_parts import Words
from desktop.theme.appearance import Appearance
from desktop.widgets.announcing import announce
from desktop.widgets.key_button import KeyButton
from sync.domain.errors import DeskbellError, Rejected
from sync.domain.protocol import WRONG_PASSWORD

ChangePassword = Callable[[str, str], None]
"""(old, new), blocking. Raises DeskbellError with its sentence."""


class PasswordPart(QWidget):
    """Works online only; the person's other computers are signed out, this one is not."""

    def __init__(self, appearance: Appearance, lane: Lane, change: ChangePassword) -> None:
        super().__init__()
        self._lane = lane
        self._change = change
        self._fields = [QLineEdit() for _ in range(3)]
        self.old, self.new, self.again = self._fields
        self.said = Words(appearance, "", 12)
        self.button = KeyButton(appearance, self.tr("Change password"), "", big=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        names = (self.tr("Old password"), self.tr("New password"), self.tr("New password once more"))
        for field, name in zip(self._fields, names, strict=True):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setPlaceholderText(name)
            field.setAccessibleName(name)
            field.setFixedWidth(appearance.px(260))
            field.returnPressed.connect(self._go)
            column.addWidget(field)
        self.said.setWordWrap(True)
        self.said.hide()
        column.addWidget(self.said)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.button.clicked.connect(self._go)

    def _go(self) -> None:
        empty = next((one for one in self._fields if not one.text()), None)
        if empty is not None:
            self._say(self.tr("Fill in all three fields."))
            empty.setFocus()
        elif self.new.text() != self.again.text():
            self._say(self.tr("The new passwords are not the same. Type them again."))
            self.again.selectAll()
            self.again.setFocus()
        else:
            old, new = self.old.text(), self.new.text()
            self.button.setEnabled(False)
            self._lane.run(lambda: self._change(old, new), lambda _none: self._changed(), self._failed)

    def _changed(self) -> None:
        if not isValid(self):
            return  # the settings were closed meanwhile
        self.button.setEnabled(True)
        for field in self._fields:
            field.clear()
        self._say(self.tr("Your password is changed. Your other computers were signed out."))

    def _failed(self, error: DeskbellError) -> None:
        if not isValid(self):
            return
        self.button.setEnabled(True)
        wrong = isinstance(error, Rejected) and error.reason == WRONG_PASSWORD
        self._say(self.tr("The old password is not right. Try again.") if wrong else str(error))
        field = self.old if wrong else self.new
        field.selectAll()
        field.setFocus()

    def _say(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.show()
        announce(self, sentence)
