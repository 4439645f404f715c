"""Push: tells the event streams what was committed, and keeps them to what their agents may see.

What this process commits goes to its own streams at once, and by telegraph to those of other processes; what they
tell comes by `take_in`. `look_around` finds what nobody told: the counters in the database are the truth.
"""

import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from sync.domain.protocol import ARRIVAL_EVENT, TICKET_ARRIVAL
from sync.jmap.access import Principal
from sync.jmap.broadcast import Broadcast
from sync.jmap.errors import MethodError
from sync.jmap.feed import Extra, States, Subscription
from sync.server.access import Openings
from sync.server.accounts import TYPES, Accounts, StoredAccount
from sync.server.audience import Audience, Narrowed
from sync.server.database import Database
from sync.server.journal import Published, Ring
from sync.server.parts import Colleague
from sync.server.tables import ArrivalRow
from sync.server.telegram import Telegram, Told
from sync.server.telegraph import Telegraph
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
        self._told: dict[str, int] = {}
        self._ahead: dict[str, int] = {}
        self._spans: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._telegraph: Telegraph | None = None
        self._broadcast: Broadcast | None = None
        self._stopping = False
        self._audience: Audience | None = None

    def open(self, openings: Openings, telegraph: Telegraph, narrowed: Narrowed) -> None:
        """Connect to what decides about access, which is made after the hub, and to other processes.

        `narrowed` is told what an agent may see now, whenever that may have changed.
        """
        self._telegraph = telegraph
        self._broadcast = Broadcast(openings.account_ids, openings.present_states, openings.may_go_on)
        self._audience = Audience(openings, self._broadcast, narrowed)

    async def subscribe(self, principal: Principal) -> Subscription:
        if self._audience is not None:
            self._audience.add(principal)
        return await self._feed().subscribe(principal)

    async def states(self, principal: Principal) -> States:
        return await self._feed().states(principal)

    async def still_allowed(self, principal: Principal) -> bool:
        return await self._feed().still_allowed(principal)

    def publish(self, published: Published) -> None:
        """Tell of a commit of this process, here and elsewhere. From any thread, outside a transaction."""
        if self._telegraph is not None:
            self._telegraph.post(_telegram(published))
        self._tell(published)

    def take_in(self, telegram: Telegram) -> None:
        """What another process committed or ended; what was told before is left out."""
        if telegram.told or telegram.rings:
            published = self._database.read(lambda: self._news(telegram))
            if published.counts:
                self._tell(published)
        for agent_id in telegram.ended:
            self._feed().end(agent_id)
        if telegram.look:
            self.look_around()
            self.look_around()

    def look_again(self) -> None:
        """Something was missed: whoever lost the sign-in meanwhile, and all that was committed."""
        if self._audience is not None:
            self._audience.check()
        self.look_around()
        self.look_around()

    def announce(self, extras: Sequence[Extra]) -> None:
        """Tell what is not in the database to the streams of this process."""
        if self._broadcast is not None:
            self._broadcast.publish({}, extras)

    def end(self, agent_id: str) -> None:
        """Close the agent's streams, in every process; those that still may come again."""
        self._feed().end(agent_id)
        if self._telegraph is not None:
            self._telegraph.post(Telegram(ended=[agent_id]))

    def end_all(self) -> None:
        """The server stops."""
        self._stopping = True
        self._feed().end_all()

    def is_stopping(self) -> bool:
        """Whether `end_all` was called."""
        return self._stopping

    def connected(self, agent_id: str) -> frozenset[str]:
        """The tokens with which an agent's workstations listen to this process now."""
        listening = self._feed().listening(agent_id)
        return frozenset(one.token_id for one in listening if isinstance(one, Colleague))

    def streams(self) -> int:
        """How many listen."""
        return len(self._feed())

    def start_looking(self) -> None:
        """What is committed until now is no news."""
        counters = self._counters()
        with self._lock:
            self._told = counters
            self._spans.clear()

    def look_around(self) -> bool:
        """Find commits of other processes: counters that are ahead of what was told, at two looks in a row.

        True: some are ahead for the first time, so look again soon.
        """
        counters = self._counters()
        with self._lock:
            ahead = {one: count for one, count in counters.items() if count > self._told.get(one, 0)}
            foreign = {one: self._told.get(one, 0) for one in ahead if one in self._ahead}
            self._ahead = {one: count for one, count in ahead.items() if one not in foreign}
        if foreign:
            self._tell(self._database.read(lambda: self._changes(foreign)))
            with self._lock:
                for account_id in foreign:
                    self._note_told(account_id, self._told.get(account_id, 0), counters[account_id])
        return bool(self._ahead)

    def _tell(self, published: Published) -> None:
        """The streams of this process."""
        with self._lock:
            for account, spans in published.spans.items():
                for span in spans:
                    self._note_told(account.id, *span)
        if self._broadcast is not None and self._audience is not None:
            self._audience.regrant(published.counts)
            states = {
                account.id: {name: account.state(count) for name, count in counts.items()}
                for account, counts in published.counts.items()
            }
            self._broadcast.publish(states, [_extra(ring) for ring in published.rings])

    def _news(self, telegram: Telegram) -> Published:
        """Of a telegram, what was not told yet. An account that this database has not is another epoch's."""
        new: dict[StoredAccount, Told] = {}
        for account_id, told in telegram.told.items():
            with self._lock:
                known = self._told.get(account_id, 0)
            if any(after > known for _, after in told.spans):
                with suppress(MethodError):
                    new[self._accounts.get(account_id)] = told
        by_id = {account.id: account for account in new}
        rings = tuple(Ring(by_id[one], arrival) for one, arrival in telegram.rings if one in by_id)
        return Published(
            {one: told.counts for one, told in new.items()}, rings, {one: told.spans for one, told in new.items()}
        )

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

    def _feed(self) -> Broadcast:
        if self._broadcast is None:
            raise RuntimeError("the hub is not open")
        return self._broadcast


def _telegram(published: Published) -> Telegram:
    told = {
        account.id: Told(list(spans), dict(published.counts.get(account, {})))
        for account, spans in published.spans.items()
    }
    return Telegram(told, [(ring.account.id, ring.arrival) for ring in published.rings])


def _extra(ring: Ring) -> Extra:
    data = {"accountId": ring.account.id, "arrival": dict(ring.arrival)}
    return Extra(ARRIVAL_EVENT, ring.account.id, TICKET_ARRIVAL, data)
