"""Every bad input and fault that the program must bear, tried on the real program and a real server."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

import pytest
from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from sqlcipher3 import dbapi2

from desktop.app import Options, Program
from desktop.models.composing import Mode
from desktop.opening import FOLDER
from desktop.run import Run
from desktop.secrets import MemoryVault
from desktop.settings import Settings
from sync.cache.folder import CACHE
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.domain.protocol import PROTOCOL_VERSION
from sync.server.ledger import TokenRow
from tests.rigs.office import PASSWORD, Office, office_of_its_own
from tests.rigs.strangers import (
    free_address,
    of_protocol,
    other_service,
    own_certificate,
    stranger,
    web_page,
)

ROOT = Path(__file__).parents[2]
MARTA = "Marta K."
PATIENCE_MS = 90_000
EDGE = "שלום, مرحبا, 你好, e\u0301, 👩‍👩‍👧 🛎, \u202eright to left\u202c, tab\there, zero\u200bwidth"
pytestmark = [
    pytest.mark.qt_log_ignore(".*"),  # no screen, no bus, no sound: Qt says so at length
    pytest.mark.xdist_group("faults"),
]


@dataclass
class Workstation:
    """One computer: its folder and its keyring outlive the program."""

    data: Path
    application: QApplication
    qtbot: QtBot
    vault: MemoryVault = field(default_factory=lambda: MemoryVault(fleeting=False))
    program: Program | None = None

    def start(self) -> Program:
        """Start the program."""
        clock = SystemClock()
        Settings(self.data).put("writing/undoSeconds", 0)  # these tests look at what comes after
        options = Options(self.data, vault=self.vault)
        self.program = Program(self.application, options, clock, IdFactory(clock, SystemRandom()))
        assert self.program.start()
        return self.program

    def end(self) -> None:
        """In order."""
        if self.program is not None:
            self.program.quit()
            self.program.deleteLater()
            self.program = None

    def wait(self, true: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=PATIENCE_MS)

    def type_in(self, server: str, name: str = MARTA, password: str = PASSWORD) -> None:
        """Fill in the sign-in page and press the button."""
        program = self.here
        self.wait(program.sign_in.isVisible)
        program.sign_in.put(server, name)
        program.sign_in._password.setText(password)
        program.sign_in._button.click()

    def refused(self, server: str, name: str = MARTA, password: str = PASSWORD) -> str:
        """What the sign-in page says."""
        self.type_in(server, name, password)
        self.wait(lambda: self.here.sign_in.sentence)
        assert self.here.run is None
        return self.here.sign_in.sentence

    def sign_in(self, server: str) -> Run:
        """Until everything is here."""
        self.type_in(server)
        return self.loaded()

    def loaded(self) -> Run:
        self.wait(lambda: self.here.run is not None and self.run.desk.reader.is_whole())
        self.wait(lambda: self.run.parts.browsing.categories)
        return self.run

    @property
    def here(self) -> Program:
        assert self.program is not None
        return self.program

    @property
    def run(self) -> Run:
        assert self.here.run is not None
        return self.here.run

    @property
    def cache_file(self) -> Path:
        return self.data / Settings(self.data).text(FOLDER) / CACHE

    def open(self, ticket_id: str) -> None:
        """Open a ticket that is on its way here."""
        self.wait(lambda: self.run.desk.reader.ticket(ticket_id) is not None)
        self.run.open_ticket(ticket_id)
        self.wait(lambda: self.run.parts.presenter.ticket_id == ticket_id)

    def write(self, mode: Mode, text: str) -> None:
        """Paste into the composer, instead of what stands there."""
        self.run.window.pane.compose(mode)
        editor = self.run.window.pane.composer.sheet.editor
        editor.selectAll()
        pasted = QMimeData()
        pasted.setText(text)
        editor.insertFromMimeData(pasted)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A server with one agent and one category."""
    with office_of_its_own(tmp_path_factory.mktemp("server")) as office:
        office.agent(MARTA, office.category("Downloads"))
        yield office


@pytest.fixture
def desk(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Workstation]:
    desk = Workstation(tmp_path, qapp, qtbot)
    yield desk
    desk.end()


def downloads(office: Office) -> str:
    return str(office.house.grants.find_category("Downloads")["id"])


# signing in


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(office: Office, desk: Workstation) -> None:
    desk.start()
    wrong = desk.refused(office.address, password="not it")
    assert wrong == desk.refused(office.address, name="Nobody at all")
    assert wrong == "Name or password is not right. Try again, or ask your administrator."


def test_nobody_there(desk: Workstation) -> None:
    desk.start()
    assert "cannot be reached" in desk.refused(free_address())


