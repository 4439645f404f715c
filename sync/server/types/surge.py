"""Surge: far more arrivals than usual, in the account of their category; clients only read it (PRODUCT F4)."""

from typing import Final

from sync.domain import protocol
from sync.jmap import kinds
from sync.jmap.datatype import DataType, Property
from sync.jmap.errors import JSON
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.incidents.tables import SurgeRow
from sync.server.parts import Parts
from sync.server.store import ObjectStore
from sync.server.types import kinds as ours
from sync.server.wire import date_or_none

PROPERTIES: Final = {
    "categoryId": Property(kinds.ID, server_set=True),
    "since": Property(kinds.UTC_DATE, server_set=True),
    "endedAt": Property(ours.OPTIONAL_DATE, server_set=True),
    "count": Property(kinds.UNSIGNED_INT, server_set=True),
    "minutes": Property(kinds.UNSIGNED_INT, server_set=True),
    "usual": Property(kinds.UNSIGNED_INT, server_set=True),
}


class SurgeStore(ObjectStore):
    """`usual` is rounded."""

    type_name = protocol.SURGE
    model = SurgeRow

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "categoryId": row["category_id"],
            "since": date_or_none(row["since"]),
            "endedAt": date_or_none(row["ended_at"]),
            "count": row["count"],
            "minutes": row["minutes"],
            "usual": round(row["usual"]),
        }


def surge_type(parts: Parts) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.SURGE,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=SurgeStore(parts),
        read_only=True,
        queryable=True,
    )
