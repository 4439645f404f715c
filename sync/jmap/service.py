"""A server as a client finds it: the Session object read, its address templates filled in (RFC 8620 section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

from sync.jmap.client import MalformedError
from sync.jmap.errors import JSON
from sync.jmap.feed import States
from sync.jmap.kinds import BOOLEAN, ID, OBJECT, STRING, map_of
from sync.jmap.limits import CORE
from sync.jmap.wire import NotIJsonError, read

_ACCOUNT = {
    "name": STRING,
    "isPersonal": BOOLEAN,
    "isReadOnly": BOOLEAN,
    "accountCapabilities": map_of(OBJECT),
}
_MEMBERS = {
    "capabilities": map_of(OBJECT),
    "accounts": map_of(OBJECT, ID),
    "username": STRING,
    "apiUrl": STRING,
    "downloadUrl": STRING,
    "uploadUrl": STRING,
    "eventSourceUrl": STRING,
    "state": STRING,
}
_STATES = map_of(map_of(STRING), ID)


@dataclass(frozen=True)
class RemoteAccount:
    """One account of the Session."""

    name: str
    is_personal: bool
    is_read_only: bool
    capabilities: Mapping[str, Mapping[str, JSON]]


@dataclass(frozen=True)
class Service:
    """The Session object. `limit(name)` reads a core limit."""

    username: str
    state: str
    capabilities: Mapping[str, Mapping[str, JSON]]
    accounts: Mapping[str, RemoteAccount]
    api_url: str
    download_template: str
    upload_template: str
    events_template: str

    def limit(self, name: str, otherwise: int) -> int:
        """A limit of the core capability such as `maxObjectsInSet`; `otherwise` when it is not announced."""
        value = self.capabilities[CORE].get(name)
        return value if isinstance(value, int) and value > 0 else otherwise

    def download_url(self, account_id: str, blob_id: str, name: str, media_type: str) -> str:
        """Where a blob is fetched."""
        values = {"accountId": account_id, "blobId": blob_id, "name": name, "type": media_type}
        return _filled(self.download_template, values)

    def upload_url(self, account_id: str) -> str:
        """Where a blob is sent."""
        return _filled(self.upload_template, {"accountId": account_id})

    def events_url(self, types: str, *, close_after: str = "no", ping: int = 15) -> str:
        """Where events are read. `types`: names with commas between, or `*`; `ping` in seconds."""
        return _filled(self.events_template, {"types": types, "closeafter": close_after, "ping": str(ping)})


def read_session(octets: bytes) -> Service:
    """Read a Session object. Raises MalformedError for anything else: it must not be acted upon."""
    try:
        value = read(octets)
    except NotIJsonError as error:
        raise MalformedError(f"The Session is not I-JSON: {error}") from error
    if not isinstance(value, dict):
        raise MalformedError("The Session is no object.")
    for name, kind in _MEMBERS.items():
        if not kind.accepts(value.get(name)):
            raise MalformedError(f"{name} of the Session is no {kind.name}.")
    if CORE not in value["capabilities"]:
        raise MalformedError("The Session does not offer JMAP Core.")
    return Service(
        value["username"],
        value["state"],
        value["capabilities"],
        {account_id: _account(one) for account_id, one in value["accounts"].items()},
        value["apiUrl"],
        value["downloadUrl"],
        value["uploadUrl"],
        value["eventSourceUrl"],
    )


def read_state_change(data: str) -> States:
    """The accounts, types and states of a StateChange (section 7.1). Raises MalformedError."""
    try:
        value = read(data.encode())
    except (NotIJsonError, UnicodeEncodeError) as error:
        raise MalformedError(f"The event is not I-JSON: {error}") from error
    if not isinstance(value, dict) or value.get("@type") != "StateChange":
        raise MalformedError("The event is no StateChange.")
    changed = value.get("changed")
    if not _STATES.accepts(changed):
        raise MalformedError("The StateChange names no states.")
    return cast(States, changed)


def _account(value: Mapping[str, JSON]) -> RemoteAccount:
    if not all(kind.accepts(value.get(name)) for name, kind in _ACCOUNT.items()):
        raise MalformedError("An account of the Session is incomplete.")
    return RemoteAccount(value["name"], value["isPersonal"], value["isReadOnly"], value["accountCapabilities"])


def _filled(template: str, values: Mapping[str, str]) -> str:
    """A level 1 URI template (RFC 6570) expanded."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", quote(value, safe=""))
    return template
