"""What tells of something that stands: by notice and chime, not in a quiet time; the notice goes when it is over."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from desktop.alerts.chime import ChimePlayer
from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.preferences import Preferences
from desktop.desk import Desk
from sync.cache.changes import Changes


@dataclass(frozen=True, slots=True)
class Voice:
    """How it is told; `quiet` tells whether sound and notifications wait now."""

    preferences: Preferences
    chimes: ChimePlayer
    notifications: Notifications
    quiet: Callable[[], bool]

    def chime(self) -> None:
        """As the owner's check sounds."""
        self.chimes.play(self.preferences.now.check)


class StandingTold(QObject):
    """Sub-classes say which changes concern them, look at what stands, and what a click on their notice does.

    What a quiet time holds back is told by the first look after it.
    """

    def __init__(self, desk: Desk, voice: Voice) -> None:
        super().__init__()
        self._desk = desk
        self._voice = voice
        desk.bridge.changed.connect(self._changed)
        voice.notifications.activated.connect(self._activated)

    def concerns(self, changes: Changes) -> bool:
        """Whether these changes are about what is told here."""
        raise NotImplementedError

    def look(self) -> None:
        """Tell what is new, take away what is over."""
        raise NotImplementedError

    def activate(self, key: str) -> None:
        """Somebody clicked on the notice of that key, which may be another's."""

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        if changes.everything or self.concerns(changes):
            self.look()

    @Slot(str, str)
    def _activated(self, key: str, _token: str) -> None:
        self.activate(key)
