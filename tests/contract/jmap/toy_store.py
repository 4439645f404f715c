"""A plain host's storage in memory, with transactions, counters and tombstones."""

import copy
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sync.jmap.access import Principal
from sync.jmap.datatype import Changes, Created
from sync.jmap.errors import CannotCalculateChangesError, SetError
from sync.jmap.filters import Comparator, Condition, Filter

T = TypeVar("T")
Key = tuple[str, str]


@dataclass
class _Table:
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    born: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    state: int = 0


class Memory:
    """All tables, and the transactions over them. `failures`: runs of write to fail once they are through."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.tables: dict[Key, _Table] = {}
        self.counter = 0
        self.touched: list[tuple[Key, str]] = []
        self.writes_to_repeat = 0
        self.stamps = 0

    def table(self, account_id: str, name: str) -> _Table:
        return self.tables.setdefault((account_id, name), _Table())

    def read(self, work: Callable[[], T]) -> T:
        with self._lock:
            return work()

    def write(self, work: Callable[[], T]) -> T:
        with self._lock:
            while True:
                with self._undone_if_it_raises() as kept:
                    found = work()
                if self.writes_to_repeat == 0:
                    self.touched.clear()
                    return found
                self.writes_to_repeat -= 1
                self._restore(kept)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        with self._undone_if_it_raises():
            yield

    def stamp(self) -> None:
        self.stamps += 1
        for key, object_id in self.touched:
            self.counter += 1
            table = self.tables[key]
            table.state = self.counter
            table.changed[object_id] = self.counter
            table.born.setdefault(object_id, self.counter)
        self.touched.clear()

    @contextmanager
    def _undone_if_it_raises(self) -> Iterator[tuple[Any, ...]]:
        kept = copy.deepcopy((self.tables, self.counter, self.touched))
        try:
            yield kept
        except BaseException:
            self._restore(kept)
            raise

    def _restore(self, kept: tuple[Any, ...]) -> None:
        self.tables, self.counter, self.touched = copy.deepcopy(kept)


class ToyStore:
    """The objects of one type. `computed(values)` gives the server-set properties."""

    def __init__(
        self, memory: Memory, name: str, computed: Callable[[Mapping[str, Any]], dict[str, Any]], prefix: str
    ) -> None:
        self._memory = memory
        self._name = name
        self._computed = computed
        self._prefix = prefix
        self._made = 0

    def state(self, account_id: str) -> str:
        return f"s{self._memory.table(account_id, self._name).state}"

    def get(
        self, account_id: str, ids: Sequence[str] | None, properties: frozenset[str], limit: int
    ) -> Sequence[Mapping[str, Any]]:
        del properties  # more than asked for may be given
        rows = self._memory.table(account_id, self._name).rows
        wanted = list(rows)[:limit] if ids is None else [one for one in ids if one in rows]
        return [copy.deepcopy(rows[one]) for one in wanted]

    def changes(self, account_id: str, since_state: str, max_changes: int) -> Changes:
        table = self._memory.table(account_id, self._name)
        since = int(since_state[1:]) if since_state[:1] == "s" and since_state[1:].isdigit() else -1
        if not 0 <= since <= table.state:
            raise CannotCalculateChangesError
        later = sorted((number, one) for one, number in table.changed.items() if number > since)
        page = later[:max_changes]
        created, updated, destroyed = [], [], []
        for _, one in page:
            if one not in table.rows:
                if table.born[one] <= since:
                    destroyed.append(one)
            elif table.born[one] > since:
                created.append(one)
            else:
                updated.append(one)
        new = page[-1][0] if page else table.state
        return Changes(created, updated, destroyed, f"s{new}", len(later) > len(page))

    def lock(self, account_id: str, object_id: str) -> Mapping[str, Any] | None:
        return copy.deepcopy(self._memory.table(account_id, self._name).rows.get(object_id))

    def create(self, account_id: str, principal: Principal, values: Mapping[str, Any]) -> Created:
        del principal  # anybody may
        table = self._memory.table(account_id, self._name)
        for row in table.rows.values():
            if values.get("clientKey") is not None and row["clientKey"] == values["clientKey"]:
                return Created(row["id"])
        if values.get("title") == "forbidden" or values.get("label") == "forbidden":
            raise SetError("forbidden", "Not this one.")
        self._made += 1
        object_id = f"{self._prefix}{self._made}"
        shown = {name: one for name, one in values.items() if name != "firstNote"}
        computed = self._computed(values)
        table.rows[object_id] = {"id": object_id, **copy.deepcopy(shown), **computed}
        self._touch(account_id, object_id)
        if values.get("title") == "bug":
            raise RuntimeError("a bug of our own, with a secret in it")
        return Created(object_id, computed)

    def update(
        self, account_id: str, principal: Principal, before: Mapping[str, Any], changed: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        del principal
        row = self._memory.table(account_id, self._name).rows[before["id"]]
        row.update(copy.deepcopy(dict(changed)))
        if row.get("title") == "half":
            raise SetError("forbidden", "Refused after the row was written.")
        also = {name: one for name, one in self._computed(row).items() if one != row[name]}
        row.update(also)
        self._touch(account_id, before["id"])
        return also

    def destroy(self, account_id: str, principal: Principal, before: Mapping[str, Any]) -> None:
        del principal
        del self._memory.table(account_id, self._name).rows[before["id"]]
        self._touch(account_id, before["id"])

    def query(
        self, account_id: str, principal: Principal, where: Filter | None, order: Sequence[Comparator]
    ) -> Sequence[str]:
        del principal
        rows = [row for row in self._memory.table(account_id, self._name).rows.values() if _matches(row, where)]
        for comparator in reversed(order):
            rows.sort(key=lambda row: _sortable(row[comparator.property]), reverse=not comparator.is_ascending)
        return [row["id"] for row in rows]

    def _touch(self, account_id: str, object_id: str) -> None:
        self._memory.touched.append(((account_id, self._name), object_id))


def _sortable(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _matches(row: Mapping[str, Any], where: Filter | None) -> bool:
    if where is None:
        return True
    if isinstance(where, Condition):
        return all(
            one in row["keywords"] if name == "hasKeyword" else row[name] == one for name, one in where.values.items()
        )
    found = [_matches(row, one) for one in where.conditions]
    return {"AND": all(found), "OR": any(found), "NOT": not any(found)}[where.operator]
