"""The program from its start to its end, with no server in reach."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.alerts.tray_face import Face, Look
from desktop.app import Options, Program
from desktop.instance import Message
from desktop.models.new_ticket import Filled
from desktop.opening import FOLDER, folder_of
from desktop.secrets import MemoryVault, Secrets
from desktop.settings import Settings
from desktop.windows.new_ticket import NewTicketWindow
from sync.cache.cache import Cache
from sync.connectors.port import Access, Account, AccountKind
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.engine.status import Condition, SyncStatus

KEY = bytes(range(32))
ME = "g" + "1" * 32
ACCOUNTS = (
    Account("C" + "2" * 32 + "-1", AccountKind.CATEGORY, "Downloads", category_id="c" + "2" * 32),
    Account("P" + "1" * 32 + "-1", AccountKind.PERSONAL, "Marta K."),
)
ACCESS = Access("server", ME, "Marta K.", False, ACCOUNTS, "s1", 0)
NOBODY_THERE = "http://127.0.0.1:9"
pytestmark = pytest.mark.qt_log_ignore(".*")  # no screen, no bus, no sound: Qt says so at length

Start = Callable[[Secrets | None], Program]


@pytest.fixture
def start(tmp_path: Path, qapp: QApplication) -> Iterator[Start]:
    """Starts the program; with secrets as somebody who was signed in before."""
    programs: list[Program] = []
    clock = SystemClock()
    ids = IdFactory(clock, Random(3))

    def begin(kept: Secrets | None) -> Program:
        vault = MemoryVault(fleeting=kept is None)  # who was signed in before has a keyring that keeps
        if kept is not None:
            vault.save(kept)
            cache = Cache.open(tmp_path / folder_of(ACCESS), kept.cache_key, clock, ids)
            cache.save_access(ACCESS)
            cache.close()
            settings = Settings(tmp_path)
            settings.put(FOLDER, folder_of(ACCESS))
            settings.put("account/server", NOBODY_THERE)
        programs.append(Program(qapp, Options(tmp_path, vault=vault), clock, ids))
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


def test_the_first_start_asks_who_one_is(start: Start, qtbot: QtBot) -> None:
    program = start(None)
    qtbot.waitUntil(program.sign_in.isVisible)
    assert program.run is None
    assert ask(program, {"do": "note", "text": "x"}, qtbot)["ok"] is False


def test_while_nobody_is_signed_in_the_tray_says_so_and_offers_the_page(start: Start, qtbot: QtBot) -> None:
    program = start(None)
    qtbot.waitUntil(program.sign_in.isVisible)
    tray = program.signed_out.tray
    assert (tray.face, tray.tooltip) == (Face(Look.ERROR), "Deskbell: nobody is signed in.")
    assert tray.menu_titles() == ["Open Deskbell", "Quit Deskbell"]
    program.sign_in.showMinimized()
    tray.choose("raise")
    assert not program.sign_in.isMinimized()
    note = ask(program, {"do": "note", "text": "x"}, qtbot)
    assert note == {"ok": False, "sentence": "Nobody is signed in. Sign in first, then try again."}


def test_who_was_signed_in_works_on_without_a_server(start: Start, qtbot: QtBot) -> None:
    program = start(Secrets(KEY, "token"))
    qtbot.waitUntil(lambda: program.run is not None and program.run.window.isVisible(), timeout=20_000)
    run = program.run
    assert run is not None
    qtbot.waitUntil(run.window.banner.isVisible, timeout=20_000)
    assert run.window.windowTitle().endswith("Deskbell, offline")
    assert ask(program, {"do": "note", "text": "Call Lena back"}, qtbot) == {"ok": True}
    assert [note.text for note in run.desk.reader.quick_notes()] == ["Call Lena back"]
    assert ask(program, {"do": "note", "text": "  "}, qtbot)["ok"] is False
    assert ask(program, {"do": "raise"}, qtbot) == {"ok": True}


def test_a_ticket_begun_has_its_categories_and_outlives_the_program(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    program = start(Secrets(KEY, "token"))
    qtbot.waitUntil(lambda: program.run is not None, timeout=20_000)
    assert program.run is not None
    program.run.do("new_ticket")
    (asked,) = program.run.window.findChildren(NewTicketWindow)
    assert asked.isVisible()
    assert asked.category.value == ACCOUNTS[0].category_id  # the only one
    asked.subject.setText("Twelve seats")
    program.quit()
    cache = Cache.open(tmp_path / folder_of(ACCESS), KEY, SystemClock(), IdFactory(SystemClock(), Random(4)))
    reader = cache.reader()
    (kept,) = reader.drafts()
    assert Filled.from_text(kept.text).subject == "Twelve seats"
    reader.close()
    cache.close()


def test_do_not_disturb_by_a_key_says_until_when(start: Start, qtbot: QtBot) -> None:
    program = start(Secrets(KEY, "token"))
    qtbot.waitUntil(lambda: program.run is not None and program.run.window.isVisible(), timeout=20_000)
    run = program.run
    assert run is not None
    run.do("dnd")
    assert run.window.notice.words.startswith("Do not disturb until ")
    run.do("dnd")
    assert run.window.notice.words == "You are rung again."


def test_without_a_tray_a_closed_window_stays_within_reach(start: Start, qtbot: QtBot) -> None:
    program = start(Secrets(KEY, "token"))
    qtbot.waitUntil(lambda: program.run is not None and program.run.window.isVisible(), timeout=20_000)
    run = program.run
    assert run is not None
    assert not run.alerts.tray.available
    run.window.close()
    assert run.window.isVisible()
    assert run.window.isMinimized()
    run.raise_window()
    assert not run.window.isMinimized()


def test_a_run_that_keeps_nothing_leaves_no_tickets_behind(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    program = start(None)
    qtbot.waitUntil(program.sign_in.isVisible)
    program.quit()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("account-")] == []


def test_an_ended_sign_in_locks_the_tickets_and_loses_nothing(start: Start, qtbot: QtBot, tmp_path: Path) -> None:
    program = start(Secrets(KEY, "token"))
    qtbot.waitUntil(lambda: program.run is not None, timeout=20_000)
    assert program.run is not None
    assert ask(program, {"do": "note", "text": "Call Lena back"}, qtbot) == {"ok": True}
    program.run.desk.bridge.report_status(SyncStatus(Condition.SIGNED_OUT))
    qtbot.waitUntil(program.sign_in.isVisible, timeout=20_000)
    assert program.run is None
    assert program.signed_out.tray.tooltip == "Deskbell: signed out. Sign in again; nothing is lost."
    cache = Cache.open(tmp_path / folder_of(ACCESS), KEY, SystemClock(), IdFactory(SystemClock(), Random(4)))
    reader = cache.reader()
    assert [note.text for note in reader.quick_notes()] == ["Call Lena back"]
    reader.close()
    cache.close()
