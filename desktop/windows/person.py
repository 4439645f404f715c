"""One person, as an owner keeps them: their devices, each to be signed out, and a new password where it was lost."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.desk import Desk
from desktop.keeping import Keeping
from desktop.pages.settings_parts import Box, Words
from desktop.theme import fonts
from desktop.widgets.key_button import DANGER, KeyButton
from desktop.widgets.notice_line import NoticeLine
from desktop.widgets.password_shown import PasswordShown
from sync.domain.people import AgentAccess, Device


class PersonWindow(QDialog):
    """Follows `show_person` while it is open."""

    def __init__(self, desk: Desk, keeping: Keeping, first_password: Callable[[], str], parent: QWidget) -> None:
        super().__init__(parent)
        look, px = desk.appearance, desk.appearance.px
        self._desk = desk
        self._keeping = keeping
        self._first_password = first_password
        self._person: AgentAccess | None = None
        self._title = Words(look, size=18, weight=fonts.SEMI_BOLD)
        self._devices = Box(look)
        self.buttons: dict[str, KeyButton] = {}
        self.notice = NoticeLine(look)
        self.shown = PasswordShown(look)
        self.password = KeyButton(look, self.tr("New password…"), "lock")
        close = KeyButton(look, self.tr("Close"), "", key=self.tr("Esc"))
        foot = QHBoxLayout()
        foot.addWidget(self.password)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(16), px(20), px(16))
        column.setSpacing(px(10))
        column.addWidget(self._title)
        column.addWidget(Words(look, self.tr("Signed in on"), 12, tone="muted"))
        column.addWidget(self._devices)
        column.addWidget(self.notice)
        column.addWidget(self.shown)
        column.addStretch(1)
        column.addLayout(foot)
        self.setMinimumWidth(px(520))
        close.clicked.connect(self.close)
        self.password.clicked.connect(self._ask_password)
        self.notice.answered.connect(self._answered)

    @property
    def agent_id(self) -> str:
        """Whom it shows; empty for nobody."""
        return self._person.id if self._person is not None else ""

    def show_person(self, person: AgentAccess) -> None:
        """As they are now."""
        self._person = person
        self.setWindowTitle(person.name)
        self._title.setText(person.name)
        self.buttons = {}
        rows: list[QWidget] = [self._row(person, device) for device in person.devices]
        if not rows:
            nowhere = QLabel(self.tr("Nowhere."))
            nowhere.setContentsMargins(12, 8, 12, 8)
            rows = [nowhere]
        self._devices.set_rows(rows)
        self.password.setEnabled(person.active)

    def _row(self, person: AgentAccess, device: Device) -> QWidget:
        look, now = self._desk.appearance, self._desk.clock.now_ms()
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(12, 6, 8, 6)
        name = Words(look, device.name or self.tr("a device without a name"))
        seen = Words(look, self.tr("seen {day}").format(day=self._desk.moments.day(device.last_seen_at, now)), 12)
        seen.setProperty("tone", "muted")
        button = KeyButton(look, self.tr("Sign out"), "", DANGER, big=False)
        button.setAccessibleName(self.tr("Sign out {device}").format(device=device.name))
        button.clicked.connect(partial(self._sign_out, person.id, device.token_id))
        self.buttons[device.token_id] = button
        line.addWidget(name, 1)
        line.addWidget(seen)
        line.addWidget(button)
        return row

    def _sign_out(self, agent_id: str, token_id: str) -> None:
        self.buttons[token_id].setEnabled(False)
        self._keeping.ask(
            lambda server: server.sign_out_device(agent_id, token_id),
            lambda _done: self.notice.say(self.tr("Signed out. Nothing on that device is lost."), "sent"),
            partial(self._failed, token_id),
        )

    def _failed(self, token_id: str, sentence: str) -> None:
        if token_id in self.buttons:
            self.buttons[token_id].setEnabled(True)
        self.notice.say(sentence)

    def _ask_password(self) -> None:
        if self._person is not None:
            words = self.tr("Give {name} a new password? They are signed out everywhere.")
            self.notice.ask(words.format(name=self._person.name), self.tr("New password"), self.tr("No"))

    def _answered(self, yes: bool) -> None:
        person = self._person
        if not yes or person is None:
            return
        password = self._first_password()
        self._keeping.ask(
            lambda server: server.give_password(person.id, password),
            lambda _done: self.shown.show_password(person.name, password),
            self.notice.say,
        )