def test_a_web_page_and_another_service_are_told_apart_from_deskbell(desk: Workstation) -> None:
    desk.start()
    with stranger(web_page) as address:
        assert "A web page answered instead" in desk.refused(address)
    with stranger(other_service) as address:
        assert "is no Deskbell server" in desk.refused(address)


@pytest.mark.parametrize("days", [1, -1])
def test_a_certificate_that_nobody_vouches_for(desk: Workstation, tmp_path: Path, days: int) -> None:
    asked: list[str] = []

    def answer(_method: str, path: str, _headers: dict[str, str]) -> tuple[int, str, bytes]:
        asked.append(path)
        return 201, "application/json", b'{"token": "x"}'

    desk.start()
    with stranger(answer, own_certificate(tmp_path, days)) as address:
        assert "so nothing was sent to it" in desk.refused(address)
    assert asked == []


@pytest.mark.parametrize(("step", "words"), [(1, "is newer than this Deskbell"), (-1, "is older than this Deskbell")])
def test_a_server_of_another_protocol(office: Office, desk: Workstation, step: int, words: str) -> None:
    desk.start()
    with stranger(of_protocol(office.address, office.token(MARTA), PROTOCOL_VERSION + step)) as address:
        assert words in desk.refused(address)


# the sign-in ends


def end_by_revoking(office: Office) -> None:
    for row in office.house.sign_ins.all():
        office.house.sign_ins.revoke(row["id"])


def end_by_age(office: Office) -> None:
    database = office.house.parts.database
    database.write(lambda: database.run(TokenRow.update({TokenRow.expires_at: 1})))


@pytest.mark.parametrize("end", [end_by_revoking, end_by_age])
def test_a_sign_in_that_ended_locks_the_desktop_and_loses_no_word(
    office: Office, desk: Workstation, end: Callable[[Office], None]
) -> None:
    filed = office.file(downloads(office), "Stops at 62 %")
    desk.start()
    desk.sign_in(office.address)
    desk.open(filed.ticket.id)
    desk.write(Mode.REPLY, "Half a sente")
    end(office)
    desk.run.desk.intents.quick_note("Call Lena back")  # something to send meets the refusal
    desk.wait(desk.here.sign_in.isVisible)
    assert desk.here.run is None
    desk.sign_in("")
    desk.open(filed.ticket.id)
    desk.run.window.pane.compose(Mode.REPLY)
    assert desk.run.window.pane.composer.draft.text == "Half a sente"
    assert "Call Lena back" in [note.text for note in desk.run.desk.reader.quick_notes()]
    desk.wait(lambda: desk.run.desk.reader.counts().outbox == 0)


# the files on this computer


def test_a_cache_of_a_newer_version_is_refused_and_left_as_it_is(office: Office, desk: Workstation) -> None:
    desk.start()
    desk.sign_in(office.address)
    desk.end()
    kept = desk.vault.load()
    assert kept is not None
    file = dbapi2.connect(str(desk.cache_file))
    file.execute(f"PRAGMA key = \"x'{kept.cache_key.hex()}'\"")
    file.execute("PRAGMA user_version = 99")
    file.close()
    before = desk.cache_file.read_bytes()
    said: list[str] = []
    ended: list[bool] = []

    def read_and_close() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            said.append(box.text())
            box.accept()
            ended.append(True)

    looking = QTimer(interval=20)
    looking.timeout.connect(read_and_close)
    looking.start()
    desk.start()
    desk.wait(lambda: ended)
    looking.stop()
    assert "newer Deskbell" in said[0]
    assert desk.here.run is None
    assert desk.cache_file.read_bytes() == before


def test_a_damaged_cache_is_set_aside_its_words_saved_and_loaded_again(office: Office, desk: Workstation) -> None:
    filed = office.file(downloads(office), "Before the damage")
    desk.start()
    desk.sign_in(office.address)
    desk.open(filed.ticket.id)
    desk.write(Mode.NOTE, "Words that must stay")
    desk.end()
    octets = bytearray(desk.cache_file.read_bytes())
    octets[4096:12288] = bytes(8192)
    desk.cache_file.write_bytes(octets)
    for ending in ("-wal", "-shm"):
        desk.cache_file.with_name(CACHE + ending).unlink(missing_ok=True)
    desk.start()
    run = desk.loaded()
    assert "damaged" in run.window.notice.words
    assert list(desk.cache_file.parent.glob("damaged-*"))
    desk.open(filed.ticket.id)
    run.window.pane.compose(Mode.NOTE)
    assert run.window.pane.composer.draft.text == "Words that must stay"


