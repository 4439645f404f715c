"""A damaged cache is set aside, its words come back from the side journal, the rest is loaded again."""

from pathlib import Path

from sync.cache.cache import Cache
from sync.cache.folder import CACHE, CHECK, DAMAGED, FILES, check_key
from sync.cache.journal import full
from sync.cache.store import Store
from sync.domain.clock import Clock
from sync.domain.errors import Corrupt
from sync.domain.ids import IdFactory


def recover(folder: Path, key: bytes | None, clock: Clock, ids: IdFactory) -> Cache:
    """After `Cache.open`, or any call, raised Corrupt. Every connection to the old one must be closed.

    What is damaged is renamed to `damaged-TIME-...` and left to be looked at; entries of the outbox keep their keys,
    so that the server knows what it has already. Raises WrongKey (nothing is moved), StorageFull.
    """
    try:
        check_key(folder / CHECK, key)
        sound = [name for name in (CACHE, FILES) if is_sound(folder / name, key)]
        for name in (CACHE, FILES):
            if name not in sound or (name == CACHE and len(sound) == 2):
                set_aside(folder, name, clock.now_ms())
    except OSError as error:
        raise full(error) from error
    return Cache.open(folder, key, clock, ids)


def is_sound(path: Path, key: bytes | None) -> bool:
    """Whether a file can be read whole."""
    if not path.exists():
        return True
    try:
        store = Store(path, key, 2048)
    except Corrupt:
        return False
    try:
        return bool(store.value("PRAGMA quick_check") == "ok" and store.one("PRAGMA cipher_integrity_check") is None)
    except Corrupt:
        return False
    finally:
        store.close()


def set_aside(folder: Path, name: str, at_ms: int) -> None:
    """Rename a database with its logs."""
    for ending in ("", "-wal", "-shm"):
        old = folder / (name + ending)
        if old.exists():
            old.rename(folder / f"{DAMAGED}{at_ms}-{name}{ending}")
