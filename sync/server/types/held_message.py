"""HeldMessage: words of an agent that could not be posted, kept where only they see them (ARCHITECTURE 4)."""

from collections.abc import Mapping
from typing import Final

from sync.domain import ids, protocol
from sync.domain.times import from_utc_date
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import Created, DataType, Property
from sync.jmap.errors import JSON
from sync.server import refusals, rows, texts
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.files import Files
from sync.server.ledger import BlobUse
from sync.server.parts import Colleague, Parts
from sync.server.receipts import fingerprint
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
    "attachments": Property(ours.ATTACHMENTS, default=[], immutable=True),
}
_REASON_MAX: Final = 200


class HeldMessageStore(KeyedStore):
    """Held messages of a personal account. Their files stay as long as they do."""

    type_name = protocol.HELD_MESSAGE
    model = HeldMessageRow
    letter = ids.HELD_MESSAGE

    def __init__(self, parts: Parts, files: Files) -> None:
        super().__init__(parts)
        self._files = files

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
            "attachments": row["attachments"],
        }

    def content(self, agent: Colleague, account: StoredAccount, values: Mapping[str, JSON]) -> str:
        """Without files: as it was before there were any."""
        said = {name: value for name, value in values.items() if name != "attachments"}
        if values["attachments"]:
            said["attachments"] = self._files.content(account, agent.id, values["attachments"])
        return fingerprint({**said, "clientKey": None})

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        made, database = super().create(account_id, principal, values), self.parts.database
        row = database.one(HeldMessageRow.select().where(HeldMessageRow.id == made.id))
        for blob_id in {file["blobId"] for file in (row or {}).get("attachments", [])}:
            database.insert_new(BlobUse, {"blob_id": blob_id, "message_id": made.id})
        return made

    def destroy(self, account_id: str, principal: Principal, before: Mapping[str, JSON]) -> None:
        super().destroy(account_id, principal, before)
        self.parts.database.run(BlobUse.delete().where(BlobUse.message_id == before["id"]))

    def row(self, agent: Colleague, values: Mapping[str, JSON]) -> Row:
        with refusals.about("bodyText"):
            body = texts.body(values["bodyText"], self.parts.settings.number("message.bytes"))
        files = self._files.attachments(self.parts.accounts.of_agent(agent.id), agent.id, values["attachments"])
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
            "attachments": [rows.attachment_json(one) for one in files],
        }


def held_message_type(parts: Parts, files: Files) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.HELD_MESSAGE,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=HeldMessageStore(parts, files),
        queryable=True,
        updatable=False,
    )
