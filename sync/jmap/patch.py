"""PatchObject: a partial change of one object, and the precondition made of one (RFC 8620 section 5.3)."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from itertools import pairwise

from sync.jmap.datatype import REQUIRED, DataType
from sync.jmap.errors import JSON, SetError
from sync.jmap.pointer import PointerError, parse
from sync.jmap.wire import same


def apply_patch(data_type: DataType, current: Mapping[str, JSON], patch: Mapping[str, JSON]) -> dict[str, JSON]:
    """The new value of each top-level property that the patch names; `current` stays as it is.

    Raises SetError `invalidPatch`; an unknown property given as a whole is left for `invalidProperties`.
    """
    patched: dict[str, JSON] = {}
    for tokens, value in _pointers(patch):
        name, inner = tokens[0], tokens[1:]
        if not inner:
            patched[name] = _default(data_type, name) if value is None else value
            continue
        if name not in patched:
            if name not in current:
                raise SetError("invalidPatch", f"There is no property {name!r} to patch inside.")
            patched[name] = copy.deepcopy(current[name])
        _put(patched[name], inner, value)
    return patched


def changes_nothing(data_type: DataType, current: Mapping[str, JSON], patch: Mapping[str, JSON]) -> bool:
    """Whether applying the patch would leave the object as it is (draft-ietf-jmap-conditional).

    Server-set properties may be named. Raises SetError `invalidPatch` for a pointer that the type cannot have.
    """
    for tokens, _value in _pointers(patch):
        known = tokens[0] == "id" or tokens[0] in data_type.properties
        if not known or tokens[0] not in current:
            raise SetError("invalidPatch", "The precondition names a property that is not there.")
    patched = apply_patch(data_type, current, patch)
    return all(same(current[name], value) for name, value in patched.items())


def _pointers(patch: Mapping[str, JSON]) -> list[tuple[tuple[str, ...], JSON]]:
    try:
        found = sorted((parse("/" + path), path) for path in patch)
    except PointerError as error:
        raise SetError("invalidPatch", str(error)) from error
    for (first, _), (second, _) in pairwise(found):
        if second[: len(first)] == first:
            raise SetError("invalidPatch", "One pointer of the patch is the prefix of another.")
    return [(tokens, patch[path]) for tokens, path in found]


def _default(data_type: DataType, name: str) -> JSON:
    declared = data_type.properties.get(name)
    if declared is None or declared.default is REQUIRED:
        return None
    return copy.deepcopy(declared.default)


def _put(inside: JSON, tokens: tuple[str, ...], value: JSON) -> None:
    *parents, last = tokens
    for token in parents:
        if not isinstance(inside, dict) or token not in inside:
            raise SetError("invalidPatch", "The patch points inside an array or to a place that is not there.")
        inside = inside[token]
    if not isinstance(inside, dict):
        raise SetError("invalidPatch", "The patch points inside an array or to a place that is not there.")
    if value is None:
        inside.pop(last, None)
    else:
        inside[last] = value
