"""Notifications by plyer, the portable path (Windows, macOS): no clicks, no replacing, one worker that may hang."""

import threading
import time
import warnings
from collections.abc import Callable

from plyer import notification

from desktop.alerts.notifications.port import Listener, Note
from desktop.lanes import Home, LoopLane
from desktop.translation import translate

SLOW_SECONDS = 3.0
_COOL_DOWN_SECONDS = 60.0
_ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"


class Portable:
    """Hands notes to plyer one after the other; while a call hangs, and for a minute after, notes fail at once.

    plyer's helpers block for up to a minute where no service answers, and read a leading "-" as an option.
    """

    def __init__(self, home: Home, listener: Listener, icon: str, notify: Callable[..., None] | None = None) -> None:
        """`notify` takes plyer's arguments; another one stands in for it in tests."""
        self._home = home
        self._listener = listener
        self._icon = icon
        self._notify = notify
        self._lock = threading.Lock()
        self._waiting: list[Note] = []
        self._began: float | None = None
        self._trust_again = 0.0
        self._stopped = False
        self._lane = LoopLane("portable notifications", home, self._step)
        self._lane.start()

    def show(self, note: Note) -> None:
        now = time.monotonic()
        with self._lock:
            hangs = self._began is not None and now - self._began > SLOW_SECONDS
            refused = hangs or now < self._trust_again or self._stopped
            if not refused:
                self._waiting = [one for one in self._waiting if one.key != note.key] + [note]
        if refused:
            self._tell(
                lambda: self._listener.note_failed(
                    note, translate("Notifications", "The desktop's notifications do not answer.")
                )
            )
        else:
            self._lane.nudge()

    def close(self, key: str) -> None:
        """plyer cannot; what still waits is dropped."""
        with self._lock:
            self._waiting = [one for one in self._waiting if one.key != key]

    def stop(self) -> None:
        """Does not wait for a call that hangs: its thread ends with the program."""
        self._stopped = True
        self._lane.stop(0.2)

    def _step(self) -> float:
        with self._lock:
            if not self._waiting:
                return _COOL_DOWN_SECONDS
            note = self._waiting.pop(0)
            began = self._began = time.monotonic()
        why = self._call(note)
        with self._lock:
            self._began = None
            if time.monotonic() - began > SLOW_SECONDS:
                self._trust_again = time.monotonic() + _COOL_DOWN_SECONDS
        if why is None:
            self._tell(lambda: self._listener.note_shown(note, False, False))
        else:
            self._tell(lambda: self._listener.note_failed(note, why))
        return 0.0

    def _call(self, note: Note) -> str | None:
        """What went wrong, as a sentence; None if nothing did."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                notify = self._notify or notification.notify  # asking plyer for it looks for this system's way
                notify(
                    title=_harmless(note.title),
                    message=_harmless(note.body),
                    app_name="Deskbell",
                    app_icon=self._icon,
                    timeout=10,
                )
        except Exception:  # plyer's platforms raise whatever their libraries raise
            return translate("Notifications", "This desktop shows no notifications.")
        return None

    def _tell(self, tell: Callable[[], None]) -> None:
        self._home.bring(lambda: None if self._stopped else tell())


def _harmless(text: str) -> str:
    """Never empty and never an option of a command line."""
    return _ZERO_WIDTH + text if not text or text.startswith("-") else text
