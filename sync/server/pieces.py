"""A table read some rows at a time, in the order of its key, so that no more than a piece is ever held."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from peewee import Model, Tuple

from sync.server.database import Database, Row
from sync.server.ledger import BlobChunk

_PIECE: Final = 1_000
_FEW: Final = 50
_LARGE: Final = frozenset({BlobChunk})


def pieces(source: Database, model: type[Model]) -> Iterator[list[Row]]:
    """Every row of a table. Inside one transaction of the caller's, if it is to be one moment."""
    key: Any = model._meta.primary_key
    fields = [model._meta.fields[name] for name in getattr(key, "field_names", None) or (key.name,)]
    query = model.select().order_by(*fields).limit(_FEW if model in _LARGE else _PIECE)
    rows = source.rows(query)
    while rows:
        yield rows
        last = [field.db_value(rows[-1][field.name]) for field in fields]
        rows = source.rows(query.where(Tuple(*fields) > Tuple(*last)))
