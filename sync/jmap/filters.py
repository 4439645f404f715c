"""The filter and sort arguments of /query, parsed (RFC 8620 section 5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sync.jmap.errors import JSON


@dataclass(frozen=True)
class Condition:
    """A FilterCondition: all its properties must match. Which properties exist is the data type's affair."""

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
