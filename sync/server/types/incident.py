"""Incident: one cause behind many tickets, in the team's account; every agent keeps them (PRODUCT D9)."""

from collections.abc import Mapping
from typing import Final

from sync.domain import ids, protocol
from sync.domain.incidents import Incident
from sync.domain.times import from_utc_date
from sync.jmap import kinds
from sync.jmap.access import Principal
from sync.jmap.datatype import Created, DataType, Property
from sync.jmap.errors import JSON, SetError
from sync.server import refusals
from sync.server.access import sees
from sync.server.accounts import StoredAccount
from sync.server.audit import Actor
from sync.server.database import Row
from sync.server.incidents.incidents import Incidents, incident_of
from sync.server.incidents.tables import IncidentRow
from sync.server.parts import Colleague, Parts
from sync.server.receipts import fingerprint
from sync.server.store import ObjectStore, colleague
from sync.server.types import kinds as ours
from sync.server.wire import date_or_none

PROPERTIES: Final = {
    "clientKey": Property(ours.CLIENT_KEY, immutable=True),
    "title": Property(kinds.STRING),
    "notice": Property(kinds.STRING, default=""),
    "since": Property(kinds.UTC_DATE),
    "eta": Property(ours.OPTIONAL_DATE, default=None),
    "fixedAt": Property(ours.OPTIONAL_DATE, default=None),
    "cause": Property(kinds.STRING, default=""),
    "categoryIds": Property(kinds.map_of(kinds.TRUE, kinds.ID), default={}),
    "isPublic": Property(kinds.BOOLEAN, default=False),
    "keeperId": Property(ours.OPTIONAL_ID, default=None),
    "authorId": Property(ours.OPTIONAL_ID, server_set=True),
    "createdAt": Property(kinds.UTC_DATE, server_set=True),
    "updatedAt": Property(kinds.UTC_DATE, server_set=True),
    "lateAt": Property(ours.OPTIONAL_DATE, server_set=True),
    "followers": Property(kinds.UNSIGNED_INT, server_set=True),
    "works": Property(kinds.UNSIGNED_INT, server_set=True),
    "broken": Property(kinds.UNSIGNED_INT, server_set=True),
}
_WRITTEN: Final = ("title", "notice", "since", "eta", "fixedAt", "cause", "categoryIds")
_TOLD: Final = frozenset({"title", "notice", "eta", "fixedAt", "keeperId"})
"""What requesters of gathered tickets are written, or who may decide it."""
_GATHERED: Final = "SELECT DISTINCT category_id FROM ticket WHERE incident_id = ? ORDER BY category_id"
_NOT_ITS_KEEPER: Final = (
    "Tickets of categories that are not yours belong to this incident, and their requesters are told what you change. "
    "Ask whoever keeps it, or an owner."
)
_NO_SPEAKER: Final = "Only owners tell the public of an incident here. Keep it for the team and ask one of them."


