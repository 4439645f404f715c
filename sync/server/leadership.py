"""Which of several processes does the upkeep: the one that holds a lock of the database, as long as it lives."""

from __future__ import annotations

import logging
import threading
from typing import Final, Protocol

import psycopg

from sync.server.database import Database

_LOCK: Final = 7_237_004
MAIL: Final = 7_237_003
"""Who hands letters over."""
MAIL_IN: Final = 7_237_005
"""Who reads mailboxes, and listens for mail."""
_Connection = psycopg.Connection[tuple[object, ...]]


class Leadership(Protocol):
    """Asked before each run, from any thread."""

    def held(self) -> bool:
        """Whether this process leads now; becomes so where nobody does. Raises nothing."""

    def give_up(self) -> None:
        """Let another lead."""


class Alone:
    """There is no other process (SQLite)."""

    def held(self) -> bool:
        """Always."""
        return True

    def give_up(self) -> None:
        """To nobody."""


class LockLeadership:
    """By an advisory lock on a connection of its own: PostgreSQL lets go of it when the process dies."""

    def __init__(self, address: str, lock: int = _LOCK) -> None:
        self._address = address
        self._lock = lock
        self._connection: _Connection | None = None
        self._one_at_a_time = threading.RLock()

    def held(self) -> bool:
        """Whether this process leads now; becomes so where nobody does."""
        with self._one_at_a_time:
            return self._held()

    def _held(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute("SELECT 1")
                return True
            connection = psycopg.connect(self._address, autocommit=True, connect_timeout=10)
            [(held,)] = connection.execute("SELECT pg_try_advisory_lock(%s)", (self._lock,)).fetchall()
        except psycopg.Error as error:
            logging.getLogger("sync.server").warning("cannot ask who does the upkeep: %s", str(error).strip())
            self.give_up()
            return False
        if held:
            self._connection = connection
        else:
            connection.close()
        return bool(held)

    def give_up(self) -> None:
        """Let another lead."""
        with self._one_at_a_time:
            if self._connection is not None:
                self._connection.close()
                self._connection = None


def leadership_of(database: Database, lock: int = _LOCK) -> Leadership:
    """What this kind of database offers; `lock`: over what, each by its own process."""
    return LockLeadership(database.address, lock) if database.is_postgres else Alone()
