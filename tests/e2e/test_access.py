"""Access taken away from the running program, with a server as a process: what goes, how fast, and what stays (B1, B2).

The figures stand in the output of `pytest -s`.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop.app import Options, Program
from desktop.models.composing import Mode
from desktop.run import Run
from desktop.secrets import MemoryVault
from sync.connectors.central.sign_in import CentralSignIn
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.domain.times import HOUR_MS
from sync.engine.status import Condition
from tests.rigs.office import PASSWORD, Office, office_of_its_own
from tests.rigs.strangers import free_address

ROOT = Path(__file__).parents[2]
MARTA, NEW_PASSWORD = "Marta K.", "another good horse"
MARK = "Zanzibar"
SOON_S = 60.0  # no round comes by itself in these tests (no_polls); the figure itself is printed
PATIENCE_MS = 90_000
pytestmark = [
    pytest.mark.qt_log_ignore(".*"),  # no screen, no bus, no sound: Qt says so at length
    pytest.mark.xdist_group("access"),
]


class SetClock(SystemClock):
    """The system's, so many milliseconds ahead."""

    ahead = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.ahead


@dataclass
class Workstation:
    """One computer: its folder and its keyring outlive the program."""

    office: Office
    data: Path
    application: QApplication
    qtbot: QtBot
    clock: SetClock = field(default_factory=SetClock)
    vault: MemoryVault = field(default_factory=lambda: MemoryVault(fleeting=False))
    program: Program | None = None

    def start(self) -> Program:
        options = Options(self.data, vault=self.vault)
        self.program = Program(self.application, options, self.clock, IdFactory(self.clock, SystemRandom()))
        assert self.program.start()
        return self.program

    def end(self) -> None:
        if self.program is not None:
            self.program.quit()
            self.program.deleteLater()
            self.program = None

    def wait(self, true: Callable[[], object]) -> float:
        """Until it is so; the seconds."""
        began = time.monotonic()
        self.qtbot.waitUntil(lambda: bool(true()), timeout=PATIENCE_MS)
        return time.monotonic() - began

    @property
    def here(self) -> Program:
        assert self.program is not None
        return self.program

    @property
    def run(self) -> Run:
        assert self.here.run is not None
        return self.here.run

    def sign_in(self, password: str = PASSWORD) -> Run:
        page = self.here.sign_in
        self.wait(page.isVisible)
        page.put(self.office.address, MARTA)
        page._password.setText(password)
        page._button.click()
        self.wait(lambda: self.here.run is not None and self.run.desk.reader.is_whole())
        self.wait(lambda: self.run.status is not None and self.run.status.condition is Condition.ONLINE)
        return self.run

    def open(self, ticket_id: str) -> None:
        self.wait(lambda: self.run.desk.reader.ticket(ticket_id) is not None)
        self.run.open_ticket(ticket_id)
        self.wait(lambda: self.run.parts.presenter.ticket_id == ticket_id)

    def texts(self) -> str:
        """Every label, and every window's title, of this program."""
        tops = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
        labels = [label.text() for top in tops for label in top.findChildren(QLabel) if label.isVisible()]
        return "\n".join([*(top.windowTitle() for top in tops), *labels])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_of_its_own(tmp_path_factory.mktemp("server")) as office:
        office.agent(MARTA, office.category("Downloads"))
        yield office


@pytest.fixture
def desk(office: Office, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Workstation]:
    found = office.house.people.find(MARTA)
    office.house.people.reactivate(found["id"])
    office.house.people.set_password(found["id"], PASSWORD)
    office.house.grants.grant(found["id"], downloads(office))
    office.house.parts.database.write(lambda: office.house.parts.database.execute("DELETE FROM sign_in_delay"))
    desk = Workstation(office, tmp_path, qapp, qtbot)
    yield desk
    desk.end()


def downloads(office: Office) -> str:
    return str(office.house.grants.find_category("Downloads")["id"])


def administrator(office: Office, *words: str, typed: str = "") -> None:
    """At a terminal, with a process of their own."""
    path = str(office.house.parts.database.base.database)
    environment = {**os.environ, "DESKBELL_DATABASE": path}
    command = [sys.executable, "-m", "sync.server", *words]
    subprocess.run(command, cwd=ROOT, env=environment, input=typed, text=True, check=True, capture_output=True)


def until_at_rest(office: Office, desk: Workstation, no_polls: Callable[[], bool], ticket_id: str) -> None:
    """That it was read has been told, and the stream is open: this workstation does nothing more by itself."""
    database = office.house.parts.database
    desk.wait(
        lambda: database.read(lambda: database.select("SELECT 1 FROM read_mark WHERE ticket_id = ?", (ticket_id,)))
    )
    desk.wait(no_polls)


