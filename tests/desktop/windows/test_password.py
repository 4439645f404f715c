"""One's own password is changed on the account page."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.alerts.alert_desk import AlertDesk, Person
from desktop.alerts.alert_windows import About, AlertWindows
from desktop.pages.settings_password import PasswordPart
from sync.domain.errors import Offline, Rejected
from tests.rigs.world import ME, World

pytestmark = pytest.mark.qt_log_ignore("PulseAudioService|This plugin does not support", extend=True)


@dataclass
class Account:
    """The account page, and a server that answers as it is told."""

    windows: AlertWindows
    asked: list[tuple[str, str]] = field(default_factory=list)
    answer: Exception | None = None

    def change(self, old: str, new: str) -> None:
        self.asked.append((old, new))
        if self.answer is not None:
            raise self.answer

    @property
    def part(self) -> PasswordPart:
        self.windows.open_settings("account")
        assert self.windows.settings is not None
        page = self.windows.settings.page("account")
        assert page is not None
        [part] = page.findChildren(PasswordPart)
        return part

    def type_in(self, old: str, new: str, again: str) -> str:
        """And press Enter; what the page says."""
        part = self.part
        for line, text in ((part.old, old), (part.new, new), (part.again, again)):
            line.setText(text)
        QTest.keyClick(part.again, Qt.Key.Key_Return)
        return part.said.text()


@pytest.fixture
def account(world: World, qapp: QApplication, qtbot: QtBot) -> Iterator[Account]:
    parent = QWidget()
    qtbot.addWidget(parent)
    alerts = AlertDesk(world.desk, qapp, Person(ME, is_owner=False), lambda: None)
    made: list[Account] = []
    about = About("Marta K.", "x", "desk-4", Path("/data"), "Yes", "0.1.0", lambda old, new: made[0].change(old, new))
    made.append(Account(AlertWindows(world.desk, alerts, about, parent)))
    yield made[0]
    alerts.stop()


def test_it_is_changed_and_nothing_typed_stays(account: Account) -> None:
    assert account.type_in("old one", "new one", "new one").startswith("Your password is changed.")
    assert account.asked == [("old one", "new one")]
    part = account.part
    assert (part.old.text(), part.new.text(), part.again.text()) == ("", "", "")


def test_what_is_missing_or_differs_is_said_before_anybody_is_asked(account: Account) -> None:
    assert account.type_in("old", "", "") == "Fill in all three fields."
    assert "not the same" in account.type_in("old", "new one", "new two")
    assert account.asked == []


def test_a_wrong_old_password_and_other_refusals_are_told(account: Account) -> None:
    account.answer = Rejected("x", "wrongPassword")
    assert account.type_in("old", "new", "new") == "The old password is not right. Try again."
    account.answer = Rejected("A password has 8 to 1000 characters. Choose another.", "invalidProperties")
    assert account.type_in("old", "new", "new").startswith("A password has 8")
    account.answer = Offline("The server cannot be reached. Check the network.")
    assert account.type_in("old", "new", "new").startswith("The server cannot")
    assert account.part.button.isEnabled()
