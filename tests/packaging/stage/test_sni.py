"""The StatusNotifier tray of the rigs shows a real Qt icon."""

import os
import subprocess
import sys
from pathlib import Path

from stage import process
from tests.rigs.sni import SniHost

_PROGRAM = """
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
app = QApplication(["icon"])
app.setApplicationName("icon_test")
pixels = QPixmap(22, 22)
pixels.fill(QColor("red"))
icon = QSystemTrayIcon(QIcon(pixels))
icon.setToolTip("3 awaiting")
icon.activated.connect(lambda reason: app.exit(7))
icon.show()
app.exec()
raise SystemExit(7)
"""


def test_sni_host_shows_an_icon_and_clicks_it(sni_host: SniHost, xvfb: str, session_bus: str, tmp_path: Path) -> None:
    env = process.environment(tmp_path, DISPLAY=xvfb, DBUS_SESSION_BUS_ADDRESS=session_bus, QT_QPA_PLATFORM="xcb")
    program = subprocess.Popen([sys.executable, "-c", _PROGRAM], env=env, cwd=os.fspath(tmp_path))
    try:
        item = sni_host.wait_for_item(15)
        assert item is not None
        assert sni_host.property(item, "ToolTip")[2] == "3 awaiting"
        assert list(sni_host.property(item, "IconPixmap")[0][:2]) == [22, 22]
        sni_host.activate(item)
        assert program.wait(10) == 7
    finally:
        process.end(program)
