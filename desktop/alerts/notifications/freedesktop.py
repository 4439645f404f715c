"""Notifications by org.freedesktop.Notifications: clickable, replaceable, on a thread of their own."""

import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from desktop.alerts.notifications.freedesktop_link import MISTAKES, REPLY_SECONDS, Link
from desktop.alerts.notifications.port import Listener, Note
from desktop.lanes import Home, LoopLane
from desktop.translation import translate

_IDLE_SECONDS = 60.0
_STOPPING_SECONDS = 0.05


class Freedesktop:
    """One connection for calls and signals, as some servers answer only to the sender.

    A server that does not answer within two seconds costs a note two seconds on this thread, never the UI thread.
    """

    def __init__(self, home: Home, listener: Listener, icon: str, desktop_entry: str) -> None:
        """`icon` is a file's path, `desktop_entry` the base name of the program's .desktop file."""
        self._home = home
        self._listener = listener
        self._icon = icon
        self._entry = desktop_entry
        self._lock = threading.Lock()
        self._wanted: dict[str, Note | None] = {}  # None: close. Only the newest wish for each key counts
        self._stopped = False
        self._bell, self._rope = socket.socketpair()
        self._link: Link | None = None
        self._lane = LoopLane("notifications", home, self._step)
        self._lane.start()

    def show(self, note: Note) -> None:
        self._want(note.key, note)

    def close(self, key: str) -> None:
        self._want(key, None)

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
        self._rope.send(b".")
        if self._lane.stop(REPLY_SECONDS + 1):
            self._drop()
            self._bell.close()
            self._rope.close()

    def _want(self, key: str, note: Note | None) -> None:
        with self._lock:
            if self._stopped:
                return
            self._wanted.pop(key, None)
            self._wanted[key] = note
        with suppress(BlockingIOError):
            self._rope.send(b".")

    def _step(self) -> float:
        """Wait for a wish or for the bus, and serve it."""
        if self._stopped:
            return _STOPPING_SECONDS
        sockets = [self._bell] if self._link is None else [self._bell, self._link.socket]
        ready, _, _ = select.select(sockets, [], [], _IDLE_SECONDS)
        if self._bell in ready:
            self._bell.recv(4096)
        while (wish := self._next_wish()) is not None:
            self._serve(*wish)
        self._tell_clicks()
        return 0.0

    def _next_wish(self) -> tuple[str, Note | None] | None:
        with self._lock:
            if self._stopped or not self._wanted:
                return None
            key = next(iter(self._wanted))
            return key, self._wanted.pop(key)

    def _serve(self, key: str, note: Note | None) -> None:
        try:
            clickable = self._hand_over(key, note)
        except TimeoutError:
            self._fail(note, translate("Notifications", "The desktop's notification service does not answer."))
        except MISTAKES:
            self._drop()
            self._fail(note, translate("Notifications", "This desktop has no notification service."))
        else:
            if note is not None:
                self._home.bring(lambda: self._unless_stopped(lambda: self._listener.note_shown(note, clickable, True)))

    def _hand_over(self, key: str, note: Note | None) -> bool:
        """Whether a click will be told. A connection that has ended since the last note is made anew, once."""
        if self._link is not None:
            try:
                return self._ask(self._link, key, note)
            except TimeoutError:
                raise
            except OSError:
                self._drop()
        self._link = Link(self._icon, self._entry)
        return self._ask(self._link, key, note)

    def _ask(self, link: Link, key: str, note: Note | None) -> bool:
        if note is None:
            link.close(key)
            return False
        link.notify(note)
        return link.clickable

    def _fail(self, note: Note | None, why: str) -> None:
        if note is not None:
            self._home.bring(lambda: self._unless_stopped(lambda: self._listener.note_failed(note, why)))

    def _tell_clicks(self) -> None:
        if self._link is None:
            return
        try:
            clicks = self._link.clicks()
        except OSError:
            self._drop()
            return
        for key, token in clicks:
            self._bring_click(key, token)

    def _bring_click(self, key: str, token: str) -> None:
        self._home.bring(lambda: self._unless_stopped(lambda: self._listener.note_activated(key, token)))

    def _unless_stopped(self, tell: Callable[[], None]) -> None:
        if not self._stopped:
            tell()

    def _drop(self) -> None:
        if self._link is not None:
            self._link.hang_up()
            self._link = None
