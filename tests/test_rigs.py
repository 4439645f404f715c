"""The rigs themselves: nothing is skipped in silence, and no test sees the developer's own desktop."""

import os
import subprocess
import sys
from pathlib import Path

import keyring
import keyring.errors
import pytest
from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).parent.parent
_SKIPPING = """
import pytest


def test_one():
    pytest.skip("no such program")


@pytest.mark.xfail(reason="expected")
def test_two():
    assert False


def test_three():
    pass
"""


@pytest.mark.parametrize(
    ("required", "code", "says"),
    [("1", 1, "1 failed, 1 passed, 1 xfailed"), ("", 0, "1 passed, 1 skipped, 1 xfailed")],
)
def test_a_skip_fails_where_everything_is_required(tmp_path: Path, required: str, code: int, says: str) -> None:
    (tmp_path / "test_skipping.py").write_text(_SKIPPING)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.rigs.whole", "-p", "no:cacheprovider"]
    env = {**os.environ, "DESKBELL_REQUIRE_ALL": required, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, str(tmp_path)], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert says in done.stdout
    assert ("no such program" in done.stdout) == (required == "1")


def test_a_module_skipped_as_a_whole_fails_too(tmp_path: Path) -> None:
    (tmp_path / "test_skipping.py").write_text('import pytest\npytest.importorskip("no_such_module")\n')
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.rigs.whole", "-p", "no:cacheprovider"]
    env = {**os.environ, "DESKBELL_REQUIRE_ALL": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, str(tmp_path)], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "no_such_module" in done.stdout


def test_qt_draws_offscreen(qapp: QApplication) -> None:
    assert qapp.platformName() == "offscreen"


def test_no_file_of_the_developer_is_in_reach() -> None:
    assert "deskbell-tests-" in str(Path.home())
    assert all("deskbell-tests-" in os.environ[f"XDG_{kind}_HOME"] for kind in ("CONFIG", "DATA", "CACHE", "STATE"))


def test_no_keyring_of_the_developer_is_in_reach() -> None:
    with pytest.raises(keyring.errors.NoKeyringError):
        keyring.get_password("deskbell", "anyone")


def test_no_bus_and_no_display_of_the_developer_is_in_reach() -> None:
    assert not {"DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER"} & os.environ.keys()
    assert not (Path(os.environ["XDG_RUNTIME_DIR"]) / "bus").exists()
