"""HeldMessage: words of an agent that could not be posted, kept where only they see them (ARCHITECTURE 4)."""

from collections.abc import Mapping
from typing import Final

from sync.domain import ids, protocol
from sync.domain.times import from_utc_date
from sync.jmap import kinds
from sync.jmap.datatype import DataType, Property
from sync.jmap.errors import JSON
from sync.server import refusals, texts
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.parts import Colleague, Parts
from sync.server.tables import HeldMessageRow
from sync.server.types import kinds as ours
from sync.server.types.keyed import KeyedStore
from sync.server.wire import date_or_none

PROPERTIES: Final = {
    "clientKey": Property(ours.CLIENT_KEY, immutable=True),
    "ticketId": Property(ours.OPTIONAL_ID, default=None, immutable=True),
    "kind": Property(ours.MESSAGE_KIND, immutable=True),
    "bodyText": Property(kinds.STRING, immutable=True),
    "composedAt": Property(kinds.UTC_DATE, immutable=True),
    "reason": Property(kinds.STRING, immutable=True),
}
_REASON_MAX: Final = 200


class HeldMessageStore(KeyedStore):
    """Held messages of a personal account."""

    type_name = protocol.HELD_MESSAGE
    model = HeldMessageRow
    letter = ids.HELD_MESSAGE

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "ticketId": row["ticket_id"],
            "kind": row["kind"],
            "bodyText": row["body_text"],
            "composedAt": date_or_none(row["composed_at"]),
            "reason": row["reason"],
            "clientKey": row["client_key"],
        }

    def row(self, agent: Colleague, values: Mapping[str, JSON]) -> Row:
        with refusals.about("bodyText"):
            body = texts.body(values["bodyText"], self.parts.settings.number("message.bytes"))
        with refusals.about("reason"):
            reason = texts.short(values["reason"], _REASON_MAX, "reason")
        return {
            "agent_id": agent.id,
            "ticket_id": values["ticketId"],
            "kind": values["kind"],
            "body_text": body,
            "composed_at": from_utc_date(values["composedAt"]),
            "reason": reason or "",
            "client_key": values["clientKey"],
        }


def held_message_type(parts: Parts) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.HELD_MESSAGE,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=HeldMessageStore(parts),
        queryable=True,
        updatable=False,
    )
