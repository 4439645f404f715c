"""One connection to one SQLCipher file: how it is opened, how a transaction ends, what its failures mean."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import PeeweeException
from playhouse.sqlcipher_ext import SqlCipherDatabase
from sqlcipher3 import dbapi2

from sync.domain.errors import Corrupt, DeskbellError, Interrupted, SearchDamaged, StorageFull

Values = Sequence[Any] | Mapping[str, Any]
Record = tuple[Any, ...]

_UNFIT = (dbapi2.IntegrityError, dbapi2.InterfaceError, dbapi2.DataError)
_DRIVERS = (dbapi2.Error, PeeweeException)
_FULL = ("database or disk is full",)
_UNWRITABLE = ("readonly database", "unable to open database", "disk i/o error")
_SEARCH = ("message_text(", "message_text MATCH")
_DAMAGED = ("malformed", "not a database", "file is encrypted")


def failure(error: Exception, sql: str = "") -> DeskbellError | None:
    """The world's failure that a driver's error stands for; None for a bug of ours."""
    text = str(error).lower()
    if text == "interrupted":
        return Interrupted("This was stopped for something newer.")
    if text.startswith("fts5:") or ("malformed" in text and any(mark in sql for mark in _SEARCH)):
        return SearchDamaged("Search has to be set up anew on this workstation. It will be there again in a moment.")
    if any(part in text for part in _FULL):
        return StorageFull("The disk is full. Free some space, then save again; your text is still in the editor.")
    if any(part in text for part in _UNWRITABLE):
        return StorageFull("Deskbell cannot write to its folder. Check the disk and the folder's permissions.")
    if any(part in text for part in _DAMAGED):
        return Corrupt("The file with this workstation's tickets is damaged. Deskbell can set it aside and load again.")
    return None


def _tell(error: Exception, sql: str = "") -> None:
    """Raises what a driver's error means; gives it back where it means nothing to anybody."""
    found = failure(error, sql)
    if found is not None:
        raise found from error
    if isinstance(error, _UNFIT):
        raise ValueError(str(error)) from error


def _database(path: Path, key: bytes | None, pragmas: list[tuple[str, Any]]) -> Any:  # Peewee's own methods are untyped
    return SqlCipherDatabase(
        str(path),
        pragmas=pragmas,
        passphrase="" if key is None else f"x'{key.hex()}'",
        thread_safe=False,
        autoconnect=False,
        check_same_thread=False,
        cached_statements=256,
    )


def key_fits(path: Path, key: bytes | None) -> bool:
    """Whether the key opens the file itself; the file and its log are only looked at."""
    if not path.exists() or not path.stat().st_size:
        return False
    connection = dbapi2.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        connection.execute("PRAGMA cipher_log_level = none")
        if key is not None:
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        return connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone() is not None
    except dbapi2.Error:
        return False
    finally:
        connection.close()


class Store:
    """A connection, used by one thread at a time. `key`: 32 raw bytes, None leaves the file unencrypted."""

    def __init__(self, path: Path, key: bytes | None, cache_kib: int, *, read_only: bool = False) -> None:
        quiet = ("cipher_log_level", "none")  # damage is told as an error, not on the terminal of whoever started it
        pragmas = [
            quiet,
            ("cache_size", -cache_kib),
            ("journal_mode", "wal"),
            ("synchronous", "full"),
            ("fullfsync", 1),
            ("checkpoint_fullfsync", 1),
            ("secure_delete", 1),
            ("temp_store", "memory"),
            ("busy_timeout", 5000),
        ]
        if read_only:
            pragmas = [*pragmas[:2], ("temp_store", "memory"), ("busy_timeout", 5000), ("query_only", 1)]
        self.unwiped = False
        self._database = _database(path, key, pragmas)
        try:
            self._database.connect()
            self._connection: Any = self._database.connection()
        except _DRIVERS as error:
            _tell(error)
            raise

    def execute(self, sql: str, values: Values = ()) -> Any:
        """A cursor. Raises StorageFull, Corrupt."""
        try:
            return self._connection.execute(sql, values)
        except _DRIVERS as error:
            _tell(error, sql)
            raise

    def many(self, sql: str, rows: Iterable[Values]) -> int:
        """Run for each row; the number of rows changed. Raises StorageFull, Corrupt."""
        try:
            return int(self._connection.executemany(sql, rows).rowcount)
        except _DRIVERS as error:
            _tell(error, sql)
            raise

    def rows(self, sql: str, values: Values = ()) -> list[Record]:
        """All rows."""
        try:
            found: list[Record] = self._connection.execute(sql, values).fetchall()
            return found
        except _DRIVERS as error:
            _tell(error, sql)
            raise

    def first_column(self, sql: str, values: Values = ()) -> Iterator[Any]:
        """The first column of each row, one at a time."""
        try:
            for row in self._connection.execute(sql, values):
                yield row[0]
        except _DRIVERS as error:
            _tell(error, sql)
            raise

    def one(self, sql: str, values: Values = ()) -> Record | None:
        """The first row."""
        try:
            cursor = self._connection.execute(sql, values)
            found: Record | None = cursor.fetchone()
            cursor.close()
            return found
        except _DRIVERS as error:
            _tell(error, sql)
            raise

    def value(self, sql: str, values: Values = ()) -> Any:
        """The first column of the first row, None if there is none."""
        found = self.one(sql, values)
        return None if found is None else found[0]

    def changes(self) -> int:
        """Rows changed since the connection began."""
        return int(self._connection.total_changes)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; on any error nothing has changed."""
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk has rolled back already
                self._connection.rollback()
            raise

    def interrupt(self) -> None:
        """Stop what another thread runs on this connection."""
        self._connection.interrupt()

    def truncate_log(self) -> None:
        """Empty the write-ahead log into the file, so that deleted bytes are in neither.

        While somebody reads what stands in it that cannot be done: it is owed then (`unwiped`).
        """
        self.unwiped = bool(self.value("PRAGMA wal_checkpoint(TRUNCATE)"))

    def owe(self) -> None:
        """In a transaction: what it deletes is to leave the unused parts of the pages as well (`rewrite`)."""
        if not self.owes():
            self.execute("PRAGMA application_id = 1")

    def owes(self) -> bool:
        """Whether that is still to be done; kept in the file's head."""
        return bool(self.value("PRAGMA application_id"))

    def bytes_used(self) -> int:
        """The size of what is in the file."""
        pages = int(self.value("PRAGMA page_count")) - int(self.value("PRAGMA freelist_count"))
        return pages * int(self.value("PRAGMA page_size"))

    def rewrite(self) -> None:
        """Write the file anew, by way of a temporary one under the same key: only what is still there is in it then.

        Raises StorageFull, Interrupted.
        """
        self.execute("PRAGMA temp_store = file")  # in memory it would take as much of that as the file is large
        try:
            self.execute("VACUUM")
        finally:
            self.execute("PRAGMA temp_store = memory")
        self.execute("PRAGMA application_id = 0")
        self.truncate_log()

    def close(self) -> None:
        """End the connection."""
        self._database.close()
