"""The kinds of value that a property, an argument or a filter may have, with checks (RFC 8620 1.1-1.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sync.jmap.errors import JSON

MAX_INT = 2**53 - 1
_ID = re.compile(r"[A-Za-z0-9_-]{1,255}")
_ID_LINES = re.compile(r"[A-Za-z0-9_-]{1,255}(?:\n[A-Za-z0-9_-]{1,255})*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(?P<fraction>\d+))?(?P<zone>Z|[+-]\d{2}:\d{2})", re.ASCII)

Resolve = Callable[[str], str]
"""Turns `#creationId` into the id given to that object; raises ValueError when there is none."""


@dataclass(frozen=True)
class Kind:
    """A kind of JSON value.

    `accepts(value)` tells whether a value is of this kind. `resolve(value, find)` gives the value with every
    creation reference inside it replaced; kinds that hold no ids give it back as it is. `all_accepted`, where there
    is one, tells of many values at once what `accepts` tells of each.
    """

    name: str
    accepts: Callable[[JSON], bool]
    resolve: Callable[[JSON, Resolve], JSON] = lambda value, _find: value
    all_accepted: Callable[[Sequence[JSON]], bool] | None = None


def _is_int(value: JSON) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return value.is_integer() and abs(value) <= MAX_INT
    return isinstance(value, int) and abs(value) <= MAX_INT


def is_id(value: JSON) -> bool:
    """Whether the value is an Id: 1 to 255 characters of the URL-safe alphabet (section 1.2)."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def are_ids(values: Sequence[JSON]) -> bool:
    """Whether each of them is an Id; for the thousands of an answer, much faster than one by one."""
    if not values:
        return True
    try:
        lines = "\n".join(values)
    except TypeError:
        return False
    return lines.count("\n") == len(values) - 1 and _ID_LINES.fullmatch(lines) is not None


def _is_date(value: JSON) -> bool:
    if not isinstance(value, str):
        return False
    found = _DATE.fullmatch(value)
    if found is None:
        return False
    fraction = found["fraction"]
    if fraction is not None and not fraction.strip("0"):
        return False
    try:
        datetime.fromisoformat(value[:19] + (found["zone"] if found["zone"] != "Z" else "+00:00"))
    except ValueError:
        return False
    return True


def _is_utc_date(value: JSON) -> bool:
    return _is_date(value) and value.endswith("Z")


def _resolve_id(value: JSON, find: Resolve) -> JSON:
    return find(value[1:]) if isinstance(value, str) and value.startswith("#") else value


ANY = Kind("*", lambda _value: True)
STRING = Kind("String", lambda value: isinstance(value, str))
BOOLEAN = Kind("Boolean", lambda value: isinstance(value, bool))
NUMBER = Kind("Number", lambda value: isinstance(value, int | float) and not isinstance(value, bool))
INT = Kind("Int", _is_int)
UNSIGNED_INT = Kind("UnsignedInt", lambda value: _is_int(value) and value >= 0)
DATE = Kind("Date", _is_date)
UTC_DATE = Kind("UTCDate", _is_utc_date)
ID = Kind("Id", is_id, _resolve_id, are_ids)
TRUE = Kind("true", lambda value: value is True)
OBJECT = Kind("Object", lambda value: isinstance(value, dict))


def nullable(kind: Kind) -> Kind:
    """`kind` or null."""
    return Kind(
        f"{kind.name}|null",
        lambda value: value is None or kind.accepts(value),
        lambda value, find: None if value is None else kind.resolve(value, find),
    )


def one_of(*values: str) -> Kind:
    """One of these strings."""
    allowed = frozenset(values)
    return Kind(f"one of {', '.join(values)}", lambda value: isinstance(value, str) and value in allowed)


def text(max_length: int, min_length: int = 0) -> Kind:
    """A String of that many characters at most (and at least)."""
    return Kind(
        f"String of {min_length} to {max_length} characters",
        lambda value: isinstance(value, str) and min_length <= len(value) <= max_length,
    )


def list_of(kind: Kind) -> Kind:
    """An array of `kind`."""
    each = kind.all_accepted or (lambda values: all(map(kind.accepts, values)))
    return Kind(
        f"{kind.name}[]",
        lambda value: isinstance(value, list) and each(value),
        lambda value, find: [kind.resolve(one, find) for one in value] if isinstance(value, list) else value,
    )


def map_of(kind: Kind, keys: Kind = STRING) -> Kind:
    """An object whose keys are of kind `keys` and whose values are of `kind`. Sets are `map_of(TRUE)`."""

    def accepts(value: JSON) -> bool:
        return isinstance(value, dict) and all(keys.accepts(key) and kind.accepts(one) for key, one in value.items())

    def resolve(value: JSON, find: Resolve) -> JSON:
        if not isinstance(value, dict):
            return value
        return {keys.resolve(key, find): kind.resolve(one, find) for key, one in value.items()}

    return Kind(f"{keys.name}[{kind.name}]", accepts, resolve)


def record(required: Mapping[str, Kind], optional: Mapping[str, Kind] | None = None) -> Kind:
    """An object with exactly these members; those of `optional` may be absent."""
    members = {**required, **(optional or {})}

    def accepts(value: JSON) -> bool:
        return (
            isinstance(value, dict)
            and required.keys() <= value.keys() <= members.keys()
            and all(members[key].accepts(one) for key, one in value.items())
        )

    def resolve(value: JSON, find: Resolve) -> JSON:
        if not isinstance(value, dict):
            return value
        return {key: members[key].resolve(one, find) if key in members else one for key, one in value.items()}

    return Kind(f"Object with {', '.join(members)}", accepts, resolve)
