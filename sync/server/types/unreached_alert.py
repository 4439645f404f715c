"""UnreachedAlert: an arrival that reached nobody in time; owners read it (PRODUCT A9)."""

from typing import Final

from sync.domain import protocol
from sync.jmap import kinds
from sync.jmap.datatype import DataType, Property
from sync.jmap.errors import JSON
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.parts import Parts
from sync.server.store import ObjectStore
from sync.server.tables import UnreachedAlertRow
from sync.server.types import kinds as ours
from sync.server.wire import date_or_none

PROPERTIES: Final = {
    "arrivalId": Property(kinds.ID, server_set=True),
    "ticketId": Property(kinds.ID, server_set=True),
    "categoryId": Property(kinds.ID, server_set=True),
    "at": Property(kinds.UTC_DATE, server_set=True),
    "reachedAt": Property(ours.OPTIONAL_DATE, server_set=True),
}


class UnreachedAlertStore(ObjectStore):
    """In the oversight account."""

    type_name = protocol.UNREACHED_ALERT
    model = UnreachedAlertRow

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "arrivalId": row["arrival_id"],
            "ticketId": row["ticket_id"],
            "categoryId": row["category_id"],
            "at": date_or_none(row["at"]),
            "reachedAt": date_or_none(row["reached_at"]),
        }


def unreached_alert_type(parts: Parts) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.UNREACHED_ALERT,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=UnreachedAlertStore(parts),
        read_only=True,
        queryable=True,
    )
