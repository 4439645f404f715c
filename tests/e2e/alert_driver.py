"""A program with Deskbell's tray, chimes and badge and nothing else: takes JSON lines, answers with JSON lines."""

import json
import os
import sys
import time
from typing import Any

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from desktop.alerts.badge import Badge
from desktop.alerts.chime import ChimePlayer
from desktop.alerts.tray import Tray
from desktop.alerts.tray_face import Face, Look
from desktop.files import RESOURCES
from desktop.theme import fonts
from sync.domain.alerting import Chime, ChimeChoice


def say(**values: Any) -> None:
    """Tell the test."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


class Driver:
    """Does what the lines say."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        self._chimes = ChimePlayer(RESOURCES / "sounds")
        self._tray = Tray()
        self._badge = Badge(application)
        self._tray.chosen.connect(lambda name: say(chosen=name))
        self._tray.available_changed.connect(lambda there: say(tray=there))
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)
        self._rest = b""

    def _read(self) -> None:
        data = os.read(0, 65_536)
        if not data:
            self._application.quit()
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._do(**json.loads(line))

    def _do(self, do: str, **values: Any) -> None:
        match do:
            case "tray":
                self._tray.start()
            case "face":
                self._tray.show_face(Face(Look(values["look"]), values["count"]))
                self._tray.show_tooltip(values["tooltip"])
                say(face=True)
            case "chime":
                began = time.monotonic()
                played = self._chimes.play(ChimeChoice(Chime(values["chime"]), values["volume"]))
                say(played=played, seconds=time.monotonic() - began)
            case "prove":
                self._chimes.prove(Chime(values["chime"]), values["volume"], lambda went: say(proved=went))
            case "badge":
                self._badge.show(values["count"])
                say(badge=True)


def main() -> None:
    """Run until the input ends."""
    application = QApplication(sys.argv)
    application.setApplicationName("deskbell")
    application.setDesktopFileName("deskbell")
    application.setQuitOnLastWindowClosed(False)
    fonts.load_faces(RESOURCES / "fonts")
    driver = Driver(application)
    say(ready=True)
    application.exec()
    del driver


if __name__ == "__main__":
    main()
