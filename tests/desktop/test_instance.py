"""One program for each data folder; others speak to it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.instance import Answer, Message, RunningInstance, ask_running

ROOT = Path(__file__).parents[2]


@pytest.fixture
def running(tmp_path: Path, qtbot: QtBot) -> Iterator[RunningInstance]:
    def handle(message: Message, answer: Answer) -> None:
        answer({"ok": True, "heard": message.get("text")})

    running = RunningInstance(tmp_path, handle)
    assert running.start()
    yield running
    running.close()


_ASK = """
import json, pathlib, sys
from PySide6.QtCore import QCoreApplication
from desktop.instance import ask_running
application = QCoreApplication([])
folder, message = json.load(sys.stdin)
print(json.dumps(ask_running(pathlib.Path(folder), message)))
"""


_DIE = """
import os, pathlib, sys
from PySide6.QtCore import QCoreApplication
from desktop.instance import RunningInstance
application = QCoreApplication([])
running = RunningInstance(pathlib.Path(sys.argv[1]), lambda message, answer: None)
assert running.start()
os._exit(9)
"""


def ask_from_outside(folder: Path, message: Message, qtbot: QtBot) -> Message | None:
    """As another process asks."""
    command = [sys.executable, "-c", _ASK]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as asking:
        assert asking.stdin is not None
        assert asking.stdout is not None
        asking.stdin.write(json.dumps([str(folder), message]))
        asking.stdin.close()
        qtbot.waitUntil(lambda: asking.poll() is not None, timeout=30_000)
        answer: Message | None = json.loads(asking.stdout.read())
        return answer


def test_a_note_reaches_the_running_program(running: RunningInstance, tmp_path: Path, qtbot: QtBot) -> None:
    text = "Lena called back, שלום 🛎\nsecond line" + "x" * 50_000
    assert ask_from_outside(tmp_path, {"do": "note", "text": text}, qtbot) == {"ok": True, "heard": text}


def test_another_folder_is_another_program(running: RunningInstance, tmp_path: Path, qtbot: QtBot) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert ask_from_outside(other, {"do": "raise"}, qtbot) is None
    second = RunningInstance(other, lambda _message, answer: answer({}))
    assert second.start()
    second.close()


def test_the_second_start_is_told_that_one_runs(running: RunningInstance, tmp_path: Path, qtbot: QtBot) -> None:
    assert ask_from_outside(tmp_path, {"do": "ping"}, qtbot) == {"ok": True}


def test_a_second_program_takes_nothing_from_the_first(running: RunningInstance, tmp_path: Path, qtbot: QtBot) -> None:
    second = RunningInstance(tmp_path, lambda _message, answer: answer({}))
    assert not second.start()
    assert ask_from_outside(tmp_path, {"do": "raise"}, qtbot) == {"ok": True, "heard": None}
    running.close()
    assert second.start()
    second.close()


def test_what_a_killed_program_left_behind_stops_nobody(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _DIE, str(tmp_path)]
    assert subprocess.run(command, cwd=ROOT, timeout=60, check=False).returncode == 9
    after = RunningInstance(tmp_path, lambda _message, answer: answer({}))
    assert after.start()
    after.close()


def test_nobody_there_is_none(tmp_path: Path, qtbot: QtBot) -> None:
    assert ask_running(tmp_path, {"do": "raise"}) is None
