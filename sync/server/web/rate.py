"""How many forms one address may send: a sliding hour, over all processes where there are several."""

from collections import OrderedDict, deque
from hashlib import sha256
from threading import Lock
from typing import Final, Protocol

from sync.domain.clock import Clock
from sync.domain.times import HOUR_MS
from sync.server.database import Database

_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(7237003, hashtext(?))"
_COUNT: Final = "SELECT COUNT(*), MIN(at) FROM form_send WHERE key = ? AND at > ?"
_SEND: Final = "INSERT INTO form_send (key, at) VALUES (?, ?)"
HOUR_SECONDS = 3600.0
ADDRESSES_HELD = 50_000


class Hour(Protocol):
    """Counts events per key over the last hour. Blocks; from any thread."""

    def wait(self, key: str, limit: int) -> float:
        """Count one event of `key`; 0.0 if it is within `limit` an hour, else the seconds until one is free."""


def hour_of(database: Database, clock: Clock, kind: str) -> Hour:
    """In the database where it may serve several processes; `kind` keeps counts apart."""
    return SharedHour(database, clock, kind) if database.is_postgres else SlidingHour(clock)


class SharedHour:
    """In the database. Of an address only a digest is kept, until the hour is over."""

    def __init__(self, database: Database, clock: Clock, kind: str) -> None:
        self._database = database
        self._clock = clock
        self._kind = kind

    def wait(self, key: str, limit: int) -> float:
        """Count one event of `key`; 0.0 if it is within `limit` an hour, else the seconds until one is free."""
        digest = sha256(f"{self._kind}\n{key}".encode()).hexdigest()
        return self._database.write(lambda: self._count(digest, limit))

    def _count(self, digest: str, limit: int) -> float:
        now = self._clock.now_ms()
        self._database.select(_ONE_AT_A_TIME, (digest,))
        [(count, first)] = self._database.select(_COUNT, (digest, now - HOUR_MS))
        if count >= limit:
            return (HOUR_MS - (now - first)) / 1000 if first is not None else HOUR_SECONDS
        self._database.execute(_SEND, (digest, now))
        return 0.0


class SlidingHour:
    """Counts events per key over the last hour, in memory; own, since libraries take no clock.

    Holds at most `ADDRESSES_HELD` keys, the longest quiet one goes first.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._times: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: str, limit: int) -> float:
        """Count one event of `key`; 0.0 if it is within `limit` an hour, else the seconds until one is free."""
        now = self._clock.monotonic()
        with self._lock:
            times = self._times.setdefault(key, deque())
            self._times.move_to_end(key)
            while times and now - times[0] >= HOUR_SECONDS:
                times.popleft()
            if len(times) >= limit:
                return HOUR_SECONDS - (now - times[0]) if times else HOUR_SECONDS
            times.append(now)
            if len(self._times) > ADDRESSES_HELD:
                self._times.popitem(last=False)
            return 0.0
