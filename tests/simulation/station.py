"""One workstation: a real cache, connector and engine on a network that fails."""

import math
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sync.cache.cache import Cache
from sync.cache.reader import Reader
from sync.connectors.central import CentralConnector
from sync.connectors.central.stream import arrival_of
from sync.connectors.port import ArrivalHint, StateHint
from sync.domain.actions import Action
from sync.domain.ids import IdFactory
from sync.engine.engine import Engine, Nudge
from sync.engine.reports import Arrived, Changed, NotDelivered, Report, StatusChanged
from sync.server.accounts import Kind
from tests.rigs.office import Office
from tests.simulation.clocks import SkewedClock
from tests.simulation.network import Network

STEPS_MAX = 400


class KilledError(BaseException):
    """The power went off here."""


@dataclass
class Station:
    """`note` takes a line for the trace. `in_doubt`: told, and the power went off before that was written down."""

    name: str
    agent_id: str
    is_owner: bool
    office: Office
    folder: Path
    clock: SkewedClock
    source: random.Random
    network: Network
    token: str
    note: Callable[[str], None]
    told: Counter[str] = field(default_factory=Counter)
    chimed: Counter[str] = field(default_factory=Counter)
    in_doubt: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    streaming: bool = False
    complete: set[str] = field(default_factory=set)
    settled_in: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.ids = IdFactory(self.clock, self.source)
        self._seen_states: Mapping[str, Mapping[str, str]] = {}
        self._seen_arrivals: set[str] = set()
        self._outdated: Mapping[str, str | None] = {}
        self.wait, self.due = 0.0, 0.0
        self.changes = 0
        self.deaf = False
        self.open()

    def open(self) -> None:
        """Start the program."""
        self.cache = Cache.open(self.folder, None, self.clock, self.ids)
        session = self.office.session(self.token, self.network)
        self.connector = CentralConnector(session)
        self.engine = Engine(self.cache, self.connector, self.clock, self.source, self._report)
        self.reader: Reader = self.cache.reader()
        self.streaming = False

    def close(self) -> None:
        """End it as one should."""
        self.reader.close()
        self.cache.close()

    def kill(self) -> None:
        """The power goes off, and comes back."""
        self.reader.close()
        self.cache._folder.close()
        self.note(f"{self.name} restarts")
        self.open()
        self.in_doubt.update(one.id for _, one in self.cache.unrung() if self.told[one.id])

    def put(self, action: Action) -> None:
        """The agent saves something."""
        self.note(f"{self.name} puts {type(action).__name__}")
        self.cache.put(action)

    def sync(self, nudge: Nudge = Nudge.TIMER) -> None:
        """Let the engine work until it wants to wait."""
        for _ in range(STEPS_MAX):
            self.wait = self.engine.step(nudge).wait_seconds
            nudge = Nudge.TIMER
            if self.wait > 0.0:
                break
        else:
            raise AssertionError(f"{self.name} does not come to rest")
        self.due = self.clock.true.monotonic() + self.wait
        wait = "for ever" if math.isinf(self.wait) else f"{self.wait:.3f}"
        self.note(f"{self.name} waits {wait} {self.engine.status.condition.value}")

    def sync_and_die(self, after: int, telling: bool = False) -> None:
        """The power goes off at the so manyth statement of the cache's database, or just before the chime."""
        self.deaf = telling
        store: Any = self.cache._store
        left = after

        def dying(name: str) -> Callable[..., Any]:
            real = getattr(store, name)

            def call(*args: Any) -> Any:
                nonlocal left
                left -= 1
                if left < 0:
                    raise KilledError
                return real(*args)

            return call

        for name in ("execute", "many", "rows", "one"):
            setattr(store, name, dying(name))
        try:
            self.sync(Nudge.CLICK)
        except KilledError:
            self.note(f"{self.name} dies")
        self.deaf = False
        self.kill()

    def tick(self) -> None:
        """The engine's timer, if it is due."""
        if self.clock.true.monotonic() >= self.due:
            self.sync()

    def look_around(self, fresh: list[tuple[str, str]]) -> None:
        """Note which of these new arrivals (id, account) fell into an account that was already copied whole."""
        self.settled_in |= {arrival for arrival, account in fresh if account in self.complete}
        cursors = self._cursors()
        whole = {one for one, text in cursors.items() if text is not None and '"c"' not in text}
        self.complete = {one for one in whole if self._outdated.get(one) != cursors[one]}

    def hear(self) -> None:
        """What the live stream says of the server's latest commits."""
        if not (self.streaming and self.network.online):
            return
        states = self._states()
        moved = frozenset(one for one, types in states.items() if self._seen_states.get(one, {}) != types)
        self._seen_states = states
        for account_id, row in self._arrivals():
            self.engine.on_hint(ArrivalHint(account_id, arrival_of(row)))
        if moved:
            self.engine.on_hint(StateHint(moved))

    def connect(self) -> None:
        """The live stream begins."""
        if self.network.online and not self.streaming:
            self.streaming = True
            self._seen_states = self._states()
            self._arrivals()
            self.engine.on_push(True)

    def _cursors(self) -> dict[str, str | None]:
        access = self.cache.access()
        accounts = () if access is None else access.accounts
        return {one.id: self.cache.cursor(one.id) for one in accounts}

    def may_start_anew(self) -> None:
        """The server may not know these cursors any more, and a fresh copy rings none."""
        self.settled_in &= set(self.told)
        self._outdated = self._cursors()
        self.complete = set()

    def forget_server(self) -> None:
        """The server is another one than before: nothing that it said of arrivals counts any more."""
        self.lose_stream()
        self.complete, self.settled_in = set(), set()

    def lose_stream(self) -> None:
        """The live stream breaks."""
        if self.streaming:
            self.streaming = False
            self.engine.on_push(False)

    def visible(self) -> set[str]:
        """The categories that the server shows this person now."""
        house = self.office.house
        sql = (
            "SELECT c.id FROM category c JOIN agent a ON a.id = ? WHERE a.is_owner OR c.id IN "
            "(SELECT category_id FROM category_grant WHERE agent_id = a.id)"
        )
        return {one for (one,) in house.parts.database.read(lambda: house.parts.database.select(sql, (self.agent_id,)))}

    def _accounts(self) -> dict[int, str]:
        visible, house = self.visible(), self.office.house
        accounts = house.parts.database.read(house.parts.accounts.all)
        return {
            one.number: one.id
            for one in accounts
            if (one.kind is Kind.CATEGORY and one.category_id in visible)
            or one.agent_id == self.agent_id
            or one.kind is Kind.TEAM
            or (one.kind is Kind.OVERSIGHT and self.is_owner)
        }

    def _states(self) -> Mapping[str, Mapping[str, str]]:
        database = self.office.house.parts.database
        accounts = self._accounts()
        sql = "SELECT account, type, MAX(changed) FROM object_state GROUP BY account, type"
        found: dict[str, dict[str, str]] = {}
        for number, name, changed in database.read(lambda: database.select(sql)):
            if number in accounts:
                found.setdefault(accounts[number], {})[name] = str(changed)
        return found

    def _arrivals(self) -> list[tuple[str, Mapping[str, Any]]]:
        database = self.office.house.parts.database
        accounts = self._accounts()
        sql = (
            "SELECT s.account, a.id, a.ticket_id, a.message_id, a.kind, a.priority, a.by_agent_id FROM arrival a "
            "JOIN object_state s ON s.object_id = a.id AND s.type = 'TicketArrival' AND NOT s.destroyed ORDER BY a.id"
        )
        names = ("id", "ticketId", "messageId", "kind", "priority", "byAgentId")
        fresh: list[tuple[str, Mapping[str, Any]]] = [
            (accounts[row[0]], {**dict(zip(names, row[1:], strict=True)), "at": "2026-01-01T00:00:00Z"})
            for row in database.read(lambda: database.select(sql))
            if row[0] in accounts and row[1] not in self._seen_arrivals
        ]
        self._seen_arrivals |= {str(row["id"]) for _, row in fresh}
        return fresh

    def _report(self, report: Report) -> None:
        match report:
            case Arrived() if self.deaf:
                raise KilledError
            case Arrived():
                heard = [notice.arrival.id for notice in report.notices]
                self.told.update(heard)
                self.chimed.update(() if report.digest else heard)
                for notice in report.notices:
                    if notice.arrival.by_agent_id == self.agent_id:
                        self.errors.append(f"{self.name} was rung for what they did themselves")
            case Changed():
                self.changes += 1
            case NotDelivered():
                self.note(f"{self.name} not delivered {[one.reason for one in report.outcomes]}")
            case StatusChanged():
                self.note(f"{self.name} is {report.status.condition.value}: {report.status.sentence}")
            case _:
                pass
