"""A first password, shown this once to be handed over."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import KeyButton


class PasswordShown(QWidget):
    """Hidden until there is one."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._words, self._password = QLabel(), QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._password.setTextFormat(Qt.TextFormat.PlainText)
        self._password.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._password.setFont(appearance.font(18, fonts.SEMI_BOLD))
        self._password.setAccessibleName(self.tr("Password"))
        self.copy = KeyButton(appearance, self.tr("Copy"), "copy", big=False)
        row = QHBoxLayout()
        row.addWidget(self._password)
        row.addStretch(1)
        row.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._words)
        column.addLayout(row)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._password.text()))
        self.hide()

    @property
    def password(self) -> str:
        """What is shown."""
        return self._password.text()

    def show_password(self, name: str, password: str) -> None:
        """For that person."""
        words = self.tr("Hand this password to {name}. It is shown this once; they can change it in the settings.")
        self._words.setText(words.format(name=name))
        self._password.setText(password)
        self._password.setAccessibleDescription(password)
        self.show()
        self.copy.setFocus()
