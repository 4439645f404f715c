"""NextInLine: who is alerted after an arrival reached nobody, in the account of its category (PRODUCT A9)."""

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
    "agentIds": Property(kinds.map_of(kinds.TRUE, kinds.ID), server_set=True),
    "at": Property(kinds.UTC_DATE, server_set=True),
    "reachedAt": Property(ours.OPTIONAL_DATE, server_set=True),
}
"""`at`: when it arrived; `reachedAt`: since when nobody needs to be alerted any more."""


class NextInLineStore(ObjectStore):
    """The same rows that owners read as UnreachedAlert, for those who see the category."""

    type_name = protocol.NEXT_IN_LINE
    model = UnreachedAlertRow

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "arrivalId": row["arrival_id"],
            "ticketId": row["ticket_id"],
            "agentIds": dict.fromkeys(row["next_ids"], True),
            "at": date_or_none(row["at"]),
            "reachedAt": date_or_none(row["reached_at"]),
        }


def next_in_line_type(parts: Parts) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.NEXT_IN_LINE,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=NextInLineStore(parts),
        read_only=True,
        queryable=True,
    )
