"""Incidents at our own server: /set calls in the team's account."""

from typing import Final

from sync.connectors.central.api import Api
from sync.connectors.central.keeping import Keeping, Values
from sync.connectors.port import Access, AccountKind
from sync.domain.incidents import Incident
from sync.domain.protocol import INCIDENT, INCIDENT_NOTE, NOT_FOUND, STATE_MISMATCH
from sync.domain.times import to_utc_date

_CHANGED: Final = (
    "Somebody else changed the same meanwhile. Yours is kept here: save again to put it in place of theirs, or drop "
    "your changes to read theirs."
)
_GONE: Final = "This incident is not there any more."


class CentralIncidentKeeping:
    """`sync.connectors.incident_keeping.IncidentKeeping`, carried out by our own server."""

    def __init__(self, api: Api, access: Access) -> None:
        self._kept = Keeping(api, access, {STATE_MISMATCH: _CHANGED, NOT_FOUND: _GONE})

    def open_incident(self, client_key: str, incident: Incident) -> str:
        values = _values(incident)
        del values["fixedAt"]
        return self._kept.create(AccountKind.TEAM, INCIDENT, values, client_key)

    def change_incident(self, base: Incident, wanted: Incident) -> None:
        was = _values(base)
        patch = {name: value for name, value in _values(wanted).items() if value != was[name]}
        if patch:
            guarded = {name: was[name] for name in patch}
            self._kept.update(AccountKind.TEAM, INCIDENT, base.id, patch, guarded)

    def add_note(self, client_key: str, incident_id: str, text: str) -> str:
        values: Values = {"incidentId": incident_id, "text": text}
        return self._kept.create(AccountKind.TEAM, INCIDENT_NOTE, values, client_key)


def _values(incident: Incident) -> Values:
    return {
        "title": incident.title,
        "notice": incident.notice,
        "since": to_utc_date(incident.since),
        "eta": None if incident.eta is None else to_utc_date(incident.eta),
        "fixedAt": None if incident.fixed_at is None else to_utc_date(incident.fixed_at),
        "cause": incident.cause,
        "categoryIds": dict.fromkeys(sorted(incident.category_ids), True),
        "isPublic": incident.is_public,
        "keeperId": incident.keeper_id,
    }
