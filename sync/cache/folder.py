"""The cache's files in their folder: opened together, the key checked first, a damaged one set aside."""

import hmac
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sync.cache.files import Files
from sync.cache.journal import Journal, full, sync_folder
from sync.cache.schema import migrate
from sync.cache.store import Store, key_fits
from sync.domain.errors import WrongKey

CACHE, FILES, JOURNAL, CHECK = "cache.db", "files.db", "words.journal", "key.check"
DAMAGED = "damaged-"
_WRITER_KIB = 32 * 1024


@dataclass(frozen=True, slots=True)
class Folder:
    """The open files. `path` and `key` are for further, reading connections."""

    path: Path
    key: bytes | None
    store: Store
    files: Files
    journal: Journal

    @staticmethod
    def open(folder: Path, key: bytes | None) -> "Folder":
        """Open or make them. Raises WrongKey, Corrupt, Incompatible, StorageFull."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            check_key(folder / CHECK, key)
        except OSError as error:
            raise full(error) from error
        with ExitStack() as undo:
            store = Store(folder / CACHE, key, _WRITER_KIB)
            undo.callback(store.close)
            migrate(store)
            files = Files(folder / FILES, key)
            undo.callback(files.close)
            opened = Folder(folder / CACHE, key, store, files, Journal(folder / JOURNAL, key))
            undo.pop_all()
            return opened

    def forget_damaged(self) -> None:
        """What was set aside as damaged is of the time before some of it was taken away: it goes with that."""
        for path in self.path.parent.glob(f"{DAMAGED}*"):
            path.unlink()

    def close(self) -> None:
        """Close all."""
        self.journal.close()
        self.files.close()
        self.store.close()


def check_key(path: Path, key: bytes | None) -> None:
    """Tell a wrong key from a damaged file: a value beside the files that only the right key gives. Where that value
    is what was damaged, it is written anew.

    Raises WrongKey, OSError.
    """
    expected = b"none" if key is None else hmac.digest(key, b"deskbell key check", sha256)
    if path.exists() and hmac.compare_digest(path.read_bytes(), expected):
        return
    if not path.exists() or key_fits(path.parent / CACHE, key):
        with path.open("wb") as out:
            out.write(expected)
        sync_folder(path.parent)
    else:
        raise WrongKey(
            "The key of this workstation's tickets is not the one they were stored with. "
            "Unlock your keyring, then start Deskbell again; nothing was changed."
        )
