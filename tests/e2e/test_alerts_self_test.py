"""`deskbell --self-test` on a whole desktop, on a bare one, and with a notification service that never answers."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from resources.sounds.make_sounds import SOUNDS
from stage.notifications import NotificationDaemon
from stage.process import environment
from stage.sound import NullSink

PROJECT = Path(__file__).parents[2]
PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication
from desktop.self_test import run
application = QApplication(sys.argv)
application.setApplicationName("deskbell")
application.setDesktopFileName("deskbell")
sys.exit(run(application))
"""


def self_test(variables: dict[str, str]) -> tuple[int, list[str], float]:
    """Exit code, lines, seconds."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**variables, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.splitlines(), time.monotonic() - began


@contextmanager
def silent_daemon(address: str) -> Iterator[None]:
    """Owns the daemon's name on the bus and never answers."""
    with open_dbus_connection(bus=address) as connection:
        connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.Notifications"), timeout=5)
        yield


@pytest.fixture
def bare(xvfb: str, session_bus: str, tmp_path: Path) -> dict[str, str]:
    """A screen and a bus and nothing on them."""
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    return environment(
        tmp_path,
        DISPLAY=xvfb,
        DBUS_SESSION_BUS_ADDRESS=session_bus,
        XDG_RUNTIME_DIR=str(runtime),
        QT_QPA_PLATFORM="xcb",
    )


def test_on_a_whole_desktop_all_works(
    stage_environment: dict[str, str], null_sink: NullSink, notification_daemon: NotificationDaemon
) -> None:
    with null_sink.record() as recorder:
        since = recorder.position()
        code, lines, _ = self_test(stage_environment)
        assert recorder.heard(SOUNDS["deskBell"].fundamentals[0], since=since) is not None
    assert code == 0
    assert [line.split("  ")[0] for line in lines] == ["Sound", "Notification", "Tray icon", "Count on task bar"]
    assert [" works " in line for line in lines] == [True, True, True, False]
    assert [shown.summary for shown in notification_daemon.shown()] == ["This is a test"]


def test_on_a_bare_desktop_each_line_says_what_to_do(bare: dict[str, str]) -> None:
    code, lines, seconds = self_test(bare)
    assert code == 1
    assert ["does not work" in line for line in lines] == [True, True, True, False]
    assert all(line.endswith((".", "?")) for line in lines)
    assert seconds < 20


def test_a_service_that_never_answers_is_named(bare: dict[str, str], session_bus: str) -> None:
    with silent_daemon(session_bus):
        code, lines, seconds = self_test(bare)
    assert code == 1
    assert "does not work" in lines[1]
    assert seconds < 30
