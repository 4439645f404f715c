"""The filters and sort orders of /query as SQL (RFC 8620 section 5.5)."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from peewee import SQL

from sync.jmap.errors import JSON
from sync.jmap.filters import Comparator, Condition, Filter, Operator

Test = Callable[[JSON], Any]
"""Gives the Peewee expression that a filter property with that value stands for."""


def condition(where: Filter | None, tests: Mapping[str, Test]) -> Any:
    """A Peewee expression; None filters nothing."""
    if where is None:
        return SQL("1 = 1")
    if isinstance(where, Condition):
        return _all([tests[name](value) for name, value in where.values.items()])
    if isinstance(where, Operator):
        parts = [condition(one, tests) for one in where.conditions]
        if where.operator == "AND":
            return _all(parts)
        anything = reduce(or_, parts) if parts else SQL("1 = 0")
        return anything if where.operator == "OR" else ~anything
    raise TypeError(where)


def ordering(order: Sequence[Comparator], columns: Mapping[str, Any], otherwise: Sequence[Any]) -> list[Any]:
    """The terms of ORDER BY: what was asked for, then `otherwise`, so that the order is stable."""
    asked = [columns[one.property].asc() if one.is_ascending else columns[one.property].desc() for one in order]
    return [*asked, *otherwise]


def _all(parts: Sequence[Any]) -> Any:
    return reduce(and_, parts) if parts else SQL("1 = 1")
