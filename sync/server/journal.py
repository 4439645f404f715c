"""What a transaction changes, account by account: stamped last, told to the world after the commit.

ARCHITECTURE 3.2: write the rows, then lock the counters in ascending account number, stamp the rows, commit.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sync.domain.clock import Clock
from sync.server.accounts import StoredAccount
from sync.server.database import Database, Row
from sync.server.ledger import Receipt

T = TypeVar("T")

_COUNT: Final = "UPDATE account SET counter = counter + ? WHERE number = ? RETURNING counter"
_STAMP: Final = """
INSERT INTO object_state (account, type, object_id, first, created, changed, destroyed, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (account, type, object_id) DO UPDATE SET
created = CASE WHEN object_state.destroyed AND NOT excluded.destroyed THEN excluded.created
ELSE object_state.created END,
changed = excluded.changed, destroyed = excluded.destroyed, at = excluded.at
"""
_STANDS: Final = "SELECT 1 FROM object_state WHERE account = ? AND type = ? AND object_id = ? AND NOT destroyed"


@dataclass(frozen=True, slots=True)
class Ring:
    """An arrival that was committed: the account it happened in and the TicketArrival on the wire."""

    account: StoredAccount
    arrival: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Published:
    """What one committed transaction changed: the new counts, by account and type, and what rings.

    `spans`: each account's counter before and after, for every commit that this tells of.
    """

    counts: Mapping[StoredAccount, Mapping[str, int]]
    rings: tuple[Ring, ...] = ()
    spans: Mapping[StoredAccount, Sequence[tuple[int, int]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Open:
    """The present transaction's notes. `entries` maps (account, type, id) to whether it was destroyed."""

    entries: dict[tuple[StoredAccount, str, str], bool] = field(default_factory=dict)
    rings: list[Ring] = field(default_factory=list)
    refusals: list[Row] = field(default_factory=list)
    counts: dict[StoredAccount, dict[str, int]] = field(default_factory=dict)
    spans: dict[StoredAccount, tuple[int, int]] = field(default_factory=dict)


class Journal:
    """The server's transactions (`sync.jmap.access.Transactions`), and the only writer of counters and states."""

    def __init__(self, database: Database, clock: Clock, publish: Callable[[Published], None]) -> None:
        self._database = database
        self._clock = clock
        self._publish = publish
        self._local = threading.local()

    def read(self, work: Callable[[], T]) -> T:
        """Run `work` on one snapshot."""
        return self._database.read(work)

    def write(self, work: Callable[[], T]) -> T:
        """Run `work` in one transaction, stamp what it noted, commit, then publish. Inside one: a part of it."""
        if getattr(self._local, "open", None) is not None:
            return work()

        def whole() -> tuple[T, _Open]:
            self._local.open = _Open()
            result = work()
            self.stamp()
            return result, self._noted()

        try:
            result, noted = self._database.write(whole)
        finally:
            self._local.open = None
        if noted.counts or noted.rings:
            spans = {account: (span,) for account, span in noted.spans.items()}
            self._publish(Published(noted.counts, tuple(noted.rings), spans))
        return result

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part that is undone alone if it raises; a refusal noted in it stays."""
        noted = self._noted()
        entries, rings = dict(noted.entries), len(noted.rings)
        try:
            with self._database.savepoint():
                yield
        except BaseException:
            noted.entries = entries
            del noted.rings[rings:]
            raise

    def present(self, account: StoredAccount, type_name: str, *object_ids: str) -> None:
        """These objects were created in the account, or changed."""
        self._note(account, type_name, object_ids, destroyed=False)

    def gone(self, account: StoredAccount, type_name: str, *object_ids: str) -> None:
        """These objects left the account."""
        self._note(account, type_name, object_ids, destroyed=True)

    def ring(self, account: StoredAccount, arrival: Mapping[str, Any]) -> None:
        """Tell of this arrival once it is committed."""
        self._noted().rings.append(Ring(account, arrival))

    def refuse(self, receipt: Row) -> None:
        """Keep this receipt although the object that it is about is undone."""
        self._noted().refusals.append(receipt)

    def stands(self, account: StoredAccount, type_name: str, object_id: str) -> bool:
        """Whether the object is in the account, with what this transaction has noted."""
        destroyed = self._noted().entries.get((account, type_name, object_id))
        if destroyed is not None:
            return not destroyed
        return bool(self._database.select(_STANDS, (account.number, type_name, object_id)))

    def stamp(self) -> None:
        """Number everything noted so far."""
        noted = self._noted()
        for receipt in noted.refusals:
            self._database.insert_new(Receipt, receipt)
        noted.refusals.clear()
        if not noted.entries:
            return
        now = self._clock.now_ms()
        by_account: dict[StoredAccount, list[tuple[str, str, bool]]] = {}
        for (account, type_name, object_id), destroyed in noted.entries.items():
            by_account.setdefault(account, []).append((type_name, object_id, destroyed))
        noted.entries.clear()
        rows: list[tuple[Any, ...]] = []
        for account in sorted(by_account, key=lambda one: one.number):
            changes = by_account[account]
            counter = int(self._database.select(_COUNT, (len(changes), account.number))[0][0])
            counts = noted.counts.setdefault(account, {})
            before = noted.spans.get(account, (counter - len(changes), counter))[0]
            noted.spans[account] = (before, counter)
            for number, (type_name, object_id, destroyed) in enumerate(changes, start=counter - len(changes) + 1):
                rows.append((account.number, type_name, object_id, number, number, number, destroyed, now))
                counts[type_name] = number
        self._database.execute_many(_STAMP, rows)

    def _note(self, account: StoredAccount, type_name: str, object_ids: tuple[str, ...], *, destroyed: bool) -> None:
        entries = self._noted().entries
        for object_id in object_ids:
            entries.pop((account, type_name, object_id), None)
            entries[account, type_name, object_id] = destroyed

    def _noted(self) -> _Open:
        noted: _Open | None = getattr(self._local, "open", None)
        if noted is None:
            raise RuntimeError("outside a write transaction of the journal")
        return noted
