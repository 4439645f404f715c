"""Keep the tests away from the developer's own screen, bus, sound, keyring and files."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

_OTHERS = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER", "QT_STYLE_OVERRIDE")
_SETTINGS_OF_QT = ("qt_api", "qt_log_level_fail", "qt_log_ignore")
_MEMORY: Final = Path("/dev/shm")  # noqa: S108  # where Linux has files that no disk is waited for
_ROOM: Final = 1 << 30  # octets; a run takes a third of it


def _in_memory() -> bool:
    """Whether files can be kept, and run, in memory."""
    if sys.platform != "linux" or not os.access(_MEMORY, os.W_OK):
        return False
    place = os.statvfs(_MEMORY)
    return place.f_bavail * place.f_frsize > _ROOM and not place.f_flag & os.ST_NOEXEC


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Know pytest-qt's settings also where Qt does not load and the set-up leaves the plugin out."""
    if not pluginmanager.hasplugin("pytest-qt"):
        for name in _SETTINGS_OF_QT:
            parser.addini(name, "left aside: pytest-qt is not loaded")


def pytest_configure(config: pytest.Config) -> None:
    """Point this process and what it starts at a folder of its own, before Qt is loaded."""
    settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("any machine")  # how quick a machine is proves nothing
    if "TMPDIR" not in os.environ and _in_memory():  # else both workers wait for the disk most of the time
        os.environ["TMPDIR"], tempfile.tempdir = str(_MEMORY), None
    home = tempfile.TemporaryDirectory(prefix="deskbell-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    for name in _OTHERS:
        os.environ.pop(name, None)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    os.environ["HOME"] = home.name
    for kind in ("RUNTIME_DIR", "CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "STATE_HOME"):
        folder = os.path.join(home.name, kind.lower())
        os.mkdir(folder, 0o700)
        os.environ[f"XDG_{kind}"] = folder
