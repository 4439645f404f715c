"""Writes everything into a folder from one moment, while others read and write; a piece at a time."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson
from peewee import Model

from sync.domain.errors import Rejected
from sync.domain.times import to_utc_date
from sync.server.backup import last_number
from sync.server.database import Database
from sync.server.exporting.mbox import write_mbox
from sync.server.exporting.shape import (
    EXPORTED,
    FILES,
    FORMAT,
    LEFT_OUT,
    MANIFEST,
    MBOX,
    TABLES,
    VERSION,
    as_json,
    is_taken,
    table_of,
)
from sync.server.ledger import BlobRow
from sync.server.pieces import pieces

_CHUNK: Final = "SELECT data FROM blob_chunk WHERE blob_id = ? AND position = ?"
_SCHEMA: Final = "SELECT MAX(number) FROM schema_step"

Progress = Callable[[str, int], None]
"""Told the name of a table, and how many more of its rows are written."""


@dataclass(slots=True)
class Exported:
    """How many rows of each table, files and octets in them, mails in the mbox."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    octets: int = 0
    mails: int = 0


def export_to(database: Database, target: Path, at: int, progress: Progress) -> Exported:
    """Make the folder `target`; nothing is there before all is. `at`: ms UTC. Raises Rejected if it is there already.

    On SQLite the write-ahead log grows meanwhile, since the moment is kept.
    """
    check_place(target)
    part = Path(tempfile.mkdtemp(dir=target.absolute().parent, prefix=".export-"))
    try:
        exported = database.read(partial(_write, database, part, at, progress))
        os.replace(part, target)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return exported


def check_place(target: Path) -> None:
    """Whether a new folder can be made there. Raises Rejected."""
    if target.exists():
        raise Rejected(f"{target} is there already. Choose another name, so that no export is lost.")
    if not target.absolute().parent.is_dir():
        raise Rejected(f"There is no folder {target.absolute().parent}.")


def _write(database: Database, folder: Path, at: int, progress: Progress) -> Exported:
    exported, written = Exported(), {}
    (folder / TABLES).mkdir()
    (folder / FILES).mkdir()
    for model in EXPORTED:
        written[table_of(model)] = _table(database, model, folder / TABLES, exported, progress)
    for rows in pieces(database, BlobRow):
        for row in rows:
            _file(database, str(row["id"]), folder / FILES, exported)
    exported.mails = write_mbox(database, folder / MBOX, partial(progress, MBOX))
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "schema": int(database.select(_SCHEMA)[0][0]),
        "at": to_utc_date(at),
        "lastNumber": last_number(database),
        "tables": written,
        "files": {"count": exported.files, "bytes": exported.octets},
        "mails": exported.mails,
        "leftOut": LEFT_OUT,
    }
    with (folder / MANIFEST).open("wb") as file:
        file.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return exported


def _table(
    database: Database, model: type[Model], folder: Path, exported: Exported, progress: Progress
) -> dict[str, Any]:
    """One line of JSON for each row; what proves the file whole."""
    digest, count, name = sha256(), 0, table_of(model)
    with (folder / f"{name}.jsonl").open("wb") as file:
        for rows in pieces(database, model):
            taken = [as_json(model, row) for row in rows if is_taken(model, row)]
            lines = b"".join(orjson.dumps(one) + b"\n" for one in taken)
            file.write(lines)
            digest.update(lines)
            count += len(taken)
            progress(name, len(taken))
        file.flush()
        os.fsync(file.fileno())
    exported.rows[name] = count
    return {"rows": count, "sha256": digest.hexdigest()}


def file_at(folder: Path, blob_id: str) -> Path:
    """Where the octets of a file stand: not all in one folder."""
    return folder / blob_id[-2:] / blob_id


def _file(database: Database, blob_id: str, folder: Path, exported: Exported) -> None:
    path, position = file_at(folder, blob_id), 0
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        while found := database.select(_CHUNK, (blob_id, position)):
            exported.octets += file.write(bytes(found[0][0]))
            position += 1
    exported.files += 1
