"""What was not confirmed for 72 hours is not shown: the program with no server in reach (PRODUCT B2)."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop import spot_check_cli
from desktop.app import Options, Program
from desktop.instance import Message
from desktop.models.moments import Moments
from desktop.opening import FOLDER, folder_of
from desktop.secrets import MemoryVault, Secrets
from desktop.settings import Settings
from sync.cache.cache import Cache
from sync.connectors.port import Access, Account, AccountKind
from sync.domain.actions import SaveQuickNote
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.domain.times import HOUR_MS

KEY = bytes(range(32))
ACCOUNTS = (
    Account("C" + "2" * 32 + "-1", AccountKind.CATEGORY, "Downloads", category_id="c" + "2" * 32),
    Account("P" + "1" * 32 + "-1", AccountKind.PERSONAL, "Marta K."),
)
ACCESS = Access("server", "g" + "1" * 32, "Marta K.", False, ACCOUNTS, "s1", 0)
pytestmark = pytest.mark.qt_log_ignore(".*")  # no screen, no bus, no sound: Qt says so at length


class SetClock(SystemClock):
    """The system's, so many milliseconds ahead."""

    ahead = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.ahead


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def folder(tmp_path: Path, clock: SetClock) -> Path:
    """A data folder whose person was confirmed just now, with one unsent note."""
    ids = IdFactory(clock, Random(3))
    cache = Cache.open(tmp_path / folder_of(ACCESS), KEY, clock, ids)
    cache.save_access(ACCESS)
    cache.put(SaveQuickNote(ids.client_key(), "Call Lena back", clock.now_ms()))
    cache.close()
    settings = Settings(tmp_path)
    settings.put(FOLDER, folder_of(ACCESS))
    settings.put("account/server", "http://127.0.0.1:9")
    return tmp_path


@pytest.fixture
def start(folder: Path, clock: SetClock, qapp: QApplication) -> Iterator[Callable[[], Program]]:
    programs: list[Program] = []

    def begin() -> Program:
        vault = MemoryVault(fleeting=False)
        vault.save(Secrets(KEY, "token"))
        programs.append(Program(qapp, Options(folder, vault=vault), clock, IdFactory(clock, Random(4))))
        assert programs[-1].start()
        return programs[-1]

    yield begin
    for program in programs:
        program.quit()


def ask(program: Program, message: Message, qtbot: QtBot) -> Message:
    """As a terminal would."""
    answers: list[Message] = []
    program.handle(message, answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    return answers[0]


def test_a_start_after_72_hours_shows_the_locked_page_and_no_window(
    start: Callable[[], Program], clock: SetClock, qtbot: QtBot
) -> None:
    clock.ahead = 73 * HOUR_MS
    program = start()
    qtbot.waitUntil(lambda: program.locked is not None, timeout=20_000)
    assert program.run is None
    assert program.locked is not None
    page = program.locked.window
    assert page.isVisible()
    assert "For 72 hours the server has not confirmed" in page.words
    assert "Texts of yours that wait here: 1." in page.words
    assert "Call Lena" not in page.words
    qtbot.waitUntil(lambda: "cannot be reached" in page.words, timeout=20_000)
    assert program.locked.tray.menu_titles() == ["Open Deskbell", "Sync now", "Quit Deskbell"]


def test_what_runs_locks_when_the_hours_are_over_and_keeps_what_was_begun(
    start: Callable[[], Program], clock: SetClock, qtbot: QtBot
) -> None:
    program = start()
    qtbot.waitUntil(lambda: program.run is not None, timeout=20_000)
    assert program.run is not None
    program.run.do("quick_note")
    program.run._quick_note.editor.setPlainText("Half a thought")
    program.run.do("settings")
    clock.ahead = 72 * HOUR_MS + 1_000
    qtbot.waitUntil(lambda: program.locked is not None, timeout=20_000)
    assert program.run is None
    assert program.locked is not None
    assert "wait here: 2" in program.locked.window.words
    tops = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
    assert tops == [program.locked.window]


def test_a_locked_program_takes_notes_and_answers_nothing_else(
    start: Callable[[], Program], clock: SetClock, qtbot: QtBot
) -> None:
    clock.ahead = 73 * HOUR_MS
    program = start()
    qtbot.waitUntil(lambda: program.locked is not None, timeout=20_000)
    assert program.locked is not None
    assert ask(program, {"do": "note", "text": "Still writing"}, qtbot) == {"ok": True}
    assert ask(program, {"do": "raise"}, qtbot) == {"ok": True}
    for message in ({"do": "spotCheck"}, {"do": "ticket", "id": "t1"}):
        answer = ask(program, message, qtbot)
        assert (answer["ok"], "locked" in answer["sentence"]) == (False, True)
    reader = program.locked.cache.reader()
    assert {one.text for one in reader.quick_notes()} == {"Call Lena back", "Still writing"}
    reader.close()


def test_the_check_on_a_terminal_says_nothing_of_locked_tickets(
    folder: Path, clock: SetClock, capsys: pytest.CaptureFixture[str], qapp: QApplication
) -> None:
    def opened() -> Cache:
        return Cache.open(folder / folder_of(ACCESS), KEY, clock, IdFactory(clock, Random(5)))

    spot_check_cli.run(folder, opened, clock, Moments())
    assert "locked" not in "".join(capsys.readouterr())
    clock.ahead = 73 * HOUR_MS
    assert spot_check_cli.run(folder, opened, clock, Moments()) == 2
    assert "locked" in capsys.readouterr().err


def test_signing_out_of_a_locked_program_keeps_the_words(
    start: Callable[[], Program], clock: SetClock, qtbot: QtBot, folder: Path
) -> None:
    clock.ahead = 73 * HOUR_MS
    program = start()
    qtbot.waitUntil(lambda: program.locked is not None, timeout=20_000)
    assert program.locked is not None
    leave = next(one for one in program.locked.window.findChildren(QPushButton) if one.text() == "Sign out")
    leave.click()
    qtbot.waitUntil(program.sign_in.isVisible, timeout=20_000)
    assert program.locked is None
    cache = Cache.open(folder / folder_of(ACCESS), KEY, clock, IdFactory(clock, Random(6)))
    reader = cache.reader()
    assert [one.text for one in reader.quick_notes()] == ["Call Lena back"]
    reader.close()
    cache.close()
