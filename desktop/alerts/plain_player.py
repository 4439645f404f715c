"""Plays a chime by the sound server's own little program, where Qt has lost the server."""

import shutil
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Slot

_LOUDEST = 65_536


class PlainPlayer(QObject):
    """`paplay` or `pw-play`, whichever is installed; a process for each chime."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: dict[QObject, Callable[[bool], None]] = {}

    @property
    def program(self) -> str | None:
        """The program's path; None where there is none."""
        return shutil.which("paplay") or shutil.which("pw-play")

    def play(self, file: Path, volume: float, done: Callable[[bool], None] | None = None) -> bool:
        """Play at `volume` (0 to 1); `done` hears whether it came to its end."""
        program = self.program
        if program is None:
            return False
        loud = str(round(volume * _LOUDEST)) if program.endswith("paplay") else f"{volume:.2f}"
        process = QProcess(self)
        process.setStandardErrorFile(QProcess.nullDevice())
        process.finished.connect(self._ended)
        if done is not None:
            self._waiting[process] = done
        process.start(program, [f"--volume={loud}", str(file)])
        return True

    def stop(self) -> None:
        """Silence, at once."""
        for process in self.findChildren(QProcess):
            process.kill()
            process.waitForFinished(200)

    @Slot(int, QProcess.ExitStatus)
    def _ended(self, code: int, _status: QProcess.ExitStatus) -> None:
        process = self.sender()
        done = self._waiting.pop(process, None)
        process.deleteLater()
        if done is not None:
            done(code == 0)
