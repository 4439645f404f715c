"""What was erased leaves the database's files too: old pages, the write-ahead log, dead rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import peewee

from sync.domain.errors import Offline
from sync.server.database import Database
from sync.server.ledger import Setting
from sync.server.personal.finding import by_address
from sync.server.settings import SERVER_PREFIX

_TABLES: Final = ("requester", "ticket", "message", "blob_chunk", "letter", "delivery", "hook_event", "mail_in",
                  "quick_note", "held_message", "category_word")  # fmt: skip
_OWED: Final = SERVER_PREFIX + "scrub_owed"
_SAMPLED: Final = """
SELECT s.attname, c.data_type FROM pg_stats s JOIN information_schema.columns c
ON c.table_schema = s.schemaname AND c.table_name = s.tablename AND c.column_name = s.attname
WHERE s.schemaname = current_schema() AND s.tablename = ? AND c.data_type IN ('text', 'bytea')
"""
_TRIES: Final = 100
_PAUSE_S: Final = 0.1
_LATER: Final = (
    "It is erased, but old pages of the database's file are in use right now and may still hold some of it. "
    "Run `deskbell-server requester scrub` at a calmer moment."
)


def owe(database: Database) -> None:
    """In a write transaction: `scrub` is to be done by whoever tidies up."""
    database.insert_new(Setting, {"name": _OWED, "value": True})


def is_owed(database: Database) -> bool:
    """Whether it is still to be done."""
    return database.read(lambda: database.one(Setting.select().where(Setting.name == _OWED))) is not None


def scrub(database: Database, pause: Callable[[float], None] = time.sleep) -> None:
    """Rewrite what holds old rows. Not inside a transaction; others may read and write meanwhile, but wait at times.

    Raises Offline where others keep the old pages in use: it can be done again at any time. On PostgreSQL the tables
    are written anew (each is locked meanwhile), and the samples that it keeps of them for its plans are taken again;
    its own write-ahead log and archives are the administrator's.
    """
    with database.connection():
        if database.is_postgres:
            for table in (*_TABLES, *by_address()):
                database.execute(f"VACUUM (FULL, ANALYZE) {table}")
                _forget_samples(database, table)
            database.execute("VACUUM FULL pg_statistic")  # whoever may not, is warned by it and goes on
        else:
            _rewrite_file(database, pause)
    database.write(lambda: database.run(Setting.delete().where(Setting.name == _OWED)))


def _forget_samples(database: Database, table: str) -> None:
    """Of an empty table ANALYZE keeps the old ones; they go with a column's type, also where it stays the same."""
    if not database.select(f"SELECT 1 FROM {table} LIMIT 1"):  # noqa: S608  # our own tables
        for column, kind in database.select(_SAMPLED, (table,)):
            database.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")


def _rewrite_file(database: Database, pause: Callable[[float], None]) -> None:
    try:
        database.execute("VACUUM")
    except peewee.OperationalError as error:
        raise Offline(_LATER) from error
    for _ in range(_TRIES):
        busy, left, moved = database.select("PRAGMA wal_checkpoint(TRUNCATE)")[0]
        if not busy and left == moved:
            return
        pause(_PAUSE_S)
    raise Offline(_LATER)
