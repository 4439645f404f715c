"""A server that is killed again and again while it hands letters over loses none of them."""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from sync.server.house import House
from sync.server.intake import Asker, Filing
from tests.rigs.bureau import QUICK_HASHER
from tests.rigs.mail_server import SENDER, read

LETTERS = 6
KILLS = ("RCPT", "DATA", "END")


class Trap:
    """A mail server that lets go of a letter only once the server process was killed at the chosen command."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.at: str | None = None
        self.sprung = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as file:
                try:
                    self._converse(file)  # type: ignore[arg-type]  # a pair that reads and writes is one here
                except OSError:
                    continue

    def _converse(self, file: BinaryIO) -> None:
        self._say(file, "220 trap")
        while words := file.readline():
            verb = words.split()[0].decode().upper()
            if self._springs(verb, file):
                return
            if verb == "DATA":
                self._say(file, "354 go on")
                letter = self._letter(file)
                self.taken.append(letter)
                if self._springs("END", file):
                    return
            self._say(file, "221 bye" if verb == "QUIT" else "250 ok")

    def _letter(self, file: BinaryIO) -> str:
        lines: list[bytes] = []
        while (one := file.readline()) not in (b".\r\n", b""):
            lines.append(one)
        return str(read(b"".join(lines))["Message-ID"]).strip()

    def _springs(self, verb: str, file: BinaryIO) -> bool:
        """Hold the line at this command until whoever is at its other end is gone."""
        if self.at != verb:
            return False
        self.at = None
        self.sprung.set()
        while file.read(1):
            pass
        return True

    def _say(self, file: BinaryIO, words: str) -> None:
        file.write(words.encode() + b"\r\n")
        file.flush()


@pytest.fixture
def house(server_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> House:
    monkeypatch.setenv("DESKBELL_DATABASE", server_database)
    monkeypatch.setenv("DESKBELL_MAIL_KEY_FILE", str(tmp_path / "key"))
    return House.open(server_database, hasher=QUICK_HASHER)


def test_killed_at_every_step_nothing_is_lost(house: House) -> None:
    trap = Trap()
    house.parts.settings.put("mail.smtp", f"smtp://127.0.0.1:{trap.port}")
    house.parts.settings.put("mail.from", SENDER)
    category = house.grants.add_category("Billing")
    for number in range(LETTERS):
        filing = Filing(category, Asker("Bob", f"bob{number}@mail.example"), "Help", "It is broken")
        house.parts.journal.write(lambda filing=filing: house.intake.file_ticket(filing))  # type: ignore[misc]
    database = house.parts.database
    try:
        for step in KILLS:
            trap.at, server = step, _serving()
            assert trap.sprung.wait(60)
            trap.sprung.clear()
            server.send_signal(signal.SIGKILL)
            server.communicate()
        server = _serving()
        open_ones = "SELECT COUNT(*) FROM letter WHERE settled_at IS NULL"
        pause = threading.Event()
        while database.read(lambda: database.select(open_ones)) != [(0,)]:
            pause.wait(0.1)
        server.terminate()
        server.communicate()
        wanted = {str(one[0]) for one in database.read(lambda: database.select("SELECT mail_id FROM letter"))}
        assert len(wanted) == LETTERS
        assert set(trap.taken) == wanted
        assert len(trap.taken) <= LETTERS + len(KILLS)
    finally:
        trap.close()
        house.close()


def _serving() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "sync.server", "serve", "--port", "0"], stdout=subprocess.DEVNULL, env=dict(os.environ)
    )
