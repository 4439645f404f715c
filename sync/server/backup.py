"""A backup is one SQLite file with our schema, whatever the server runs on; it can come back into either kind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peewee import fn

from sync.domain.clock import Clock
from sync.domain.errors import Rejected
from sync.server.database import Database
from sync.server.identity import Identity
from sync.server.ledger import AccountRow
from sync.server.migrations import migrate
from sync.server.pieces import pieces
from sync.server.tables import MODELS, TicketRow


def back_up(database: Database, target: Path) -> None:
    """Write `target` from one snapshot, while others read and write. Raises Rejected if it is there already."""
    if target.exists():
        raise Rejected(f"{target} is there already. Choose another name, so that no backup is lost.")
    if not target.parent.is_dir():
        raise Rejected(f"There is no folder {target.parent}.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        part = Path(folder) / "part"
        if database.is_postgres:
            with _opened(str(part)) as copy:
                migrate(copy)
                database.read(lambda: _copy(database, copy))
        else:
            with database.connection():
                database.execute("VACUUM INTO ?", (str(part),))
        _settle(part, target)


def restore_into(address: str, source: Path, clock: Clock) -> None:
    """Bring a backup into an empty database and raise its epoch. Raises Rejected, Incompatible."""
    if not source.is_file():
        raise Rejected(f"There is no file {source}.")
    into_file = "://" not in address
    if into_file and Path(address).exists():
        raise Rejected(f"{address} is there already. Restore into a new folder; nothing was changed.")
    if into_file:
        Path(address).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=Path(address).parent if into_file else None, prefix=".restore-") as folder:
        part = Path(folder) / "part.sqlite"
        shutil.copyfile(source, part)
        with _opened(str(part)) as stored:
            _prove(stored, source)
            migrate(stored)
            if not into_file:
                _into_postgres(address, stored, clock)
                return
            stored.write(lambda: Identity(stored).raise_epoch(clock.now_ms()))
        _settle(part, Path(address))


@contextmanager
def _opened(address: str) -> Iterator[Database]:
    database = Database.open(address)
    try:
        yield database
    finally:
        database.close()


def _settle(part: Path, target: Path) -> None:
    """Into its place, whole, and still there after a power cut."""
    with part.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(part, target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _prove(stored: Database, source: Path) -> None:
    def work() -> str:
        if not stored.select("SELECT 1 FROM sqlite_master WHERE name = 'schema_step'"):
            raise Rejected(f"{source} is no backup of deskbell-server.")
        return str(stored.select("PRAGMA integrity_check(1)")[0][0])

    found = stored.read(work)
    if found != "ok":
        raise Rejected(f"{source} is damaged: {found}. Take an older backup.")


def _into_postgres(address: str, stored: Database, clock: Clock) -> None:
    with _opened(address) as target:
        migrate(target)

        def work() -> None:
            if target.select("SELECT 1 FROM account LIMIT 1"):
                raise Rejected("This database is not empty. Restore into a new one; nothing was changed.")
            _copy(stored, target)
            Identity(target).raise_epoch(clock.now_ms())

        target.write(lambda: stored.read(work))


def _copy(source: Database, target: Database) -> None:
    """Every row of every table, some at a time, in order of the key."""

    def work() -> None:
        for model in MODELS:
            target.run(model.delete())
            for rows in pieces(source, model):
                target.insert(model, rows)
        continue_numbers(target, last_number(source))

    target.write(work)


def last_number(database: Database) -> int:
    """The last ticket number that was given."""
    sql = "SELECT last_value FROM ticket_number" if database.is_postgres else "SELECT value FROM ticket_number"
    return int(database.select(sql)[0][0])


def continue_numbers(target: Database, last: int) -> None:
    """The next ticket and the next account get numbers that were not given yet."""
    highest = target.one(TicketRow.select(fn.MAX(TicketRow.number).alias("number")))
    last = max(last, int((highest or {}).get("number") or 0))
    if target.is_postgres:
        target.select("SELECT setval('ticket_number', ?, true)", (max(last, 1),))
        top = target.one(AccountRow.select(fn.MAX(AccountRow.number).alias("number")))
        target.select("SELECT setval('account_number_seq', ?, true)", (int((top or {}).get("number") or 1),))
    else:
        target.execute("UPDATE ticket_number SET value = ?", (last,))
