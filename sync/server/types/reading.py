"""The types that clients only read: CategoryGrant, Requester, Agent, TicketArrival."""

from typing import Final

from sync.domain import protocol
from sync.jmap import kinds
from sync.jmap.datatype import DataType, Property
from sync.jmap.errors import JSON
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.parts import Parts
from sync.server.store import ObjectStore
from sync.server.tables import AgentRow, ArrivalRow, GrantRow, RequesterRow
from sync.server.types import kinds as ours
from sync.server.wire import arrival_wire, requester_wire


def _given(kind: kinds.Kind) -> Property:
    return Property(kind, server_set=True)


CATEGORY_GRANT: Final = {
    "categoryId": _given(kinds.ID),
    "accountId": _given(kinds.ID),
    "secondLine": _given(kinds.BOOLEAN),
}
AGENT: Final = {"name": _given(kinds.STRING), "isOwner": _given(kinds.BOOLEAN)}
REQUESTER: Final = {
    "name": _given(kinds.STRING),
    "email": _given(ours.OPTIONAL_TEXT),
    "phone": _given(ours.OPTIONAL_TEXT),
    "createdAt": _given(kinds.UTC_DATE),
    "facts": _given(ours.FACTS),
}
TICKET_ARRIVAL: Final = {
    "ticketId": _given(kinds.ID),
    "messageId": _given(ours.OPTIONAL_ID),
    "kind": _given(ours.ARRIVAL_KIND),
    "priority": _given(ours.PRIORITY),
    "byAgentId": _given(ours.OPTIONAL_ID),
    "at": _given(kinds.UTC_DATE),
    "forAgentId": _given(ours.OPTIONAL_ID),
}


class CategoryGrantStore(ObjectStore):
    """In the personal account of the agent."""

    type_name = protocol.CATEGORY_GRANT
    model = GrantRow

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        granted = self.parts.accounts.of_category(row["category_id"])
        if granted is None:
            raise LookupError(row["category_id"])
        return {
            "id": row["id"],
            "categoryId": row["category_id"],
            "accountId": granted.id,
            "secondLine": bool(row["second_line"]),
        }


class AgentStore(ObjectStore):
    """Colleagues, in the team's account."""

    type_name = protocol.AGENT
    model = AgentRow

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {"id": row["id"], "name": row["name"], "isOwner": bool(row["is_owner"])}


class RequesterStore(ObjectStore):
    """In each category account where they have a ticket."""

    type_name = protocol.REQUESTER
    model = RequesterRow

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return requester_wire(row)


class ArrivalStore(ObjectStore):
    """What rang in a category account."""

    type_name = protocol.TICKET_ARRIVAL
    model = ArrivalRow

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return arrival_wire(row)


def reading_types(parts: Parts) -> list[DataType]:
    """The declarations."""
    declared: list[tuple[ObjectStore, dict[str, Property]]] = [
        (CategoryGrantStore(parts), CATEGORY_GRANT),
        (AgentStore(parts), AGENT),
        (RequesterStore(parts), REQUESTER),
        (ArrivalStore(parts), TICKET_ARRIVAL),
    ]
    return [
        DataType(
            name=store.type_name,
            capability=protocol.CAPABILITY,
            properties=properties,
            store=store,
            read_only=True,
            queryable=True,
        )
        for store, properties in declared
    ]