def test_revoked_while_online_is_gone_from_cache_and_screen_by_push(
    office: Office, desk: Workstation, no_polls: Callable[[], bool]
) -> None:
    filed = office.file(downloads(office), f"{MARK} in the subject", f"{MARK} in the text")
    desk.start()
    desk.sign_in()
    desk.open(filed.ticket.id)
    desk.run.window.pane.compose(Mode.REPLY)
    desk.run.window.pane.composer.sheet.editor.setPlainText("My own half sentence")
    assert MARK in desk.texts()
    until_at_rest(office, desk, no_polls, filed.ticket.id)
    administrator(office, "revoke", MARTA, "Downloads")
    took = desk.wait(lambda: desk.run.desk.reader.ticket(filed.ticket.id) is None)
    took += desk.wait(lambda: MARK not in desk.texts() and not desk.run.parts.presenter.ticket_id)
    took += desk.wait(lambda: desk.run.parts.model.rowCount() == 0)
    print(f"revoked by a command, gone from cache and screen {took:.2f} s after it ended")  # noqa: T201  # a figure
    assert took < SOON_S
    assert desk.run.desk.reader.search(MARK, 10) == []
    assert "My own half sentence" in [one.text for one in desk.run.desk.reader.undelivered()]
    office.file(downloads(office), f"{MARK} once more")
    desk.wait(no_polls)
    office.house.grants.grant(office.house.people.find(MARTA)["id"], office.category(f"Other {time.monotonic_ns()}"))
    desk.wait(lambda: len(desk.run.parts.browsing.categories) == 1)
    assert not any(MARK in row.subject for row in desk.run.desk.reader.search(MARK, 10))
    assert MARK not in desk.texts()


def revoke_tokens(office: Office) -> None:
    for row in office.house.sign_ins.all(office.house.people.find(MARTA)["id"]):
        administrator(office, "token", "revoke", row["id"])


def set_password(office: Office) -> None:
    administrator(office, "agent", "password", MARTA, "--password-stdin", typed=f"{NEW_PASSWORD}\n")


def change_elsewhere(office: Office) -> None:
    """They changed it themselves, at another computer."""
    CentralSignIn(office.session(office.token(MARTA))).change_password(PASSWORD, NEW_PASSWORD)


def deactivate(office: Office) -> None:
    administrator(office, "agent", "deactivate", MARTA)


def come_back(office: Office) -> None:
    found = office.house.people.find(MARTA)
    office.house.people.reactivate(found["id"])
    office.house.grants.grant(found["id"], downloads(office))


@pytest.mark.parametrize(
    ("end", "words", "password"),
    [
        (revoke_tokens, "This computer was signed out.", PASSWORD),
        (set_password, "Your password was changed.", NEW_PASSWORD),
        (change_elsewhere, "Your password was changed.", NEW_PASSWORD),
        (deactivate, "Your account was closed.", PASSWORD),
    ],
)
def test_a_sign_in_that_is_ended_shows_the_page_with_the_reason_and_loses_nothing(
    office: Office,
    desk: Workstation,
    no_polls: Callable[[], bool],
    end: Callable[[Office], None],
    words: str,
    password: str,
) -> None:
    filed = office.file(downloads(office), "Stops at 62 %")
    desk.start()
    desk.sign_in()
    desk.open(filed.ticket.id)
    desk.run.window.pane.compose(Mode.REPLY)
    desk.run.window.pane.composer.sheet.editor.setPlainText("Half a sente")
    until_at_rest(office, desk, no_polls, filed.ticket.id)
    end(office)
    took = desk.wait(lambda: desk.here.run is None and desk.here.sign_in.isVisible())
    print(f"{end.__name__}: the sign-in page {took:.2f} s after it")  # noqa: T201  # a figure
    assert took < SOON_S
    assert words in desk.texts()
    assert "Stops at" not in desk.texts()
    if end is deactivate:
        come_back(office)
    desk.sign_in(password)
    desk.open(filed.ticket.id)
    desk.run.window.pane.compose(Mode.REPLY)
    assert desk.run.window.pane.composer.draft.text == "Half a sente"


def test_72_hours_without_the_servers_word_lock_and_its_next_word_unlocks(office: Office, desk: Workstation) -> None:
    filed = office.file(downloads(office), f"{MARK} behind the lock")
    desk.start()
    run = desk.sign_in()
    desk.open(filed.ticket.id)
    desk.end()
    del run
    desk.clock.ahead = 73 * HOUR_MS
    program = Program(desk.application, Options(desk.data, vault=desk.vault), desk.clock, IdFactory(desk.clock))
    program._settings.put("account/server", free_address())
    desk.program = program
    assert program.start()
    desk.wait(lambda: program.locked is not None)
    desk.wait(lambda: "cannot be reached" in desk.texts())
    assert "has not confirmed" in desk.texts()
    assert MARK not in desk.texts()
    desk.end()
    desk.start()._settings.put("account/server", office.address)
    desk.wait(lambda: desk.here.run is not None)
    desk.open(filed.ticket.id)
    assert MARK in desk.texts()
    assert desk.here.locked is None
