"""One person's stay: the window with everything, or the locked page in its place, from the beginning to the end."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.beginning import Beginning, Stay
from desktop.locked import Locked
from desktop.run import Run
from desktop.secrets import Vault
from desktop.translation import translate
from sync.engine.status import SyncStatus


class Staying(QObject):
    """At most one of `run` and `locked` is there.

    ended(str): why it should be stopped, as of Run; locked: stop, and begin again with the cache opened anew.
    """

    ended = Signal(str)

    def __init__(self, beginning: Beginning, hidden: bool) -> None:
        """`hidden`: begin in the tray, where there is one."""
        super().__init__()
        self._beginning = beginning
        self._hidden = self._next_hidden = hidden
        self.run: Run | None = None
        self.locked: Locked | None = None

    @property
    def here(self) -> Run | Locked | None:
        """Whichever is there."""
        return self.run or self.locked

    @property
    def status(self) -> SyncStatus | None:
        """What the connection said last."""
        return self.here.status if self.here is not None else None

    def begin(self, stay: Stay, vault: Vault) -> None:
        """Too long without the server's word: nothing is shown until it comes."""
        hidden, self._next_hidden = self._next_hidden, self._hidden
        if not stay.cache.confirmation().is_over:
            self._run(stay, vault, hidden)
            return
        self.locked = self._beginning.locked(stay)
        self.locked.ended.connect(partial(self._lock_ended, stay, vault))
        self.locked.start(not hidden)

    def stop(self) -> None:
        """In order, with the cache closed at the end."""
        run, self.run = self.run, None
        if run is not None:
            run.stop()
            run.deleteLater()
        if self.locked is not None:
            cache = self.locked.cache
            self._stop_lock()
            cache.close()

    def stop_for_now(self) -> None:
        """The same; what begins next is shown where this was."""
        if self.run is not None:
            self._next_hidden = not self.run.window.isVisible()
        self.stop()

    def _run(self, stay: Stay, vault: Vault, hidden: bool) -> None:
        self.run = self._beginning.run(stay, vault)
        self.run.ended.connect(self.ended)
        self.run.start(hidden)
        if stay.recovered:
            self.run.window.notice.say(loads_again(), bad=True)

    def _lock_ended(self, stay: Stay, vault: Vault, why: str) -> None:
        if why == "unlocked" and self.locked is not None:
            shown = self.locked.window.isVisible()
            self._stop_lock()
            self._run(stay, vault, not shown)
        else:
            self.ended.emit(why)

    def _stop_lock(self) -> None:
        locked, self.locked = self.locked, None
        if locked is not None:
            locked.stop()
            locked.deleteLater()


def loads_again() -> str:
    """Of a cache that was damaged."""
    return translate("Program", "This computer's tickets were damaged and are loaded again. What you wrote was kept.")
