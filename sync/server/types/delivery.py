"""Delivery: what became of a reply that was to be mailed; whoever sees the ticket reads it (PRODUCT G2)."""

from typing import Final

from sync.domain import protocol
from sync.jmap import kinds
from sync.jmap.datatype import DataType, Property
from sync.jmap.errors import JSON
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.mail.deliveries import DeliveryStatus
from sync.server.mail.outgoing_tables import DeliveryRow
from sync.server.parts import Parts
from sync.server.store import ObjectStore
from sync.server.types import kinds as ours
from sync.server.wire import date_or_none

PROPERTIES: Final = {
    "ticketId": Property(kinds.ID, server_set=True),
    "messageId": Property(kinds.ID, server_set=True),
    "status": Property(kinds.one_of(*(one.value for one in DeliveryStatus)), server_set=True),
    "at": Property(kinds.UTC_DATE, server_set=True),
    "detail": Property(ours.OPTIONAL_TEXT, server_set=True),
}


class DeliveryStore(ObjectStore):
    """In the category's account, as the reply is."""

    type_name = protocol.DELIVERY
    model = DeliveryRow

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "ticketId": row["ticket_id"],
            "messageId": row["message_id"],
            "status": row["status"],
            "at": date_or_none(row["at"]),
            "detail": row["detail"],
        }


def delivery_type(parts: Parts) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.DELIVERY,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=DeliveryStore(parts),
        read_only=True,
        queryable=True,
    )
