"""JSON Pointer (RFC 6901) with the `*` of result references (RFC 8620 section 3.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sync.jmap.errors import JSON

MAX_TOKENS = 64
_BAD_ESCAPE = re.compile(r"~(?![01])")
_INDEX = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


class PointerError(ValueError):
    """The pointer is malformed, or leads nowhere in this value."""


def parse(path: str) -> tuple[str, ...]:
    """The reference tokens of a pointer, unescaped. Raises PointerError."""
    if path == "":
        return ()
    if not path.startswith("/"):
        raise PointerError("A JSON pointer is empty or starts with a slash.")
    if _BAD_ESCAPE.search(path):
        raise PointerError("In a JSON pointer a tilde is followed by 0 or 1.")
    tokens = path[1:].split("/")
    if len(tokens) > MAX_TOKENS:
        raise PointerError(f"The JSON pointer has more than {MAX_TOKENS} parts.")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in tokens)


def escape(token: str) -> str:
    """A token as it is written inside a pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def evaluate(value: JSON, tokens: Sequence[str]) -> JSON:
    """What the pointer leads to; `*` maps over an array and flattens one level. Raises PointerError."""
    for position, token in enumerate(tokens):
        if isinstance(value, list) and token == "*":
            return _map(value, tokens[position + 1 :])
        value = _step(value, token)
    return value


def _map(items: list[JSON], rest: Sequence[str]) -> list[JSON]:
    found: list[JSON] = []
    for item in items:
        one = evaluate(item, rest)
        if isinstance(one, list):
            found.extend(one)
        else:
            found.append(one)
    return found


def _step(value: JSON, token: str) -> JSON:
    if isinstance(value, dict):
        if token in value:
            return value[token]
    elif isinstance(value, list) and _INDEX.fullmatch(token) and int(token) < len(value):
        return value[int(token)]
    raise PointerError(f"There is no {token!r} at that place.")
