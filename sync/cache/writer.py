"""The writer's side of the cache: one connection, one lock, one journal, and the parts that work on them."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from sync.cache.accounts import Accounts
from sync.cache.attached import forget_gone
from sync.cache.beyond import Beyond
from sync.cache.departures import Departures
from sync.cache.down import Incoming
from sync.cache.folder import Folder
from sync.cache.held import Held
from sync.cache.index import SearchIndex
from sync.cache.outbox import Outbox
from sync.cache.reader import Reader
from sync.cache.rung import Rung
from sync.cache.settling import Settling
from sync.cache.shown import Shown
from sync.cache.store import Store
from sync.cache.turn import Turn
from sync.cache.undelivered import Undelivered
from sync.cache.wiping import Wiping
from sync.cache.words import Words
from sync.domain.clock import Clock
from sync.domain.errors import StorageFull
from sync.domain.ids import IdFactory
from sync.domain.times import DAY_MS

_KEPT_RUNG_MS = 60 * DAY_MS


@dataclass(frozen=True, slots=True)
class Parts:
    """What works on the one connection; each call inside a transaction of the writer."""

    index: SearchIndex
    shown: Shown
    undelivered: Undelivered
    outbox: Outbox
    held: Held
    settling: Settling
    incoming: Incoming
    accounts: Accounts
    rung: Rung
    words: Words


def _parts(store: Store, ids: IdFactory) -> Parts:
    index = SearchIndex(store)
    shown = Shown(store, index)
    undelivered = Undelivered(store)
    outbox = Outbox(store)
    settling = Settling(store, outbox, undelivered)
    rung = Rung(store)
    incoming = Incoming(store, index, shown, outbox, settling, rung, Beyond(store, outbox, undelivered))
    accounts = Accounts(store, Departures(store, index))
    held = Held(store, outbox, ids)
    return Parts(index, shown, undelivered, outbox, held, settling, incoming, accounts, rung, Words(store))


class Writer:
    """Used by one lane at a time; a lock inside keeps two lanes apart."""

    def __init__(self, folder: Folder, clock: Clock, ids: IdFactory) -> None:
        """Use `Cache.open`."""
        self._folder = folder
        self._store = folder.store
        self._files = folder.files
        self._journal = folder.journal
        self._clock = clock
        self._ids = ids
        self._lock = Turn()
        self._parts = _parts(folder.store, ids)
        self._wipings = [Wiping(store, self._lock, clock) for store in (folder.store, folder.files.store)]
        self._noted = -1
        self._journal_owed = False

    @classmethod
    def open(cls, folder: Path, key: bytes | None, clock: Clock, ids: IdFactory) -> Self:
        """Open or make the cache in `folder`. `key`: 32 raw bytes, None for an unencrypted one (simulation).

        Raises WrongKey, Corrupt, Incompatible (newer schema; untouched), StorageFull.
        """
        opened = Folder.open(folder, key)
        writer = cls(opened, clock, ids)
        try:
            writer._begin()
        except BaseException:
            opened.close()
            raise
        return writer

    def _begin(self) -> None:
        now = self._clock.now_ms()
        with self._writing():
            anew = self._bring_back()
            self._parts.shown.rebuild(self._parts.outbox.calm())
            self._parts.undelivered.expire(now)
            self._parts.rung.forget(_KEPT_RUNG_MS)
            forget_gone(self._store)
            self._store.execute("INSERT OR IGNORE INTO meta VALUES ('deviceId', ?)", (self._ids.client_key(),))
            live = self._parts.words.live()
            used = self._parts.words.blobs()
            if anew:  # nothing here tells any more which files are to leave with what
                self._files.forget_fetched(used)
        if dict(self._journal.live) != live or self._store.owes():  # what left is to leave the journal as well
            self._journal.replace(live)
        self._files.forget_unused(used, now - DAY_MS)

    def _bring_back(self) -> bool:
        """What the journal has and this file has not: all of it where the file before was lost or set aside, and what
        was written after the last transaction that the disk kept. Whether this file is a new one."""
        begun = self._store.one("SELECT 1 FROM meta WHERE name = 'begun'") is not None
        seen = self._store.value("SELECT value FROM meta WHERE name = 'journal'")
        live, ended = self._journal.since(self._journal.mark if begun and seen is None else int(seen or 0))
        known = self._parts.words.live()
        missing = [text for slot, text in live.items() if slot not in known]
        self._parts.words.forget(ended)
        self._parts.words.bring_back(missing)
        for action, at, hold in self._parts.words.outbox_of(missing):
            self._parts.outbox.put(action, at, hold, in_doubt=True)
        self._store.execute("INSERT OR IGNORE INTO meta VALUES ('begun', 1)")
        return not begun

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with self._lock, self._store.transaction():
                yield
                if self._noted != self._journal.mark:
                    self._noted = self._journal.mark
                    self._store.execute("INSERT OR REPLACE INTO meta VALUES ('journal', ?)", (self._noted,))
        except BaseException:
            self._noted = -1  # nothing of it was kept
            raise

    def _journal_now(self, slots: Iterable[str] | None = None) -> None:
        """Let the journal follow what these slots, or all, hold now. Where the disk is full it keeps more than it
        must: the database is the truth, and the next start compares them."""
        live: Mapping[str, str | None]
        if slots is None:
            now = self._parts.words.live()
            live = {**dict.fromkeys(self._journal.live), **now}
        else:
            live = self._parts.words.live_of(slots)
        changed = {slot: text for slot, text in live.items() if self._journal.live.get(slot) != text}
        if changed:
            with suppress(StorageFull):
                self._journal.write(changed)

    def _journal_anew(self) -> None:
        """What it holds now and nothing older: of words that were erased, or sent to where one sees no more, no copy
        is to stay. Where the disk is full it is owed (`_journal_owed`)."""
        self._journal_owed = True
        with suppress(StorageFull):
            self._journal.replace(self._parts.words.live())
            self._journal_owed = False

    def reader(self) -> Reader:
        """A new read-only connection, for one thread. Close it."""
        return Reader(self._folder.path, self._folder.key)

    def close(self) -> None:
        """End the writer's connections."""
        with self._lock:
            if self._journal_owed:
                self._journal_anew()
            self._store.truncate_log()
            for wiping in self._wipings:
                wiping.at_the_end()
            self._folder.close()
