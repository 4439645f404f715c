"""The values of an object, checked against its type's declaration (RFC 8620 section 5.3, invalidProperties)."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from sync.jmap.datatype import DataType, Required
from sync.jmap.errors import JSON, SetError
from sync.jmap.wire import same


def complete(data_type: DataType, values: Mapping[str, JSON]) -> tuple[dict[str, JSON], dict[str, JSON]]:
    """A new object with its defaults, and the defaults alone (those that /get would show).

    Raises SetError `invalidProperties` that names every offending property.
    """
    wrong = {name: "is set by the server" for name in values if _is_servers(data_type, name)}
    whole: dict[str, JSON] = {}
    defaults: dict[str, JSON] = {}
    for name, declared in data_type.properties.items():
        if declared.server_set:
            continue
        if name not in values:
            if isinstance(declared.default, Required):
                wrong[name] = "is missing"
                continue
            whole[name] = copy.deepcopy(declared.default)
            if not declared.write_only:
                defaults[name] = whole[name]
        elif not declared.kind.accepts(values[name]):
            wrong[name] = f"must be {declared.kind.name}"
        else:
            whole[name] = values[name]
    wrong.update({name: "is unknown" for name in values if name != "id" and name not in data_type.properties})
    _refuse(wrong)
    return whole, defaults


def changed(data_type: DataType, before: Mapping[str, JSON], patched: Mapping[str, JSON]) -> dict[str, JSON]:
    """The properties that really get another value.

    Raises SetError `invalidProperties`. Server-set and immutable properties may be sent if they stay the same.
    """
    wrong: dict[str, str] = {}
    different: dict[str, JSON] = {}
    for name, value in patched.items():
        declared = data_type.properties.get(name)
        if declared is None and name != "id":
            wrong[name] = "is unknown"
        elif declared is not None and declared.write_only:
            wrong[name] = "is given at creation only"
        elif name in before and same(before[name], value):
            continue
        elif declared is None or declared.server_set:
            wrong[name] = "is set by the server"
        elif declared.immutable:
            wrong[name] = "cannot be changed"
        elif not declared.kind.accepts(value):
            wrong[name] = f"must be {declared.kind.name}"
        else:
            different[name] = value
    _refuse(wrong)
    return different


def _is_servers(data_type: DataType, name: str) -> bool:
    declared = data_type.properties.get(name)
    return name == "id" or (declared is not None and declared.server_set)


def _refuse(wrong: Mapping[str, str]) -> None:
    if wrong:
        described = "; ".join(f"{name[:100]} {why}" for name, why in wrong.items())
        raise SetError("invalidProperties", described, properties=list(wrong))
