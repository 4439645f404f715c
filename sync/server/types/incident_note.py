"""IncidentNote: one entry of an incident's internal thread, in the team's account; never changed."""

from collections.abc import Mapping
from typing import Final

from sync.domain import ids, protocol
from sync.domain.incidents import NOTE_MAX_BYTES
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import DataType, Property
from sync.jmap.errors import JSON, SetError
from sync.server import refusals, texts
from sync.server.accounts import StoredAccount
from sync.server.database import Row
from sync.server.incidents.tables import IncidentNoteRow
from sync.server.parts import Colleague, Parts
from sync.server.types import kinds as ours
from sync.server.types.keyed import KeyedStore
from sync.server.wire import date_or_none

PROPERTIES: Final = {
    "clientKey": Property(ours.CLIENT_KEY, immutable=True),
    "incidentId": Property(kinds.ID, immutable=True),
    "text": Property(kinds.STRING, immutable=True),
    "authorId": Property(ours.OPTIONAL_ID, server_set=True),
    "at": Property(kinds.UTC_DATE, server_set=True),
}


class IncidentNoteStore(KeyedStore):
    """Every agent reads and adds."""

    type_name = protocol.INCIDENT_NOTE
    model = IncidentNoteRow
    letter = ids.INCIDENT_NOTE

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "clientKey": row["client_key"],
            "incidentId": row["incident_id"],
            "authorId": row["author_id"],
            "text": row["text"],
            "at": date_or_none(row["at"]),
        }

    def row(self, agent: Colleague, values: Mapping[str, JSON]) -> Row:
        team = self.parts.accounts.team()
        if not self.parts.journal.stands(team, protocol.INCIDENT, values["incidentId"]):
            raise refusals.invalid("incidentId", "There is no such incident.")
        with refusals.about("text"):
            clean = texts.body(values["text"], NOTE_MAX_BYTES)
        if not clean.strip():
            raise refusals.invalid("text", "The note is empty. Write something first.")
        return {
            "client_key": values["clientKey"],
            "incident_id": values["incidentId"],
            "author_id": agent.id,
            "text": clean,
            "at": self.parts.clock.now_ms(),
        }

    def destroy(self, account_id: str, principal: Principal, before: Mapping[str, JSON]) -> None:
        del account_id, principal, before
        raise SetError(protocol.FORBIDDEN)


def incident_note_type(parts: Parts) -> DataType:
    """The declaration."""
    return DataType(
        name=protocol.INCIDENT_NOTE,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=IncidentNoteStore(parts),
        updatable=False,
        destroyable=False,
        queryable=True,
    )
