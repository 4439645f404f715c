"""The bytes of attachments, in chunks in a second encrypted file: those to be sent and those fetched."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sync.cache.store import Store

CHUNK = 256 * 1024
_LOCAL = ""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS blob (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, size INTEGER NOT NULL, "
    "at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS chunk (blob_id TEXT NOT NULL, number INTEGER NOT NULL, data BLOB NOT NULL, "
    "PRIMARY KEY (blob_id, number))",
)


class Files:
    """Each method is one transaction. A blob without account was attached here and is not uploaded yet.

    `store`: for whoever wipes the file.
    """

    def __init__(self, path: Path, key: bytes | None) -> None:
        self.store = self._store = Store(path, key, 2048)
        with self._store.transaction():
            for table in _TABLES:
                self._store.execute(table)

    def keep(self, blob_id: str, chunks: Iterable[bytes], at: int, account_id: str | None = None) -> int:
        """Store a blob whole, or nothing of it; its size. Raises StorageFull."""
        with self._store.transaction():
            self._drop("id = ?", blob_id)
            size = 0
            for number, data in enumerate(chunks):
                self._store.execute("INSERT INTO chunk VALUES (?, ?, ?)", (blob_id, number, data))
                size += len(data)
            self._store.execute("INSERT INTO blob VALUES (?, ?, ?, ?)", (blob_id, account_id or _LOCAL, size, at))
        return size

    def size(self, blob_id: str) -> int | None:
        """In bytes; None if it is not here."""
        found: int | None = self._store.value("SELECT size FROM blob WHERE id = ?", (blob_id,))
        return found

    def is_local(self, blob_id: str) -> bool:
        """Whether it was attached here and is still to be uploaded."""
        return self._store.one("SELECT 1 FROM blob WHERE id = ? AND account_id = ''", (blob_id,)) is not None

    def chunks(self, blob_id: str) -> Iterator[bytes]:
        """The bytes, a chunk at a time; none for an unknown blob."""
        number = 0
        while (data := self._chunk(blob_id, number)) is not None:
            yield data
            number += 1

    def _chunk(self, blob_id: str, number: int) -> bytes | None:
        found: bytes | None = self._store.value(
            "SELECT data FROM chunk WHERE blob_id = ? AND number = ?", (blob_id, number)
        )
        return found

    def rename(self, local: str, given: str, account_id: str) -> None:
        """An uploaded blob is called `given` from now on."""
        with self._store.transaction():
            if local != given:
                self._drop("id = ?", given)
            self._store.execute("UPDATE chunk SET blob_id = ? WHERE blob_id = ?", (given, local))
            self._store.execute("UPDATE blob SET id = ?, account_id = ? WHERE id = ?", (given, account_id, local))

    def wipe(self, *, owed_only: bool = False) -> None:
        """See that no deleted byte is left in the log."""
        if self._store.unwiped or not owed_only:
            self._store.truncate_log()

    def to_upload(self, blob_ids: Iterable[str]) -> None:
        """Files of one's own words that are to go once more: the server forgets in a day what it was given and no
        message refers to, or they went to an account that is gone."""
        sent = [one for one in blob_ids if self.size(one) is not None and not self.is_local(one)]
        if sent:
            with self._store.transaction():
                self._store.many("UPDATE blob SET account_id = '' WHERE id = ?", [(one,) for one in sent])

    def forget_accounts(self, account_ids: Iterable[str], own: set[str], back: Mapping[str, str]) -> None:
        """Blobs of accounts that are gone leave, with every byte; those of one's `own` words stay, to be uploaded anew.

        `back`: accounts that came back under other ids, as a server does that was set back. Their blobs stay: it may
        have lost them, with words of which the author is still to be asked.
        """
        with self._store.transaction():
            for account_id in account_ids:
                theirs = self._store.rows("SELECT id FROM blob WHERE account_id = ?", (account_id,))
                self._store.many(
                    "UPDATE blob SET account_id = '' WHERE id = ?", [(one,) for (one,) in theirs if one in own]
                )
                if account_id in back:
                    self._store.execute(
                        "UPDATE blob SET account_id = ? WHERE account_id = ?", (back[account_id], account_id)
                    )
                self._drop("account_id = ?", account_id)
            self._store.owe()
        self._store.truncate_log()

    def forget(self, blob_ids: Iterable[str]) -> None:
        """These leave, if they are here, with every byte."""
        here = [one for one in blob_ids if self.size(one) is not None]
        if not here:
            return
        with self._store.transaction():
            for blob_id in here:
                self._drop("id = ?", blob_id)
            self._store.owe()
        self._store.truncate_log()

    def forget_fetched(self, used: set[str]) -> None:
        """Everything that came from the server, or went there, but for what is used by words that are still here."""
        found = self._store.rows("SELECT id FROM blob WHERE account_id <> ''")
        self.forget(blob_id for (blob_id,) in found if blob_id not in used)

    def forget_unused(self, used: set[str], before: int) -> None:
        """Blobs attached here before `before` that nothing refers to any more."""
        found = self._store.rows("SELECT id FROM blob WHERE account_id = '' AND at < ?", (before,))
        with self._store.transaction():
            for (blob_id,) in found:
                if blob_id not in used:
                    self._drop("id = ?", blob_id)

    def _drop(self, where: str, value: str) -> None:
        self._store.execute(f"DELETE FROM chunk WHERE blob_id IN (SELECT id FROM blob WHERE {where})", (value,))
        self._store.execute(f"DELETE FROM blob WHERE {where}", (value,))

    def close(self) -> None:
        """End the connection."""
        self._store.close()


def file_chunks(path: Path) -> Iterator[bytes]:
    """A file on the disk, in chunks."""
    with path.open("rb") as source:
        while data := source.read(CHUNK):
            yield data
