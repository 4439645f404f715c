"""A backup is one SQLite file with our schema, whatever the server runs on; it can come back into either kind."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from peewee import Model, fn

from sync.domain.errors import Rejected
from sync.server.database import Database
from sync.server.identity import Identity
from sync.server.migrations import migrate
from sync.server.tables import MODELS, AccountRow, BlobChunk, TicketRow

_PIECE: Final = 1_000
_FEW: Final = 50
_LARGE: Final = frozenset({BlobChunk})
_LAST_NUMBER: Final = "SELECT last_value FROM ticket_number"


def back_up(database: Database, target: Path) -> None:
    """Write `target` from one snapshot, while others read and write. Raises Rejected if it is there already."""
    if target.exists():
        raise Rejected(f"{target} is there already. Choose another name, so that no backup is lost.")
    with tempfile.TemporaryDirectory(dir=_folder(target), prefix=".backup-") as folder:
        part = Path(folder) / "part"
        if database.is_postgres:
            copy = Database.open(part)
            migrate(copy)
            database.read(lambda: _copy(database, copy))
            copy.close()
        else:
            with database.connection():
                database.execute("VACUUM INTO ?", (str(part),))
        os.replace(part, target)


def restore_into(address: str, source: Path) -> None:
    """Bring a backup into an empty database and raise its epoch. Raises Rejected, Incompatible."""
    if not source.is_file():
        raise Rejected(f"There is no file {source}.")
    if "://" not in address and Path(address).exists():
        raise Rejected(f"{address} is there already. Restore into a new folder; nothing was changed.")
    with tempfile.TemporaryDirectory(prefix="deskbell-restore-") as folder:
        part = Path(folder) / "part.sqlite"
        shutil.copyfile(source, part)
        stored = Database.open(part)
        _prove(stored, source)
        migrate(stored)
        if "://" in address:
            _into_postgres(address, stored)
        else:
            stored.write(lambda: Identity(stored).raise_epoch())
            stored.close()
            Path(address).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.move(part, address)


def _folder(target: Path) -> Path:
    if not target.parent.is_dir():
        raise Rejected(f"There is no folder {target.parent}.")
    return target.parent


def _prove(stored: Database, source: Path) -> None:
    def work() -> str:
        if not stored.select("SELECT 1 FROM sqlite_master WHERE name = 'schema_step'"):
            raise Rejected(f"{source} is no backup of deskbell-server.")
        return str(stored.select("PRAGMA integrity_check(1)")[0][0])

    found = stored.read(work)
    if found != "ok":
        raise Rejected(f"{source} is damaged: {found}. Take an older backup.")


def _into_postgres(address: str, stored: Database) -> None:
    target = Database.open(address)
    migrate(target)

    def work() -> None:
        if Identity(target).epoch() and target.select("SELECT 1 FROM account LIMIT 1"):
            raise Rejected("This database is not empty. Restore into a new one; nothing was changed.")
        _copy(stored, target)
        Identity(target).raise_epoch()

    try:
        target.write(lambda: stored.read(work))
    finally:
        target.close()
        stored.close()


def _copy(source: Database, target: Database) -> None:
    """Every row of every table, some at a time, in order of the key."""

    def work() -> None:
        for model in MODELS:
            target.run(model.delete())
            for rows in _pieces(source, model):
                target.insert(model, rows)
        _continue_numbers(source, target)

    target.write(work)


def _pieces(source: Database, model: type[Model]) -> Any:
    key: Any = model._meta.primary_key
    fields = [model._meta.fields[name] for name in getattr(key, "field_names", None) or (key.name,)]
    size = _FEW if model in _LARGE else _PIECE
    query = model.select().order_by(*fields)
    offset = 0
    while rows := source.rows(query.limit(size).offset(offset)):
        yield rows
        offset += len(rows)


def _continue_numbers(source: Database, target: Database) -> None:
    last = int(source.select(_LAST_NUMBER)[0][0] if source.is_postgres else _sqlite_number(source))
    highest = source.one(TicketRow.select(fn.MAX(TicketRow.number).alias("number")))
    last = max(last, int((highest or {}).get("number") or 0))
    if target.is_postgres:
        target.select("SELECT setval('ticket_number', ?, true)", (max(last, 1),))
        top = target.one(AccountRow.select(fn.MAX(AccountRow.number).alias("number")))
        target.select("SELECT setval('account_number_seq', ?, true)", (int((top or {}).get("number") or 1),))
    else:
        target.execute("UPDATE ticket_number SET value = ?", (last,))


def _sqlite_number(source: Database) -> int:
    return int(source.select("SELECT value FROM ticket_number")[0][0])
