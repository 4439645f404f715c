"""Tokens: what stands for another ticket on the wire, so that only who holds both tickets knows which one it is."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

PREFIX: Final = "k"
_TOKEN: Final = re.compile(r"k[0-9a-f]{32}")
_LINKED: Final = '"what":"link"'
LIKE: Final = f"%{_LINKED}%"
"""What the event of a link is like, in SQL."""


def is_token(text: str) -> bool:
    """Whether it is a token, and no id of a ticket."""
    return _TOKEN.fullmatch(text) is not None


def tokens_in(body: str) -> list[str]:
    """The tokens that the event of a link names; none in any other event."""
    return [one for one in _named(body) if is_token(one)]


def renamed(body: str, name: Callable[[str], str]) -> str:
    """The event of a link with another name for each ticket that it is about; any other event as it is."""
    for one in _named(body):
        body = body.replace(one, name(one))
    return body


def _named(body: str) -> list[str]:
    if _LINKED not in body:
        return []
    try:
        event: Any = json.loads(body)
    except ValueError:
        return []
    if not isinstance(event, dict) or event.get("what") != "link":
        return []
    return [one for one in (event.get("from"), event.get("to")) if isinstance(one, str) and one]
