"""Asks for one name, and for nothing else; what is wrong with it is said below it."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import PRIMARY, KeyButton
from desktop.widgets.notice_line import NoticeLine

Deed = Callable[[str, Callable[[str], None]], None]
"""Carry it out with this name; call the second with a sentence where it failed. Closing is the caller's."""


class NameWindow(QDialog):
    """Esc closes; Enter does it. `may_be_empty`: nothing is an answer too."""

    def __init__(
        self,
        appearance: Appearance,
        title: str,
        label: str,
        name: str,
        deed: Deed,
        parent: QWidget,
        *,
        may_be_empty: bool = False,
    ) -> None:
        super().__init__(parent)
        self._deed = deed
        self._may_be_empty = may_be_empty
        px = appearance.px
        self.setWindowTitle(title)
        self.name = QLineEdit(name)
        self.name.setAccessibleName(label)
        self.name.selectAll()
        self.notice = NoticeLine(appearance)
        self.save = KeyButton(appearance, self.tr("Save"), "check", PRIMARY, "⏎")
        close = KeyButton(appearance, self.tr("Close"), "", key=self.tr("Esc"))
        words = QLabel(label)
        words.setFont(appearance.font(12, fonts.MEDIUM))
        foot = QHBoxLayout()
        foot.addWidget(close)
        foot.addStretch(1)
        foot.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(16), px(20), px(16))
        column.setSpacing(px(8))
        column.addWidget(words)
        column.addWidget(self.name)
        column.addWidget(self.notice)
        column.addLayout(foot)
        self.setMinimumWidth(px(420))
        close.clicked.connect(self.close)
        self.save.clicked.connect(self._do)
        self.name.returnPressed.connect(self._do)

    def refuse(self, sentence: str) -> None:
        """It failed: try another name, or again."""
        self.save.setEnabled(True)
        self.notice.say(sentence)
        self.name.setFocus()

    def _do(self) -> None:
        name = self.name.text().strip()
        if not name and not self._may_be_empty:
            self.refuse(self.tr("Give a name first."))
        elif self.save.isEnabled():
            self.notice.clear()
            self.save.setEnabled(False)
            self._deed(name, self.refuse)
