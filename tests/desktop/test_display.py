"""A missing or stale display is a sentence, never an abort."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.display import objection


def test_without_a_display_there_is_a_sentence() -> None:
    assert "no display" in (objection({}, "linux") or "")


def test_a_stale_display_is_named() -> None:
    assert ":987 does not answer" in (objection({"DISPLAY": ":987"}, "linux") or "")


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_have_their_own(platform: str) -> None:
    assert objection({}, platform) is None


def test_a_platform_without_screen_needs_none() -> None:
    assert objection({"QT_QPA_PLATFORM": "offscreen"}, "linux") is None


def test_a_wayland_socket_that_answers_is_enough(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-9"))
        server.listen()
        environment = {"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert objection(environment, "linux") is None
    assert objection(environment, "linux") is not None


def test_the_program_says_it_and_ends_with_2(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "desktop", "--data", str(tmp_path)]
    environment = {"PATH": "", "HOME": str(tmp_path), "DISPLAY": ":987", "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    sentence = "The display :987 does not answer. Start Deskbell from your desktop, or set DISPLAY."
    assert ended.stderr.splitlines()[-1] == sentence
