"""How far an account has been fetched: a state for each type, and what a first copy still lacks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson


@dataclass(frozen=True, slots=True)
class Cursor:
    """`states`: type to state. `copying`: types of a first copy not yet whole, to the id last fetched ("" at the
    beginning). `done` tickets of the first copy have been fetched in `pages` pages.
    """

    states: Mapping[str, str]
    copying: Mapping[str, str] = field(default_factory=dict)
    done: int = 0
    pages: int = 0

    def encode(self) -> str:
        """The opaque text that the cache keeps."""
        value: dict[str, object] = {"s": dict(self.states)}
        if self.copying:
            value |= {"c": dict(self.copying), "d": self.done, "p": self.pages}
        return orjson.dumps(value).decode()


def decode(text: str | None, types: tuple[str, ...]) -> Cursor | None:
    """The cursor, or None where a fresh copy is due: none yet, unreadable, or from when there were fewer types."""
    if text is None:
        return None
    try:
        value = orjson.loads(text)
        cursor = Cursor(value["s"], value.get("c", {}), value.get("d", 0), value.get("p", 0))
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        return None
    return cursor if set(types) <= set(cursor.states) else None
