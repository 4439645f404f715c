"""One seat at the desktop: the real program in this process, its window, keys pressed on it, pictures of it."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.app import Options, Program
from desktop.run import Run
from desktop.secrets import MemoryVault
from sync.cache.rows import Counts
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.engine.status import Condition
from tour.steps import Failed

T = TypeVar("T")

_SETTLE_MS = 50
_POLL_MS = 2
_REST_MS = 1_500


class Seat:
    """A signed-in desktop. Everything is called on the thread that made it."""

    def __init__(self, surroundings: Mapping[str, str], pictures: Path) -> None:
        """Take the environment to show in; Qt reads it when the application is made."""
        os.environ.update(surroundings)
        QCoreApplication.setApplicationName("deskbell")
        QGuiApplication.setApplicationDisplayName("Deskbell")
        QGuiApplication.setDesktopFileName("deskbell")
        self.application = QApplication(["deskbell"])
        self._pictures = pictures
        self._pictures.mkdir(parents=True, exist_ok=True)
        self.data = Path()
        self._errands = ThreadPoolExecutor(1)
        self._program: Program | None = None

    def sit_down(self, data: Path, server: str, name: str, password: str) -> None:
        """Start the program on a folder of its own and sign in. Raises Failed."""
        self.data = data
        self.data.mkdir(parents=True, exist_ok=True)
        clock = SystemClock()
        options = Options(self.data, server, name, password, MemoryVault())
        self._program = Program(self.application, options, clock, IdFactory(clock, random.SystemRandom()))
        if not self._program.start():
            raise Failed("a Deskbell runs on this folder already")
        self.wait("the window opens", lambda: self._program is not None and self._program.run is not None, 30)
        self.wait("it is online", lambda: self.condition is Condition.ONLINE, 30)

    def get_up(self) -> None:
        """End the program in order."""
        if self._program is not None:
            self._program.quit()
            self._program.deleteLater()
            self._program = None
        QCoreApplication.sendPostedEvents()

    def close(self) -> None:
        """Nobody sits here any more."""
        self.get_up()
        self._errands.shutdown()

    @property
    def run(self) -> Run:
        """The signed-in run. Raises Failed where nobody is signed in."""
        if self._program is None or self._program.run is None:
            raise Failed("nobody is signed in any more")
        return self._program.run

    @property
    def condition(self) -> Condition | None:
        """How well it hears the server."""
        status = self.run.status
        return status.condition if status is not None else None

    def wait(self, words: str, ready: Callable[[], bool], seconds: float) -> None:
        """Let the program go on until that is so. Raises Failed."""
        deadline = monotonic() + seconds
        while not ready():
            if monotonic() > deadline:
                raise Failed(f"{words}: not within {seconds:g} s")
            QTest.qWait(_POLL_MS)

    @property
    def counts(self) -> Counts:
        """The figures of the one count query."""
        return self.run.parts.browsing.counts

    @property
    def closed_composer(self) -> bool:
        """Whether nothing is being written."""
        return self.run.window.pane.composer.mode is None

    def loaded(self) -> bool:
        """Whether the first copy is whole."""
        status = self.run.status
        return status is not None and status.loading is None and self.counts.awaiting > 0

    def rows(self) -> int:
        """How many tickets the list shows."""
        return self.run.window.list_pane.view.model().rowCount()

    def still(self) -> None:
        """Let everything come to rest before a picture."""
        QTest.qWait(_REST_MS)

    def shows(self, name: str) -> bool:
        """Whether the window has a text with that name, as a screen reader would say it."""
        return any(one.accessibleName() == name for one in self.run.window.findChildren(QLabel) if one.isVisible())

    def errand(self, words: str, work: Callable[[], T], seconds: float = 30) -> T:
        """Do blocking work beside the program, which goes on meanwhile. Raises what the work raises, or Failed."""
        future: Future[T] = self._errands.submit(work)
        self.wait(words, future.done, seconds)
        return future.result()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(self._focus(), key, modifier)
        QTest.qWait(_SETTLE_MS)

    def type(self, text: str) -> None:
        """Type where the focus is."""
        QTest.keyClicks(self._focus(), text)
        QTest.qWait(_SETTLE_MS)

    def picture(self, name: str, window: QWidget | None = None) -> Path:
        """A picture of a window as it stands."""
        path = self._pictures / f"{name}.png"
        if not (window or self.run.window).grab().save(str(path)):
            raise Failed(f"{path} could not be written")
        return path

    def picture_of_screen(self, name: str) -> Path | None:
        """A picture of everything on the screen, where there is one."""
        if self.application.platformName() != "xcb":
            return None
        path = self._pictures / f"{name}.png"
        return path if self.application.primaryScreen().grabWindow(0).save(str(path)) else None

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or QApplication.activeWindow() or self.run.window
