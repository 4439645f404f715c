"""The server's database, SQLite or PostgreSQL by its address: connections, transactions, queries."""

import sqlite3
import threading
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, TypeVar

import peewee
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

from sync.domain.errors import Corrupt, DeskbellError, Incompatible, Offline, StorageFull

T = TypeVar("T")
Row = dict[str, Any]

_PRAGMAS: Final = {
    "journal_mode": "wal",
    "synchronous": "full",
    "busy_timeout": 30_000,
    "foreign_keys": 0,
    "fullfsync": 1,
    "checkpoint_fullfsync": 1,
    "cache_size": -32_000,
    "wal_autocheckpoint": 4_000,
}
_POOL: Final = 24
_WAIT_SECONDS: Final = 30
_AS_STORED: Final = frozenset({peewee.TextField, peewee.BigIntegerField, peewee.IntegerField})
_RETRIED: Final = frozenset({"40001", "40P01"})
_ATTEMPTS: Final = 8
_POSTGRES: Final = ("postgresql://", "postgres://")


_PEEWEE: Final[Any] = peewee


class _SqlitePool(PooledSqliteDatabase):
    """Carries a statement out with as few steps in between as there can be: there are many, and each is short."""

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        pool: Any = self
        connection = pool._state.conn
        if connection is None:
            connection = pool.cursor()  # raises, as ever
        try:
            return connection.execute(sql, params or ())
        except sqlite3.Error:
            with _PEEWEE.__exception_wrapper__:  # as Peewee's own errors
                raise


_SQLITE_POOL: Final[Any] = _SqlitePool


class _Adapter(peewee.Psycopg3Adapter):
    """Connections of ours ask small questions: compiling one (JIT) takes longer than answering it."""

    def connect(self, db: Any, **params: Any) -> Any:
        untyped: Any = super()
        connection = untyped.connect(db, **params)
        connection.autocommit = True
        connection.execute("SET jit = off")
        return connection


class _PostgresPool(PooledPostgresqlDatabase):
    psycopg3_adapter = _Adapter


_POSTGRES_POOL: Final[Any] = _PostgresPool


class _Here(threading.local):
    """What this thread has found in its present snapshot; None while it is in none, or has written."""

    seen: dict[Hashable, Any] | None = None


