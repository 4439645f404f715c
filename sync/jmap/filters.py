"""The filter and sort arguments of /query, parsed (RFC 8620 section 5.5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sync.jmap.errors import JSON, MethodError
from sync.jmap.kinds import Kind

MAX_DEPTH = 16


@dataclass(frozen=True)
class Condition:
    """A FilterCondition: all its properties must match. Which exist is the data type's affair."""

    values: Mapping[str, JSON]


@dataclass(frozen=True)
class Operator:
    """A FilterOperator. AND of none is true, OR of none is false, NOT means none of them matches."""

    operator: Literal["AND", "OR", "NOT"]
    conditions: Sequence[Filter]


Filter = Condition | Operator


@dataclass(frozen=True)
class Comparator:
    """One step of a sort order. `collation` is one of the host's algorithms, None: the server's choice."""

    property: str
    is_ascending: bool = True
    collation: str | None = None


def parse_filter(value: JSON, allowed: Mapping[str, Kind], depth: int = 1) -> Filter:
    """A filter tree. Raises MethodError `invalidArguments` or `unsupportedFilter`."""
    if not isinstance(value, dict):
        raise MethodError("invalidArguments", "A filter is an object.")
    if depth > MAX_DEPTH:
        raise MethodError("unsupportedFilter", f"A filter is nested at most {MAX_DEPTH} levels.")
    if "operator" not in value:
        return _condition(value, allowed)
    operator, conditions = value["operator"], value.get("conditions")
    if operator not in ("AND", "OR", "NOT"):
        raise MethodError("invalidArguments", "operator must be AND, OR or NOT.")
    if not isinstance(conditions, list) or value.keys() != {"operator", "conditions"}:
        raise MethodError("invalidArguments", "A filter operator has operator and conditions.")
    return Operator(operator, tuple(parse_filter(one, allowed, depth + 1) for one in conditions))


def parse_sort(
    values: Sequence[Mapping[str, JSON]], allowed: Collection[str], collations: Collection[str]
) -> tuple[Comparator, ...]:
    """A sort order. Raises MethodError `invalidArguments` or `unsupportedSort`."""
    return tuple(_comparator(value, allowed, collations) for value in values)


def _condition(value: Mapping[str, JSON], allowed: Mapping[str, Kind]) -> Condition:
    for name, one in value.items():
        if name not in allowed:
            raise MethodError("unsupportedFilter", f"There is no filter property {name[:100]!r}.")
        if not allowed[name].accepts(one):
            raise MethodError("invalidArguments", f"The filter {name} must be {allowed[name].name}.")
    return Condition(dict(value))


def _comparator(value: Mapping[str, JSON], allowed: Collection[str], collations: Collection[str]) -> Comparator:
    name, ascending = value.get("property"), value.get("isAscending", True)
    collation = value.get("collation")
    if not isinstance(name, str) or not isinstance(ascending, bool):
        raise MethodError("invalidArguments", "A comparator has a property, and isAscending as a boolean.")
    if collation is not None and not isinstance(collation, str):
        raise MethodError("invalidArguments", "collation must be a string.")
    if value.keys() - {"property", "isAscending", "collation"} or name not in allowed:
        raise MethodError("unsupportedSort", f"This cannot be sorted by {name[:100]!r}.")
    if collation is not None and collation not in collations:
        raise MethodError("unsupportedSort", f"There is no collation {collation[:100]!r}.")
    return Comparator(name, ascending, collation)
