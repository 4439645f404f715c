"""Push: tells the event streams what was committed, and keeps them to what their agents may see.

One process. With several, each would hear of the others' commits by LISTEN/NOTIFY and call `publish` here;
until then `look_around` finds what another process (an administrator's command) has committed.
"""

import threading
from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from sync.domain.protocol import AGENT, ARRIVAL_EVENT, CATEGORY, CATEGORY_GRANT, TICKET_ARRIVAL
from sync.jmap.access import Principal
from sync.jmap.broadcast import Broadcast
from sync.jmap.feed import Extra, States, Subscription
from sync.server.access import Openings
from sync.server.accounts import TYPES, Accounts, Kind, StoredAccount
from sync.server.database import Database
from sync.server.journal import Published, Ring
from sync.server.tables import ArrivalRow
from sync.server.wire import arrival_wire

_COUNTERS: Final = "SELECT id, counter FROM account"
_CHANGED: Final = "SELECT MAX(changed) FROM object_state WHERE account = ? AND type = ?"
_NEW: Final = """
SELECT object_id FROM object_state WHERE account = ? AND type = ? AND created > ? AND NOT destroyed ORDER BY changed
"""


class Hub:
    """The server's feed (`sync.jmap.feed.Feed`)."""

    def __init__(self, database: Database, accounts: Accounts) -> None:
        self._database = database
        self._accounts = accounts
        self._lock = threading.Lock()
        self._listening: defaultdict[str, set[Principal]] = defaultdict(set)
        self._told: dict[str, int] = {}
        self._ahead: dict[str, int] = {}
        self._spans: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._openings: Openings | None = None
        self._broadcast: Broadcast | None = None

    def open(self, openings: Openings) -> None:
        """Connect to what decides about access; it is made after the hub."""
        self._openings = openings
        self._broadcast = Broadcast(openings.account_ids, openings.present_states, openings.may_go_on)

    async def subscribe(self, principal: Principal) -> Subscription:
        with self._lock:
            self._listening[principal.id].add(principal)
        return await self._feed().subscribe(principal)

    async def states(self, principal: Principal) -> States:
        return await self._feed().states(principal)

    async def still_allowed(self, principal: Principal) -> bool:
        return await self._feed().still_allowed(principal)

    def publish(self, published: Published) -> None:
        """Tell of a commit of this process. From any thread, outside a transaction."""
        with self._lock:
            for account, span in published.spans.items():
                self._note_told(account.id, *span)
        if self._broadcast is not None:
            self._regrant(published.counts)
            states = {
                account.id: {name: account.state(count) for name, count in counts.items()}
                for account, counts in published.counts.items()
            }
            self._broadcast.publish(states, [_extra(ring) for ring in published.rings])

    def end(self, agent_id: str) -> None:
        """Close the agent's streams; those that still may come again."""
        self._feed().end(agent_id)

    def end_all(self) -> None:
        """The server stops."""
        self._feed().end_all()

    def streams(self) -> int:
        """How many listen."""
        return len(self._feed())

    def start_looking(self) -> None:
        """What is committed until now is no news."""
        counters = self._counters()
        with self._lock:
            self._told = counters
            self._spans.clear()

    def look_around(self) -> None:
        """Find commits of other processes: counters that are ahead of what was told, at two looks in a row."""
        counters = self._counters()
        with self._lock:
            ahead = {one: count for one, count in counters.items() if count > self._told.get(one, 0)}
            foreign = {one: self._told.get(one, 0) for one in ahead if one in self._ahead}
            self._ahead = {one: count for one, count in ahead.items() if one not in foreign}
        if foreign:
            self.publish(self._database.read(lambda: self._changes(foreign)))
            with self._lock:
                for account_id in foreign:
                    self._note_told(account_id, self._told.get(account_id, 0), counters[account_id])

    def _note_told(self, account_id: str, before: int, after: int) -> None:
        """What was told without a gap: commits of one process may be told out of order, others' are missing."""
        spans = self._spans[account_id]
        spans[before] = after
        told = self._told.get(account_id, 0)
        for start in sorted(spans):
            if start <= told:
                told = max(told, spans.pop(start))
        self._told[account_id] = told

    def _counters(self) -> dict[str, int]:
        return self._database.read(lambda: {str(one): int(count) for one, count in self._database.select(_COUNTERS)})

    def _changes(self, since: Mapping[str, int]) -> Published:
        counts: dict[StoredAccount, dict[str, int]] = {}
        rings: list[Ring] = []
        for account_id, told in since.items():
            account = self._accounts.get(account_id)
            for name in TYPES[account.kind]:
                count = self._database.select(_CHANGED, (account.number, name))[0][0]
                if count is not None and count > told:
                    counts.setdefault(account, {})[name] = int(count)
            if TICKET_ARRIVAL in counts.get(account, ()):
                new = [str(one[0]) for one in self._database.select(_NEW, (account.number, TICKET_ARRIVAL, told))]
                rows = self._database.rows(ArrivalRow.select().where(ArrivalRow.id.in_(new)).order_by(ArrivalRow.id))
                rings.extend(Ring(account, arrival_wire(row)) for row in rows)
        return Published(counts, tuple(rings))

    def _regrant(self, counts: Mapping[StoredAccount, Mapping[str, int]]) -> None:
        """Streams see what their agents may see after this commit, before they are told of it."""
        concerned: set[str] = set()
        for account, of_types in counts.items():
            if account.kind is Kind.PERSONAL and CATEGORY_GRANT in of_types:
                concerned.add(str(account.agent_id))
            if account.kind is Kind.TEAM and (AGENT in of_types or CATEGORY in of_types):
                concerned.update(self._listening)
        for agent_id in concerned:
            self._check(agent_id)

    def _check(self, agent_id: str) -> None:
        if self._openings is None:
            return
        with self._lock:
            principals = list(self._listening.get(agent_id, ()))
        for principal in principals:
            if not self._openings.may_go_on(principal):
                with self._lock:
                    self._listening[agent_id].discard(principal)
                self._feed().end(agent_id)
            else:
                self._feed().regrant(agent_id, self._openings.account_ids(principal))

    def _feed(self) -> Broadcast:
        if self._broadcast is None:
            raise RuntimeError("the hub is not open")
        return self._broadcast


def _extra(ring: Ring) -> Extra:
    data = {"accountId": ring.account.id, "arrival": dict(ring.arrival)}
    return Extra(ARRIVAL_EVENT, ring.account.id, TICKET_ARRIVAL, data)
