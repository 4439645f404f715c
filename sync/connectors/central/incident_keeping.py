"""Incidents at our own server: /set calls in the team's account."""

from typing import Any, Final

from sync.connectors.central.api import PASSING, Api
from sync.connectors.port import Access, AccountKind
from sync.domain.errors import DeskbellError, Offline, Rejected
from sync.domain.incidents import Incident
from sync.domain.protocol import ALREADY_EXISTS, INCIDENT, INCIDENT_NOTE, NOT_FOUND, STATE_MISMATCH
from sync.domain.times import to_utc_date
from sync.jmap.client import MalformedError
from sync.jmap.errors import JSON, MethodError, SetError
from sync.jmap.results import SetResult, read_set

_CHANGED: Final = (
    "Somebody else changed the same meanwhile. Yours is kept here: save again to put it in place of theirs, or drop "
    "your changes to read theirs."
)
_GONE: Final = "This incident is not there any more."

Values = dict[str, JSON]


class CentralIncidentKeeping:
    """`sync.connectors.incident_keeping.IncidentKeeping`, carried out by our own server."""

    def __init__(self, api: Api, access: Access) -> None:
        self._api = api
        self._accounts = {one.kind: one.id for one in access.accounts}

    def open_incident(self, client_key: str, incident: Incident) -> str:
        values = _values(incident)
        del values["fixedAt"]
        return self._create(INCIDENT, client_key, values)

    def change_incident(self, base: Incident, wanted: Incident) -> None:
        was = _values(base)
        patch = {name: value for name, value in _values(wanted).items() if value != was[name]}
        if not patch:
            return
        guarded = {name: was[name] for name in patch}
        result = self._set(INCIDENT, {"update": {base.id: patch}, "ifUnchangedBy": {base.id: guarded}})
        if base.id not in result.updated:
            raise self._refusal(result.not_updated.get(base.id))

    def add_note(self, client_key: str, incident_id: str, text: str) -> str:
        return self._create(INCIDENT_NOTE, client_key, {"incidentId": incident_id, "text": text})

    def _create(self, type_name: str, client_key: str, values: Values) -> str:
        result = self._set(type_name, {"create": {client_key: {**values, "clientKey": client_key}}})
        if client_key in result.created:
            return str(result.created[client_key]["id"])
        error = result.not_created.get(client_key)
        if error is not None and error.kind == ALREADY_EXISTS and error.more.get("existingType") == type_name:
            return str(error.more["existingId"])
        raise self._refusal(error)

    def _set(self, type_name: str, given: Values) -> SetResult:
        try:
            return read_set(self._call(f"{type_name}/set", {"accountId": self._accounts[AccountKind.TEAM], **given}))
        except MalformedError as error:
            raise self._api.damaged() from error

    def _call(self, name: str, arguments: Values) -> Any:
        request = self._api.request()
        handle = request.call(name, arguments)
        try:
            return self._api.run(request).arguments(handle)
        except MethodError as error:
            raise self._api.failure(error) from error
        except MalformedError as error:
            raise self._api.damaged() from error

    def _refusal(self, error: SetError | None) -> DeskbellError:
        if error is None:
            return self._api.damaged()
        said = {STATE_MISMATCH: _CHANGED, NOT_FOUND: _GONE}.get(error.kind, error.description)
        sentence = said or f"The server did not do it ({error.kind}). Try again."
        return Offline(sentence) if error.kind in PASSING else Rejected(sentence, error.kind)


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
