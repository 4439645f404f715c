"""What a way of notifying is asked and what it answers."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Note:
    """One notification in plain text. A later one of the same `key` replaces it; `action` names what a click does."""

    key: str
    title: str
    body: str
    action: str
    urgent: bool = False


class Listener(Protocol):
    """Told on the UI thread."""

    def note_shown(self, note: Note, clickable: bool, confirmed: bool) -> None:
        """It was handed over; whether a click on it will be told, and whether the desktop said that it took it."""
        ...

    def note_failed(self, note: Note, why: str) -> None:
        """It was not shown; `why` is a sentence."""
        ...

    def note_activated(self, key: str, token: str) -> None:
        """Somebody clicked on it; `token` lets a window come to the front where the desktop wants one, else empty."""
        ...


class Notifier(Protocol):
    """A way of notifying. Calls return at once and raise nothing; the listener hears what became of them."""

    def show(self, note: Note) -> None: ...

    def close(self, key: str) -> None:
        """Take it from the screen, where that is possible."""
        ...

    def stop(self) -> None:
        """End; nothing is told after this."""
        ...
