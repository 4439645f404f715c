"""The responses of the standard methods as typed values, for the client (RFC 8620 sections 5.1 to 5.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.jmap.client import MalformedError
from sync.jmap.errors import JSON, SetError
from sync.jmap.kinds import BOOLEAN, ID, OBJECT, STRING, Kind, are_ids, list_of, map_of, nullable

_IDS = list_of(ID)
_OBJECTS = map_of(OBJECT)


@dataclass(frozen=True)
class GetResult:
    """What /get answered."""

    account_id: str
    state: str
    objects: Sequence[Mapping[str, JSON]]
    not_found: Sequence[str]


@dataclass(frozen=True)
class ChangesResult:
    """What /changes answered."""

    account_id: str
    old_state: str
    new_state: str
    has_more: bool
    created: Sequence[str]
    updated: Sequence[str]
    destroyed: Sequence[str]


@dataclass(frozen=True)
class SetResult:
    """What /set answered. The maps are empty where the server sent null.

    `new_state` is no cursor: it may jump over other people's changes. Only /changes moves a cursor.
    """

    account_id: str
    new_state: str
    created: Mapping[str, Mapping[str, JSON]]
    updated: Mapping[str, Mapping[str, JSON] | None]
    destroyed: Sequence[str]
    not_created: Mapping[str, SetError]
    not_updated: Mapping[str, SetError]
    not_destroyed: Mapping[str, SetError]


def read_get(arguments: Mapping[str, JSON]) -> GetResult:
    """Raises MalformedError."""
    objects = _member(arguments, "list", list_of(OBJECT))
    if not are_ids([one.get("id") for one in objects]):
        raise MalformedError("An object without an id came.")
    return GetResult(
        _member(arguments, "accountId", STRING),
        _member(arguments, "state", STRING),
        objects,
        _member(arguments, "notFound", nullable(_IDS)) or (),
    )


def read_changes(arguments: Mapping[str, JSON]) -> ChangesResult:
    """Raises MalformedError."""
    return ChangesResult(
        _member(arguments, "accountId", STRING),
        _member(arguments, "oldState", STRING),
        _member(arguments, "newState", STRING),
        _member(arguments, "hasMoreChanges", BOOLEAN),
        _member(arguments, "created", _IDS),
        _member(arguments, "updated", _IDS),
        _member(arguments, "destroyed", _IDS),
    )


def read_set(arguments: Mapping[str, JSON]) -> SetResult:
    """Raises MalformedError."""
    return SetResult(
        _member(arguments, "accountId", STRING),
        _member(arguments, "newState", STRING),
        _member(arguments, "created", nullable(_OBJECTS)) or {},
        _member(arguments, "updated", nullable(map_of(nullable(OBJECT)))) or {},
        _member(arguments, "destroyed", nullable(_IDS)) or (),
        _set_errors(arguments, "notCreated"),
        _set_errors(arguments, "notUpdated"),
        _set_errors(arguments, "notDestroyed"),
    )


def _member(arguments: Mapping[str, JSON], name: str, kind: Kind) -> JSON:
    value = arguments.get(name)
    if not kind.accepts(value):
        raise MalformedError(f"{name} of the answer is no {kind.name}.")
    return value


def _set_errors(arguments: Mapping[str, JSON], name: str) -> dict[str, SetError]:
    found = _member(arguments, name, nullable(_OBJECTS)) or {}
    return {key: SetError.from_json(one) for key, one in found.items()}
