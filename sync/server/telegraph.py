"""Between the server processes of one PostgreSQL database: LISTEN and NOTIFY, each on a connection of its own.

Never inside a ticket's transaction: a NOTIFY takes a lock of the whole cluster at commit. What is lost on the way
(nobody connected, a process killed between its commit and the NOTIFY) is found by the poll of the counters.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final, Protocol

import psycopg
from psycopg.conninfo import make_conninfo

from sync.jmap.errors import JSON
from sync.server.database import Database
from sync.server.telegram import Telegram, read

CHANNEL: Final = "deskbell"
GAP_S: Final = 0.02
"""At least so long between two NOTIFY of a process: what happens meanwhile goes together."""
_LOOK_S: Final = 0.5
_PATIENCE_S: Final = (0.1, 0.5, 2.0, 5.0)
_ALIVE: Final = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


class Ear(Protocol):
    """Who is told of other processes."""

    def take_in(self, telegram: Telegram) -> None:
        """What another process committed or ended."""

    def look_again(self) -> None:
        """Something may have been missed."""


class Telegraph(Protocol):
    """The port; every method from any thread."""

    def post(self, telegram: Telegram) -> None:
        """Tell the other processes, soon."""

    def send(self, topic: str, data: JSON) -> None:
        """Tell the other processes' subscribers of a topic, best effort; at most some 7 kB."""

    def subscribe(self, topic: str, take_in: Callable[[JSON], None]) -> None:
        """Be called, on the telegraph's thread, with what other processes send about a topic."""

    def start(self, ear: Ear, *, listens: bool) -> None:
        """From now on send by itself, and tell `ear` of others if it `listens`."""

    def close(self) -> None:
        """Send what is left, and stop."""


class Silence:
    """Where one process is alone with its database (SQLite)."""

    def post(self, telegram: Telegram) -> None:
        """To nobody."""

    def send(self, topic: str, data: JSON) -> None:
        """To nobody."""

    def subscribe(self, topic: str, take_in: Callable[[JSON], None]) -> None:
        """Nothing will come."""

    def start(self, ear: Ear, *, listens: bool) -> None:
        """There is nothing to start."""

    def close(self) -> None:
        """There is nothing to close."""


class NotifyTelegraph:
    """Over PostgreSQL's NOTIFY; `sender` is this process's name among the others.

    Before `start` it only collects, for a command that sends once as it ends.
    """

    def __init__(self, address: str, sender: str) -> None:
        self._address = address
        self._sender = sender
        self._log = logging.getLogger("sync.server.telegraph")
        self._changed = threading.Condition()
        self._pending = Telegram()
        self._subscribers: dict[str, Callable[[JSON], None]] = {}
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []

    def post(self, telegram: Telegram) -> None:
        """Tell the other processes, soon."""
        with self._changed:
            self._pending.add(telegram)
            self._changed.notify_all()

    def send(self, topic: str, data: JSON) -> None:
        """Tell the other processes' subscribers of a topic, best effort."""
        self.post(Telegram(notes=[(topic, data)]))

    def subscribe(self, topic: str, take_in: Callable[[JSON], None]) -> None:
        """Be called, on the telegraph's thread, with what other processes send about a topic."""
        self._subscribers[topic] = take_in

    def start(self, ear: Ear, *, listens: bool) -> None:
        """From now on send by itself, and tell `ear` of others if it `listens`."""
        if self._threads:
            return
        works = [("telegraph sends", self._send_always)]
        if listens:
            works.append(("telegraph listens", lambda: self._hear_always(ear)))
        for name, work in works:
            thread = threading.Thread(target=work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Send what is left, and stop; after at most a second or two."""
        self._ending.set()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(_LOOK_S + 1.0)
        self._threads.clear()
        left = self._taken()
        if left:
            try:
                with self._connection() as connection:
                    self._notify(connection, left)
            except psycopg.Error as error:
                self._log.warning("other processes will find by themselves what was done: %s", error)

    def _send_always(self) -> None:
        failures = 0
        while not self._ending.is_set():
            try:
                with self._connection() as connection:
                    failures = 0
                    self._send_on(connection)
            except psycopg.Error as error:
                failures = self._pause(failures, "tell", error)

    def _send_on(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        """Until the end, or until the connection breaks; what was on its way then is found by looking."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ending.is_set() or bool(self._pending))
            ending, taken = self._ending.is_set(), self._taken()
            try:
                self._notify(connection, taken)  # empty at the end: it wakes our own listener
            except psycopg.Error:
                self.post(Telegram(ended=taken.ended, look=bool(taken.told or taken.rings or taken.look)))
                raise
            if ending:
                return
            self._ending.wait(GAP_S)

    def _taken(self) -> Telegram:
        with self._changed:
            taken, self._pending = self._pending, Telegram()
        return taken

    def _notify(self, connection: psycopg.Connection[tuple[object, ...]], telegram: Telegram) -> None:
        for payload in telegram.payloads(self._sender):
            connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))

    def _hear_always(self, ear: Ear) -> None:
        failures = 0
        while not self._ending.is_set():
            try:
                with self._connection() as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    failures = 0
                    self._guarded(ear.look_again)
                    for payload in self._heard(connection):
                        self._guarded(partial(self._take_in, ear, payload))
            except psycopg.Error as error:
                failures = self._pause(failures, "hear of", error)

    def _heard(self, connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[str]:
        while not self._ending.is_set():
            for notice in connection.notifies(timeout=_LOOK_S):
                if self._ending.is_set():
                    return
                yield notice.payload

    def _take_in(self, ear: Ear, payload: str) -> None:
        sender, telegram = read(payload)
        if sender == self._sender:
            return
        ear.take_in(telegram)
        for topic, data in telegram.notes:
            subscriber = self._subscribers.get(topic)
            if subscriber is not None:
                subscriber(data)

    def _guarded(self, work: Callable[[], None]) -> None:
        """A failure here must not deafen the process; the poll goes on anyway."""
        try:
            work()
        except Exception:
            self._log.exception("a telegram could not be taken in")

    def _pause(self, failures: int, what: str, error: psycopg.Error) -> int:
        if not self._ending.is_set():
            self._log.warning("cannot %s other processes, will try again: %s", what, str(error).strip())
            self._ending.wait(_PATIENCE_S[min(failures, len(_PATIENCE_S) - 1)])
        return failures + 1

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        said = make_conninfo(self._address, application_name="deskbell telegraph", connect_timeout=10, **_ALIVE)
        connection = psycopg.connect(said, autocommit=True)
        try:
            yield connection
        finally:
            connection.close()


def telegraph_of(database: Database) -> Telegraph:
    """What this kind of database offers."""
    return NotifyTelegraph(database.address, secrets.token_hex(8)) if database.is_postgres else Silence()