class IncidentStore(ObjectStore):
    """Every agent reads and writes; who may tell the public is a setting."""

    type_name = protocol.INCIDENT
    model = IncidentRow

    def __init__(self, parts: Parts, incidents: Incidents) -> None:
        super().__init__(parts)
        self._incidents = incidents

    def wire(self, row: Row, account: StoredAccount) -> dict[str, JSON]:
        del account
        return {
            "id": row["id"],
            "clientKey": row["client_key"] or row["id"],
            "title": row["title"],
            "notice": row["notice"],
            "since": date_or_none(row["since"]),
            "eta": date_or_none(row["eta"]),
            "fixedAt": date_or_none(row["fixed_at"]),
            "cause": row["cause"],
            "categoryIds": dict.fromkeys(row["category_ids"], True),
            "isPublic": bool(row["is_public"]),
            "keeperId": row["keeper_id"],
            "authorId": row["author_id"],
            "createdAt": date_or_none(row["created_at"]),
            "updatedAt": date_or_none(row["updated_at"]),
            "lateAt": date_or_none(row["late_at"]),
            "followers": row["followers"],
            "works": row["works"],
            "broken": row["broken"],
        }

    def create(self, account_id: str, principal: Principal, values: Mapping[str, JSON]) -> Created:
        agent, account = colleague(principal), self.parts.accounts.get(account_id)
        incident_id = self.parts.ids.new(ids.INCIDENT)
        content = fingerprint({**values, "clientKey": None})
        known = self.parts.receipts.claim(agent.id, values["clientKey"], self.type_name, content, incident_id)
        if known is None:
            self._may(agent, values["isPublic"])
            self._keeper(values["keeperId"])
            if values["fixedAt"] is not None:
                raise refusals.invalid("fixedAt", "An incident is opened first, then repaired.")
            with refusals.about(*_WRITTEN):
                self._incidents.open(
                    _wanted(Incident(incident_id, "", 0), values), Actor.of(principal), values["clientKey"]
                )
        [whole] = [self.wire(row, account) for row in self._by_id([known or incident_id])]
        given = {"id": None, **values}
        differing = {name: value for name, value in whole.items() if name not in given or given[name] != value}
        return Created(known or incident_id, differing)

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, JSON], changed: Mapping[str, JSON]
    ) -> Mapping[str, JSON]:
        account = self.parts.accounts.get(account_id)
        self._may(colleague(principal), before["isPublic"] or changed.get("isPublic", False))
        if "keeperId" in changed:
            self._keeper(changed["keeperId"])
        [row] = self._by_id([before["id"]])
        if changed.keys() & _TOLD:
            self._may_tell(colleague(principal), row)
        with refusals.about(*changed):
            kept = incident_of(row)
            self._incidents.change(kept, _wanted(kept, {**before, **changed}), Actor.of(principal))
        [after] = self._by_id([before["id"]])
        asked = {**before, **changed}
        return {name: value for name, value in self.wire(after, account).items() if asked[name] != value}

    def _may(self, agent: Colleague, public: JSON) -> None:
        """What the public reads, whoever the setting allows. Raises SetError."""
        if public and not agent.is_owner and not self.parts.settings.number("incident.agents_announce"):
            raise SetError(protocol.FORBIDDEN, _NO_SPEAKER)

    def _may_tell(self, agent: Colleague, row: Row) -> None:
        """Whose words reach requesters: those of whoever keeps or opened it, and of who sees all that is gathered in it
        (PRODUCT B1). Raises SetError."""
        if agent.id in (row["keeper_id"], row["author_id"]):
            return
        database = self.parts.database
        gathered = [str(one) for (one,) in database.select(_GATHERED, (row["id"],))]
        if not all(sees(database, agent.id, one) for one in gathered):
            raise SetError(protocol.FORBIDDEN, _NOT_ITS_KEEPER)

    def _keeper(self, agent_id: str | None) -> None:
        """Somebody who works here. Raises SetError."""
        team = self.parts.accounts.team()
        if agent_id is not None and not self.parts.journal.stands(team, protocol.AGENT, agent_id):
            raise refusals.invalid("keeperId", "There is no such colleague any more. Choose another.")


def incident_type(parts: Parts, incidents: Incidents) -> DataType:
    """The declaration. An incident is history: it ends, and is not deleted."""
    return DataType(
        name=protocol.INCIDENT,
        capability=protocol.CAPABILITY,
        properties=PROPERTIES,
        store=IncidentStore(parts, incidents),
        destroyable=False,
        queryable=True,
    )


def _wanted(kept: Incident, values: Mapping[str, JSON]) -> Incident:
    """`kept` with what may be written."""
    return Incident(
        id=kept.id,
        title=values["title"],
        since=from_utc_date(values["since"]),
        notice=values["notice"],
        eta=_moment(values["eta"]),
        fixed_at=_moment(values["fixedAt"]),
        cause=values["cause"],
        category_ids=frozenset(values["categoryIds"]),
        is_public=values["isPublic"],
        keeper_id=values["keeperId"],
        late_at=kept.late_at,
        created_at=kept.created_at,
        followers=kept.followers,
        works=kept.works,
        broken=kept.broken,
    )


def _moment(text: str | None) -> int | None:
    return None if text is None else from_utc_date(text)
