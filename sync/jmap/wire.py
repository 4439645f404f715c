"""JSON on the wire: I-JSON read strictly (RFC 7493, RFC 8620 section 1.5), written compactly."""

from __future__ import annotations

import json
import math
from typing import NoReturn

import orjson

from sync.jmap.errors import JSON


class NotIJsonError(ValueError):
    """The octets are no I-JSON; the text says why."""


def read(octets: bytes) -> JSON:
    """Parse I-JSON. Integral numbers come as int, whatever their spelling.

    Raises NotIJsonError: no JSON, not UTF-8, a name twice in one object, a lone surrogate, a number out of range,
    nested deeper than what `write` can write.
    """
    try:
        orjson.dumps(orjson.loads(octets))
        return json.loads(octets, object_pairs_hook=_object, parse_float=_number, parse_constant=_constant)
    except NotIJsonError:
        raise
    except (ValueError, TypeError, RecursionError) as error:
        raise NotIJsonError(str(error)) from error


def write(value: JSON) -> bytes:
    """The value as JSON in UTF-8. Raises TypeError (orjson.JSONEncodeError) for what JSON cannot say."""
    return orjson.dumps(value)


def same(one: JSON, other: JSON) -> bool:
    """Whether two values are the same JSON: unlike in Python, true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotIJsonError("An object has two members with the same name.")
    return found


def _number(text: str) -> int | float:
    value = float(text)
    if math.isinf(value):
        raise NotIJsonError("A number is out of range.")
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _constant(name: str) -> NoReturn:
    raise NotIJsonError(f"{name} is no JSON value.")
