"""SpotCheck: one run of the owner's check, recorded so that a gap shows (PRODUCT F1)."""

from collections.abc import Mapping
from typing import Final

from sync.domain import ids, protocol
from sync.domain.times import from_utc_date
from sync.jmap import kinds
from sync.jmap.datatype import DataType, Property
from sync.jmap.errors import JSON
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.parts import Colleague, Parts
from sync.server.tables import SpotCheckRow
from sync.server.types import kinds as ours
from sync.server.types.keyed import KeyedStore
from sync.server.wire import date_or_none

PROPERTIES: Final = {
    "clientKey": Property(ours.CLIENT_KEY, immutable=True),
    "byAgentId": Property(ours.OPTIONAL_ID, server_set=True),
    "at": Property(kinds.UTC_DATE, immutable=True),
    "asOf": Property(kinds.UTC_DATE, immutable=True),
    "awaiting": Property(kinds.UNSIGNED_INT, immutable=True),
    "new": Property(kinds.UNSIGNED_INT, immutable=True),
    "tooLong": Property(kinds.UNSIGNED_INT, immutable=True),
    "oldestTicketId": Property(ours.OPTIONAL_ID, default=None, immutable=True),
}


class SpotCheckStore(KeyedStore):
    """Checks of the oversight account."""

    type_name = protocol.SPOT_CHECK
    model = SpotCheckRow
    letter = ids.SPOT_CHECK

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "byAgentId": row["by_agent_id"],
            "at": date_or_none(row["at"]),
            "asOf": date_or_none(row["as_of"]),
            "awaiting": row["awaiting"],
            "new": row["new"],
            "tooLong": row["too_long"],
            "oldestTicketId": row["oldest_ticket_id"],
            "clientKey": row["client_key"],
        }

    def row(self, agent: Colleague, values: Mapping[str, JSON]) -> Row:
        return {
            "by_agent_id": agent.id,
            "at": from_utc_date(values["at"]),
            "as_of": from_utc_date(values["asOf"]),
            "awaiting": int(values["awaiting"]),
            "new": int(values["new"]),
            "too_long": int(values["tooLong"]),
            "oldest_ticket_id": values["oldestTicketId"],
            "client_key": values["clientKey"],
        }


def spot_check_type(parts: Parts) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.SPOT_CHECK,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=SpotCheckStore(parts),
        queryable=True,
        updatable=False,
        destroyable=False,
    )
