"""/query as SQL (RFC 8620 section 5.5): filters, sort orders, and a list of ids of which only a window is read."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any, Final, overload

import orjson
from peewee import SQL, NodeList

from sync.jmap.errors import JSON
from sync.jmap.filters import Comparator, Condition, Filter, Operator
from sync.server.database import Database

_STANDING: Final = "FROM object_state WHERE account = ? AND type = ? AND NOT destroyed"
_WINDOW: Final = f"SELECT object_id {_STANDING} ORDER BY object_id DESC LIMIT ? OFFSET ?"  # ours
_NO_END: Final = 2**62


@dataclass(frozen=True, slots=True)
class Term:
    """One column of an order."""

    column: Any
    is_ascending: bool

    def sorted(self) -> Any:
        """For ORDER BY."""
        return self.column.asc() if self.is_ascending else self.column.desc()

    def precedes(self, value: Any) -> Any:
        """The condition of what comes before that value."""
        return self.column < value if self.is_ascending else self.column > value


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


def among(column: Any, values: Sequence[str], *, is_postgres: bool) -> Any:
    """That the column has one of many values, given as one parameter: a thousand would have to be compiled singly."""
    if is_postgres:
        return column.in_(SQL("(SELECT unnest(%s::text[]))", [list(values)]))
    return column.in_(SQL("(SELECT value FROM json_each(?))", [orjson.dumps(values).decode()]))


def within(column: Any, value: JSON, *, is_postgres: bool) -> Any:
    """That the column has that value, as a test of rows that were found otherwise: SQLite, which does not know how many
    tickets a category has, would begin with all of them."""
    return column == value if is_postgres else NodeList((SQL("+"), column), glue="") == value


def ordering(order: Sequence[Comparator], columns: Mapping[str, Any], otherwise: Sequence[Any]) -> list[Term]:
    """What was asked for, then `otherwise`, newest first and unique at its end, so that the order is stable."""
    asked = [Term(columns[one.property], one.is_ascending) for one in order]
    return [*asked, *(Term(column, asked[-1].is_ascending if asked else False) for column in otherwise)]


class Ids(Sequence[str]):
    """What a database answers to a /query, read by the window."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return self._window(index.start or 0, index.stop)
        found = self._window(index, index + 1) if index >= 0 else []
        if not found:
            raise IndexError(index)
        return found[0]

    @abstractmethod
    def _window(self, start: int, stop: int | None) -> list[str]:
        """From `start` to before `stop`; None: to the end."""


class Listing(Ids):
    """The ids that a query finds, in order. Only what is asked for is read, inside the caller's transaction.

    `selection` selects ids with their conditions; no column of `order` may be null, its last one is the id.
    """

    def __init__(self, database: Database, selection: Any, order: Sequence[Term]) -> None:
        super().__init__(database)
        self._selection = selection
        self._order = order

    def __len__(self) -> int:
        sql, values = self._selection.bind(self._database.base).sql()
        counted = f"SELECT COUNT(*) FROM ({sql}) AS found"  # noqa: S608  # what Peewee made, with its parameters
        return int(self._database.base.execute_sql(counted, values).fetchone()[0])

    def _window(self, start: int, stop: int | None) -> list[str]:
        ordered = self._selection.order_by(*(one.sorted() for one in self._order))
        limited = ordered.limit(-1 if stop is None else max(stop - start, 0)).offset(start)
        sql, values = limited.bind(self._database.base).sql()  # read without Peewee's wrapping of each row
        return [one[0] for one in self._database.base.execute_sql(sql, values).fetchall()]

    def index(self, value: str, start: int = 0, stop: int | None = None) -> int:
        """The position of an id. Raises ValueError if it is not in the list."""
        del start, stop
        columns = [one.column for one in self._order]
        found = self._selection.select(*columns).where(columns[-1] == value).tuples().execute(self._database.base)
        rows = list(found)
        if not rows:
            raise ValueError(value)
        return int(self._selection.where(_before(self._order, rows[0])).count(self._database.base))


class Standing(Ids):
    """The ids of all objects of a type that stand in an account, newest first: asked for with every first copy and
    every count, so it is not compiled each time."""

    def __init__(self, database: Database, account: int, type_name: str) -> None:
        super().__init__(database)
        self._here = (account, type_name)

    def __len__(self) -> int:
        return int(self._database.select(f"SELECT COUNT(*) {_STANDING}", self._here)[0][0])  # ours

    def _window(self, start: int, stop: int | None) -> list[str]:
        window = (*self._here, _NO_END if stop is None else max(stop - start, 0), start)
        return [one[0] for one in self._database.select(_WINDOW, window)]

    def index(self, value: str, start: int = 0, stop: int | None = None) -> int:
        """The position of an id. Raises ValueError if it is not in the list."""
        del start, stop
        if not self._database.select(f"SELECT 1 {_STANDING} AND object_id = ?", (*self._here, value)):  # ours
            raise ValueError(value)
        before = f"SELECT COUNT(*) {_STANDING} AND object_id > ?"  # ours
        return int(self._database.select(before, (*self._here, value))[0][0])


def _before(order: Sequence[Term], values: Sequence[Any]) -> Any:
    """The condition of what comes before a row with these values."""
    ways = []
    for number, term in enumerate(order):
        equal = [one.column == value for one, value in zip(order[:number], values[:number], strict=True)]
        ways.append(_all([*equal, term.precedes(values[number])]))
    first = order[0]
    bound = first.column <= values[0] if first.is_ascending else first.column >= values[0]
    return bound & reduce(or_, ways)


def _all(parts: Sequence[Any]) -> Any:
    return reduce(and_, parts) if parts else SQL("1 = 1")