def test_damage_that_is_met_at_work_is_mended_too(office: Office, desk: Workstation) -> None:
    filed = office.file(downloads(office), "While one works")
    desk.start()
    run = desk.sign_in(office.address)
    desk.open(filed.ticket.id)
    desk.write(Mode.NOTE, "Words that must stay, too")
    desk.here.damaged()
    assert desk.here.run is None
    again = desk.loaded()
    assert again is not run
    assert list(desk.cache_file.parent.glob("damaged-*"))
    desk.open(filed.ticket.id)
    again.window.pane.compose(Mode.NOTE)
    assert again.window.pane.composer.draft.text == "Words that must stay, too"


def test_a_full_disk_leaves_the_text_in_the_editor_and_says_so(office: Office, desk: Workstation) -> None:
    filed = office.file(downloads(office), "A long answer")
    desk.start()
    run = desk.sign_in(office.address)
    desk.open(filed.ticket.id)
    store = run.desk.cache._store
    pages = store.value("PRAGMA page_count")
    store.execute(f"PRAGMA max_page_count = {pages}")
    text = "x" * 900_000
    desk.write(Mode.REPLY, text)
    composer = run.window.pane.composer
    composer._submit()
    desk.wait(lambda: "full" in composer.sheet.notice.words)
    assert composer.draft.text == text
    assert composer.sheet.editor.isEnabled()
    store.execute("PRAGMA max_page_count = 4294967294")
    composer._submit()
    desk.wait(lambda: composer.mode is None)
    desk.wait(lambda: run.desk.reader.counts().outbox == 0)


# a second start, and words from a terminal


def deskbell(desk: Workstation, *words: str) -> tuple[int, str]:
    """As typed on a terminal while the program runs; exit code and output."""
    command = [sys.executable, "-m", "desktop", "--data", str(desk.data), *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as typed:
        desk.wait(lambda: typed.poll() is not None)
        assert typed.stdout is not None
        return typed.returncode, typed.stdout.read()


def test_a_second_start_brings_the_window_back(office: Office, desk: Workstation) -> None:
    desk.start()
    run = desk.sign_in(office.address)
    run.window.hide()
    assert deskbell(desk)[0] == 0
    assert run.window.isVisible()
    assert desk.run is run


def test_a_note_from_a_terminal_reaches_the_server(office: Office, desk: Workstation) -> None:
    desk.start()
    run = desk.sign_in(office.address)
    assert deskbell(desk, "note", "From", "a", "terminal") == (0, "Saved on this computer.\n")
    assert "From a terminal" in [note.text for note in run.desk.reader.quick_notes()]
    desk.wait(lambda: run.desk.reader.counts().outbox == 0)
    assert deskbell(desk, "note", " ")[0] == 2


def test_the_check_on_a_terminal_says_by_its_code_who_waits(office: Office, desk: Workstation) -> None:
    desk.start()
    assert deskbell(desk, "spot-check")[0] == 2
    desk.sign_in(office.address)
    code, said = deskbell(desk, "spot-check")
    assert (code, said.splitlines()[0].split(", ")[2].split(" (")[0]) == (0, "0 too long")


# odd texts, from the desktop to the server


@pytest.mark.parametrize("text", [EDGE, "x" * 1_000_000, "\n\n  indented\n", "'; DROP TABLE ticket; --"])
def test_odd_texts_reach_the_server_as_written(office: Office, desk: Workstation, text: str) -> None:
    filed = office.file(downloads(office), "Odd texts")
    desk.start()
    run = desk.sign_in(office.address)
    desk.open(filed.ticket.id)
    desk.write(Mode.NOTE, text)
    run.window.pane.composer._submit()
    desk.wait(lambda: run.window.pane.composer.mode is None)
    desk.wait(lambda: run.desk.reader.thread(filed.ticket.id)[-1].body_text != "Please help.")
    desk.wait(lambda: run.desk.reader.thread(filed.ticket.id)[-1].client_key is None)
    assert run.desk.reader.thread(filed.ticket.id)[-1].body_text == text


def test_nothing_and_too_much_are_refused_with_the_limit_named(
    office: Office, desk: Workstation, tmp_path: Path
) -> None:
    filed = office.file(downloads(office), "Limits")
    desk.start()
    run = desk.sign_in(office.address)
    desk.open(filed.ticket.id)
    composer = run.window.pane.composer
    desk.write(Mode.REPLY, "  \n ")
    composer._submit()
    assert "nothing to send" in composer.sheet.notice.words
    desk.write(Mode.REPLY, "x" * 4_000_001)
    assert "4" in composer.sheet.notice.words
    desk.write(Mode.REPLY, "see the file")
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(30_000_000)
    composer.sheet.offer_files([big])
    desk.wait(lambda: "the limit is 25" in composer.sheet.notice.words)
