"""Keep the tests away from the developer's own screen, bus, sound, keyring and files."""

import os
import tempfile

import pytest
from hypothesis import HealthCheck, settings

_OTHERS = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PULSE_SERVER", "QT_STYLE_OVERRIDE")
_SETTINGS_OF_QT = ("qt_api", "qt_log_level_fail", "qt_log_ignore")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Know pytest-qt's settings also where Qt does not load and the set-up leaves the plugin out."""
    if not pluginmanager.hasplugin("pytest-qt"):
        for name in _SETTINGS_OF_QT:
            parser.addini(name, "left aside: pytest-qt is not loaded")


def pytest_configure(config: pytest.Config) -> None:
    """Point this process and what it starts at a folder of its own, before Qt is loaded."""
    settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("any machine")  # how quick a machine is proves nothing
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
