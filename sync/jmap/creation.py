"""Creation ids: `#k` stands for the object created under k, in this call or an earlier one (RFC 8620 section 5.3)."""

from __future__ import annotations

from collections.abc import Mapping

from sync.jmap.datatype import DataType
from sync.jmap.errors import JSON


def found_in(created: Mapping[str, str], key: str) -> str:
    """The real id for `#k`, or the key itself when it is no reference or leads nowhere."""
    return created.get(key[1:], key) if key.startswith("#") else key


def resolved(data_type: DataType, values: Mapping[str, JSON], created: Mapping[str, str]) -> dict[str, JSON]:
    """The values with every creation reference that leads somewhere replaced."""

    def find(creation_id: str) -> str:
        return created.get(creation_id, "#" + creation_id)

    return {
        name: data_type.properties[name].kind.resolve(value, find) if name in data_type.properties else value
        for name, value in values.items()
    }


def in_order(data_type: DataType, creates: Mapping[str, Mapping[str, JSON]]) -> list[str]:
    """The creation ids, each after those that its object refers to. In a circle nobody waits."""
    waiting = {key: _references(data_type, values) & creates.keys() - {key} for key, values in creates.items()}
    order: list[str] = []
    while waiting:
        ready = [key for key, needs in waiting.items() if not needs & waiting.keys()] or list(waiting)
        order.extend(ready)
        for key in ready:
            del waiting[key]
    return order


def _references(data_type: DataType, values: Mapping[str, JSON]) -> set[str]:
    seen: set[str] = set()

    def note(creation_id: str) -> str:
        seen.add(creation_id)
        return "#" + creation_id

    for name, value in values.items():
        if name in data_type.properties:
            data_type.properties[name].kind.resolve(value, note)
    return seen
