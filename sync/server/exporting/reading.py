"""Reads an export into an empty database: proven whole first, then in one transaction, with a new epoch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson
from peewee import Model

from sync.domain.clock import Clock
from sync.domain.errors import Incompatible, Rejected
from sync.server.backup import continue_numbers
from sync.server.database import Database, Row
from sync.server.exporting.shape import (
    EXPORTED,
    FILES,
    FORMAT,
    MANIFEST,
    TABLES,
    VERSION,
    from_json,
    is_taken_setting,
    table_of,
)
from sync.server.exporting.writing import Progress, file_at
from sync.server.identity import Identity
from sync.server.ledger import AccountRow, AuditRow, BlobChunk, BlobRow, Setting
from sync.server.migrations import STEPS
from sync.server.tables import AgentRow, CategoryRow, RequesterRow

_PIECE: Final = 500
_OCTETS: Final = 256 * 1024
_USED: Final = (AgentRow, CategoryRow, RequesterRow, AuditRow)


@dataclass(frozen=True, slots=True)
class Export:
    """A folder that was proven to be a whole export."""

    folder: Path
    tables: Mapping[str, int]
    last_number: int


def prove(folder: Path) -> Export:
    """Look whether everything is there as it was written. Raises Rejected, Incompatible."""
    path = folder / MANIFEST
    if not path.is_file():
        raise Rejected(f"{folder} is no export of deskbell-server: there is no {MANIFEST} in it.")
    try:
        manifest = orjson.loads(path.read_bytes())
        is_ours, version, schema = manifest["format"] == FORMAT, int(manifest["version"]), int(manifest["schema"])
        tables = {str(name): (int(one["rows"]), str(one["sha256"])) for name, one in manifest["tables"].items()}
        last = int(manifest["lastNumber"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Rejected(f"{path} cannot be read. Take another export.") from error
    if not is_ours:
        raise Rejected(f"{folder} is no export of deskbell-server.")
    if version > VERSION or schema > len(STEPS) or tables.keys() - {table_of(one) for one in EXPORTED}:
        raise Incompatible(f"{folder} was written by a newer deskbell-server. Install that version; nothing was read.")
    for name, (_, expected) in tables.items():
        _prove_table(folder / TABLES / f"{name}.jsonl", expected)
    return Export(folder, {name: count for name, (count, _) in tables.items()}, last)


def check_unused(database: Database) -> None:
    """Whether nobody has worked with it yet. Raises Rejected."""
    if database.read(lambda: any(database.one(model.select()) is not None for model in _USED)):
        raise Rejected("This database is in use. Read the export into a new one; nothing was changed.")


def read_into(database: Database, export: Export, clock: Clock, progress: Progress) -> int:
    """Into a database that nobody has used yet; how many rows. Raises Rejected: then nothing was changed."""

    def work() -> int:
        check_unused(database)
        for row in database.rows(Setting.select()):
            if is_taken_setting(str(row["name"])):
                database.run(Setting.delete().where(Setting.name == row["name"]))
        database.run(AccountRow.delete())
        total = 0
        for model in EXPORTED:
            if table_of(model) in export.tables:
                total += _table(database, model, export, progress)
        for row in database.rows(BlobRow.select()):
            _file(database, row, file_at(export.folder / FILES, str(row["id"])))
        continue_numbers(database, export.last_number)
        Identity(database).raise_epoch(clock.now_ms())
        return total

    return database.write(work)


def _prove_table(path: Path, expected: str) -> None:
    digest = sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_OCTETS):
                digest.update(piece)
    except FileNotFoundError as error:
        raise Rejected(f"{path} is not there: this export is not whole. Take another one.") from error
    if digest.hexdigest() != expected:
        raise Rejected(f"{path} is not as it was written. Take another export; nothing was read.")


def _table(database: Database, model: type[Model], export: Export, progress: Progress) -> int:
    name, count = table_of(model), 0
    rows = _rows(model, export.folder / TABLES / f"{name}.jsonl")
    while piece := list(islice(rows, _PIECE)):
        database.insert(model, piece)
        count += len(piece)
        progress(name, len(piece))
    return count


def _rows(model: type[Model], path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                values: dict[str, Any] = orjson.loads(line)
                yield from_json(model, values)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise Rejected(f"{path}, line {number}, cannot be read. Nothing was read of this export.") from error


def _file(database: Database, row: Row, path: Path) -> None:
    digest = sha256()
    try:
        with path.open("rb") as file:
            for position, data in enumerate(iter(partial(file.read, _OCTETS), b"")):
                digest.update(data)
                database.insert(BlobChunk, [{"blob_id": row["id"], "position": position, "data": data}])
    except FileNotFoundError as error:
        raise Rejected(f"{path} is not there: this export is not whole. Nothing was read of it.") from error
    if digest.digest() != bytes(row["sha256"]):
        raise Rejected(f"{path} is not as it was written. Nothing was read of this export.")
