"""Which way of notifying carries a note: the desktop's own if it answers, the window's in any case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from desktop.alerts.notifications.port import Note, Notifier


@dataclass(frozen=True, slots=True)
class NotifierState:
    """How the desktop took the last note.

    `shown` is None before the first and where the desktop does not say; `why` tells why not.
    """

    shown: bool | None = None
    clickable: bool = False
    sent: bool = False
    why: str = ""


class InWindow(Protocol):
    """The notes within the window."""

    def show(self, note: Note) -> None: ...

    def close(self, key: str) -> None: ...


class Notifications(QObject):
    """Tries the desktop's ways in their order for each note, so that one that came back is used again.

    activated(key, token): somebody clicked on the desktop's notification.
    state_changed(NotifierState): how it went. told(str): a note as it is read out.
    """

    activated = Signal(str, str)
    state_changed = Signal(object)
    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._ways: Sequence[Notifier] = ()
        self._window: InWindow | None = None
        self._tried: dict[str, int] = {}
        self.state = NotifierState()

    def use(self, ways: Sequence[Notifier]) -> None:
        """The desktop's ways, best first; each has this object for its listener."""
        self._ways = ways

    def use_window(self, window: InWindow | None) -> None:
        """The main window's toasts; None while there is no window."""
        self._window = window

    def show(self, note: Note, in_window: bool = True) -> None:
        """Show it on the desktop and in the window."""
        if self._window is not None and in_window:
            self._window.show(note)
        if in_window:
            self.told.emit(", ".join(f"{note.title}. {note.body}".rstrip(". ").splitlines()))
        self._tried[note.key] = 0
        if self._ways:
            self._ways[0].show(note)
        else:
            self._set(NotifierState(False, why=self.tr("This desktop shows no notifications.")))

    def show_in_window(self, note: Note) -> None:
        """In the window only."""
        if self._window is not None:
            self._window.show(note)

    def close(self, key: str) -> None:
        for way in self._ways:
            way.close(key)
        if self._window is not None:
            self._window.close(key)

    def stop(self) -> None:
        """End all ways."""
        for way in self._ways:
            way.stop()
        self._ways = ()

    def note_shown(self, note: Note, clickable: bool, confirmed: bool) -> None:
        self._tried.pop(note.key, None)
        self._set(NotifierState(True if confirmed else None, clickable, sent=True))

    def note_failed(self, note: Note, why: str) -> None:
        place = self._tried.get(note.key, 0) + 1
        if place < len(self._ways):
            self._tried[note.key] = place
            self._ways[place].show(note)
            return
        self._tried.pop(note.key, None)
        self._set(NotifierState(False, why=why))

    def note_activated(self, key: str, token: str) -> None:
        self.activated.emit(key, token)

    def _set(self, state: NotifierState) -> None:
        self.state = state
        self.state_changed.emit(state)
