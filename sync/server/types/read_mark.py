"""ReadMark: how far an agent has read a ticket; one for each ticket, the larger wins."""

from collections.abc import Mapping
from typing import Final

from sync.domain import ids, protocol
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import Created, DataType, Property
from sync.jmap.errors import JSON
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.parts import Parts
from sync.server.store import ObjectStore, colleague
from sync.server.tables import ReadMarkRow

PROPERTIES: Final = {
    "ticketId": Property(kinds.ID, immutable=True),
    "lastSeq": Property(kinds.UNSIGNED_INT),
}
_UPSERT: Final = """
INSERT INTO read_mark (id, agent_id, ticket_id, last_seq) VALUES (?, ?, ?, ?)
ON CONFLICT (agent_id, ticket_id) DO UPDATE SET last_seq = excluded.last_seq
WHERE excluded.last_seq > read_mark.last_seq
"""


class ReadMarkStore(ObjectStore):
    """Read marks of a personal account."""

    type_name = protocol.READ_MARK
    model = ReadMarkRow

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {"id": row["id"], "ticketId": row["ticket_id"], "lastSeq": row["last_seq"]}

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        agent, account = colleague(principal), self.parts.accounts.get(account_id)
        row = self._raise(account, agent.id, values["ticketId"], int(values["lastSeq"]))
        return Created(row["id"], {} if row["last_seq"] == values["lastSeq"] else {"lastSeq": row["last_seq"]})

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, JSON], changed: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        agent, account = colleague(principal), self.parts.accounts.get(account_id)
        row = self._raise(account, agent.id, before["ticketId"], int(changed["lastSeq"]))
        return {} if row["last_seq"] == changed["lastSeq"] else {"lastSeq": row["last_seq"]}

    def destroy(self, account_id: str, principal: Principal, before: Mapping[str, JSON]) -> None:
        del principal
        self.parts.database.run(ReadMarkRow.delete().where(ReadMarkRow.id == before["id"]))
        self.parts.journal.gone(self.parts.accounts.get(account_id), self.type_name, before["id"])

    def _raise(self, account: StoredAccount, agent_id: str, ticket_id: str, last_seq: int) -> Row:
        mark_id = self.parts.ids.new(ids.READ_MARK)
        moved = self.parts.database.execute(_UPSERT, (mark_id, agent_id, ticket_id, last_seq))
        row = self.parts.database.one(
            ReadMarkRow.select().where((ReadMarkRow.agent_id == agent_id) & (ReadMarkRow.ticket_id == ticket_id))
        )
        if row is None:
            raise RuntimeError("a read mark has gone while it was written")
        if moved:
            self.parts.journal.present(account, self.type_name, row["id"])
        return row


def read_mark_type(parts: Parts) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.READ_MARK,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=ReadMarkStore(parts),
        queryable=True,
    )
