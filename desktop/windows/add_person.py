"""Adds somebody: a name, the role, and a first password that is shown once to be handed over."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.keeping import Keeping
from desktop.pages.settings_parts import CheckMark
from desktop.theme import fonts
from desktop.theme.appearance import Appearance
from desktop.widgets.key_button import PRIMARY, KeyButton
from desktop.widgets.notice_line import NoticeLine
from desktop.widgets.password_shown import PasswordShown


class AddPersonWindow(QDialog):
    """Stays open with the password once the server has the person; Esc closes."""

    def __init__(
        self, appearance: Appearance, keeping: Keeping, first_password: Callable[[], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._keeping = keeping
        self._first_password = first_password
        px = appearance.px
        self.setWindowTitle(self.tr("Add somebody"))
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name to sign in with"))
        self.is_owner = CheckMark(appearance, self.tr("Owner: sees every category, keeps people and categories"))
        self.notice = NoticeLine(appearance)
        self.shown = PasswordShown(appearance)
        self.add = KeyButton(appearance, self.tr("Add"), "plus", PRIMARY, "⏎")
        self._close = KeyButton(appearance, self.tr("Close"), "", key=self.tr("Esc"))
        label = QLabel(self.tr("Name to sign in with"))
        label.setFont(appearance.font(12, fonts.MEDIUM))
        hint = QLabel(self.tr("Categories are ticked afterwards, and saved when you say so."))
        hint.setProperty("tone", "muted")
        hint.setWordWrap(True)
        foot = QHBoxLayout()
        foot.addWidget(self._close)
        foot.addStretch(1)
        foot.addWidget(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(16), px(20), px(16))
        column.setSpacing(px(8))
        for widget in (label, self.name, self.is_owner, hint, self.notice, self.shown):
            column.addWidget(widget)
        column.addLayout(foot)
        self.setMinimumWidth(px(460))
        self._close.clicked.connect(self.close)
        self.add.clicked.connect(self._add)
        self.name.returnPressed.connect(self._add)

    def _add(self) -> None:
        name, is_owner = self.name.text().strip(), self.is_owner.isChecked()
        if not name:
            self._refuse(self.tr("Give a name first."))
        elif self.add.isEnabled():
            password = self._first_password()
            self.notice.clear()
            self.add.setEnabled(False)
            self._keeping.ask(
                lambda server: server.add_person(name, password, is_owner),
                lambda _agent_id: self._added(name, password),
                self._refuse,
            )

    def _added(self, name: str, password: str) -> None:
        for field in (self.name, self.is_owner):
            field.setEnabled(False)
        self.add.hide()
        self.shown.show_password(name, password)

    def _refuse(self, sentence: str) -> None:
        self.add.setEnabled(True)
        self.notice.say(sentence)
        self.name.setFocus()