class Database:
    """Connections from a pool, one for each thread that is inside a transaction; none is opened by accident."""

    def __init__(self, base: peewee.Database, address: str, *, is_postgres: bool) -> None:
        self.base: Any = base
        self.address = address
        self.is_postgres = is_postgres
        self._writer: AbstractContextManager[Any] = nullcontext() if is_postgres else threading.RLock()
        self._inserts: dict[tuple[type[peewee.Model], tuple[str, ...], str], str] = {}
        self._here = _Here()

    @staticmethod
    def open(address: str | Path) -> "Database":
        """`postgresql://...`, or a SQLite file (`sqlite:///...` or just its path). Raises Incompatible."""
        text = str(address)
        if text.startswith(_POSTGRES):
            url = "postgresql://" + text.split("://", 1)[1]
            pool = _POSTGRES_POOL(
                url, max_connections=_POOL, timeout=_WAIT_SECONDS, prefer_psycopg3=True, autoconnect=False
            )
            return Database(pool, url, is_postgres=True)
        path = text.removeprefix("sqlite:///")
        if "://" in path or path == ":memory:":
            raise Incompatible(f"{text} is no database address. Give postgresql://..., or the path of a SQLite file.")
        return Database(
            _SQLITE_POOL(
                path,
                pragmas=_PRAGMAS,
                max_connections=2 * _POOL,
                timeout=_WAIT_SECONDS,
                autoconnect=False,
                check_same_thread=False,
            ),
            path,
            is_postgres=False,
        )

    def close(self) -> None:
        """Close every connection of the pool."""
        try:
            if not self.is_postgres:
                with self.connection():
                    self.base.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self.base.close_all()

    @contextmanager
    def connection(self) -> Iterator[None]:
        """A connection for this thread; nested, the one that is there."""
        opened = self.base.connect(reuse_if_open=True)
        try:
            yield
        finally:
            if opened:
                self.base.close()

    def in_transaction(self) -> bool:
        """Whether this thread is inside one."""
        return bool(self.base.in_transaction())

    def read(self, work: Callable[[], T]) -> T:
        """Run `work` on one snapshot (inside a transaction: as a part of it)."""
        if self._here.seen is not None or self.in_transaction():
            return work()
        with self.connection(), self.base.transaction("REPEATABLE READ" if self.is_postgres else "DEFERRED"):
            self._here.seen = {}
            try:
                return work()
            finally:
                self._here.seen = None

    def once(self, key: Hashable, look: Callable[[], T]) -> T:
        """What `look` finds; asked once in a snapshot, since nothing changes there, and each time where one writes."""
        seen = self._here.seen
        if seen is None:
            return look()
        if key not in seen:
            seen[key] = look()
        found: T = seen[key]
        return found

    def write(self, work: Callable[[], T]) -> T:
        """Run `work` in one transaction and commit; again after a deadlock. Raises StorageFull."""
        self._here.seen = None
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._write_once(work)
            except peewee.OperationalError as error:
                if not _may_be_retried(error):
                    raise
        return self._write_once(work)

    def _write_once(self, work: Callable[[], T]) -> T:
        with ExitStack() as stack:
            stack.enter_context(self._writer)
            stack.enter_context(self.connection())
            try:
                with self.base.transaction("READ COMMITTED" if self.is_postgres else "IMMEDIATE"):
                    return work()
            except peewee.OperationalError as error:
                if any("disk is full" in str(one) or _code(one) == "53100" for one in _chain(error)):
                    raise StorageFull("The server's disk is full. Make room, then try again.") from error
                raise

    def savepoint(self) -> AbstractContextManager[Any]:
        """A part of the present transaction that can be undone alone."""
        self._here.seen = None
        point: AbstractContextManager[Any] = self.base.savepoint()
        return point

    def rows(self, query: Any) -> list[Row]:
        """The rows of a Peewee query, as dictionaries by field name."""
        return list(query.dicts().execute(self.base))

    def whole_rows(self, model: type[peewee.Model], rest: str, parameters: Sequence[Any]) -> list[Row]:
        """Rows of one table, which `rest` (`JOIN ... WHERE ...`, with `?`) calls `t`. For what reads thousands:
        a query is compiled once, and only what is not stored as it is used is converted."""
        fields = model._meta.sorted_fields
        columns = ", ".join(f't."{field.column_name}"' for field in fields)
        found = self.select(f'SELECT {columns} FROM "{model._meta.table_name}" t {rest}', parameters)  # noqa: S608  # names of our own tables
        names = [field.name for field in fields]
        rows = [dict(zip(names, one, strict=True)) for one in found]
        for field in fields:
            if type(field) not in _AS_STORED:
                for row in rows:
                    row[field.name] = field.python_value(row[field.name])
        return rows

    def whole_row(self, model: type[peewee.Model], rest: str, parameters: Sequence[Any]) -> Row | None:
        """The first of those, or None."""
        found = self.whole_rows(model, f"{rest} LIMIT 1", parameters)
        return found[0] if found else None

    def one(self, query: Any) -> Row | None:
        """The first row, or None."""
        found = self.rows(query.limit(1))
        return found[0] if found else None

    def run(self, query: Any) -> int:
        """Carry out an update or delete; the number of rows."""
        self._here.seen = None
        return int(query.execute(self.base))

    def select(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of SQL that is written with `?` for each parameter. For what runs at every request."""
        found: list[tuple[Any, ...]] = self.base.execute_sql(self._spelled(sql), tuple(parameters)).fetchall()
        return found

    def look(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The same as a single question, which needs no transaction around it."""
        with self.connection():
            return self.select(sql, parameters)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Carry out SQL that gives no rows; the number of rows touched."""
        self._here.seen = None
        return int(self.base.execute_sql(self._spelled(sql), tuple(parameters)).rowcount)

    def execute_many(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """The same statement with each of the rows of parameters."""
        self._here.seen = None
        if len(parameters) == 1:
            self.base.execute_sql(self._spelled(sql), tuple(parameters[0]))
        elif parameters:
            self.base.cursor().executemany(self._spelled(sql), parameters)

    def insert(self, model: type[peewee.Model], rows: Sequence[Mapping[str, Any]], otherwise: str = "") -> None:
        """Insert rows that all have the same fields; `otherwise` is an ON CONFLICT clause."""
        if not rows:
            return
        fields = [model._meta.fields[name] for name in rows[0]]
        self.execute_many(
            self._insert_sql(model, tuple(rows[0]), otherwise),
            [[field.db_value(row[field.name]) for field in fields] for row in rows],
        )

    def insert_new(self, model: type[peewee.Model], row: Mapping[str, Any]) -> bool:
        """Insert unless a row with such a key is there; whether it was inserted. Waits for a writer of that key."""
        values = [model._meta.fields[name].db_value(value) for name, value in row.items()]
        return self.execute(self._insert_sql(model, tuple(row), " ON CONFLICT DO NOTHING"), values) == 1

    def _insert_sql(self, model: type[peewee.Model], names: tuple[str, ...], otherwise: str) -> str:
        known = self._inserts.get((model, names, otherwise))
        if known is None:
            columns = ", ".join(f'"{model._meta.fields[name].column_name}"' for name in names)
            marks = ", ".join("?" * len(names))
            known = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks}){otherwise}'  # noqa: S608  # names of our own tables
            self._inserts[model, names, otherwise] = known
        return known

    def _spelled(self, sql: str) -> str:
        return sql.replace("%", "%%").replace("?", "%s") if self.is_postgres else sql


def unusable(error: peewee.DatabaseError) -> DeskbellError:
    """What to say when a database cannot be opened at all."""
    said = str(error).strip().splitlines()[0] if str(error).strip() else "no answer"
    if isinstance(error, peewee.OperationalError):
        return Offline(f"The database does not answer: {said}. See that it runs and that its address is right.")
    return Corrupt(f"This is no database of deskbell-server, or it is damaged: {said}. Restore a backup.")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it: SQLite ends a transaction itself when the disk is full, and then the roll-back
    fails too."""
    following: BaseException | None = error
    while following is not None:
        yield following
        following = following.__cause__ or following.__context__


def _code(error: BaseException) -> str | None:
    code = getattr(error.__cause__, "sqlstate", None) or getattr(error.__context__, "sqlstate", None)
    return str(code) if code else None


def _may_be_retried(error: peewee.OperationalError) -> bool:
    return _code(error) in _RETRIED or "database is locked" in str(error)
