"""QuickNote: something jotted down, of one agent."""

from collections.abc import Mapping
from typing import Final

from sync.domain import ids, limits, protocol
from sync.domain.times import from_utc_date
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import DataType, Property
from sync.jmap.errors import JSON
from sync.server import refusals, texts
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.parts import Colleague, Parts
from sync.server.tables import QuickNoteRow
from sync.server.types import kinds as ours
from sync.server.types.keyed import KeyedStore
from sync.server.wire import date_or_none

PROPERTIES: Final = {
    "clientKey": Property(ours.CLIENT_KEY, immutable=True),
    "text": Property(kinds.STRING),
    "createdAt": Property(kinds.UTC_DATE, immutable=True),
    "ticketId": Property(ours.OPTIONAL_ID, default=None),
}


class QuickNoteStore(KeyedStore):
    """Quick notes of a personal account."""

    type_name = protocol.QUICK_NOTE
    model = QuickNoteRow
    letter = ids.QUICK_NOTE

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "text": row["text"],
            "createdAt": date_or_none(row["created_at"]),
            "ticketId": row["ticket_id"],
            "clientKey": row["client_key"],
        }

    def row(self, agent: Colleague, values: Mapping[str, JSON]) -> Row:
        return {
            "agent_id": agent.id,
            "text": _text(values["text"]),
            "created_at": from_utc_date(values["createdAt"]),
            "ticket_id": values["ticketId"],
            "client_key": values["clientKey"],
        }

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, JSON], changed: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        del principal
        text = _text(changed.get("text", before["text"]))
        given = {QuickNoteRow.text: text, QuickNoteRow.ticket_id: changed.get("ticketId", before["ticketId"])}
        self.parts.database.run(QuickNoteRow.update(given).where(QuickNoteRow.id == before["id"]))
        self.parts.journal.present(self.parts.accounts.get(account_id), self.type_name, before["id"])
        return {"text": text} if "text" in changed and text != changed["text"] else {}


def quick_note_type(parts: Parts) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.QUICK_NOTE,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=QuickNoteStore(parts),
        queryable=True,
    )


def _text(text: str) -> str:
    with refusals.about("text"):
        clean = texts.body(text, limits.QUICK_NOTE_MAX_BYTES)
    if not clean.strip():
        raise refusals.invalid("text", "The note is empty.")
    return clean
