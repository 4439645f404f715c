"""One workstation: a real cache, connector and engine on a network that fails."""

import math
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import orjson

from sync.cache.cache import Cache
from sync.cache.reader import Reader
from sync.cache.recovery import recover
from sync.connectors.central import CentralConnector
from sync.domain.actions import Action
from sync.domain.errors import Corrupt, StorageFull
from sync.domain.ids import IdFactory
from sync.engine.engine import Engine, Nudge
from sync.engine.reports import Arrived, Changed, Disagreed, NotDelivered, Report, StatusChanged
from tests.rigs.office import Office
from tests.simulation.clocks import SkewedClock
from tests.simulation.ears import Ears
from tests.simulation.facts import Facts
from tests.simulation.network import Ambush, Network
from tests.simulation.power import KilledError, as_it_is, dying, off

STEPS_MAX = 400

T = TypeVar("T")


@dataclass
class Station:
    """`note` takes a line for the trace. `in_doubt`: told, and the power went off before that was written down.

    `complete`: the accounts that are copied whole; `settled_in`: arrivals that came into one of those. `renewed`: the
    cache was set aside. `reached`: how far the cursors came, by account and type.
    """

    name: str
    agent_id: str
    is_owner: bool
    office: Office
    facts: Facts
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
    kills: int = 0
    renewed: bool = False
    last_cursors: dict[str, str | None] = field(default_factory=dict)
    reached: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = IdFactory(self.clock, self.source)
        self.ears = Ears(self.facts, self.agent_id, self.is_owner)
        self._outdated: set[str] = set()
        self._known: dict[str, tuple[object, int, object]] = {}
        self.wait, self.due = 0.0, 0.0
        self.changes = 0
        self.deaf = False
        self.open()

    def open(self) -> None:
        """Start the program; what is damaged is set aside."""
        try:
            self.cache = Cache.open(self.folder, None, self.clock, self.ids)
        except Corrupt:
            self.note(f"{self.name} sets its cache aside")
            self.cache = recover(self.folder, None, self.clock, self.ids)
            self.may_start_anew()
        self.reader: Reader = self.cache.reader()
        self.sign_in(self.token)

    def sign_in(self, token: str) -> None:
        """From now on with this token; the loop begins anew."""
        self.token = token
        self.connector = CentralConnector(self.office.session(token, self.network))
        self.engine = Engine(self.cache, self.connector, self.clock, self.source, self._report)
        self.streaming = False

    def close(self) -> None:
        """End it as one should."""
        self.reader.close()
        self.cache.close()

    def kill(self, damage: Callable[[Path], None] | None = None) -> None:
        """The power goes off, and comes back; `damage` is done to the folder in between."""
        self.kills += 1
        aside = self.folder.with_name(f"{self.folder.name}-{self.kills}")
        as_it_is(self.folder, aside)
        self.reader.close()
        self.cache._folder.close()
        shutil.rmtree(self.folder)
        aside.rename(self.folder)
        if damage is not None:
            damage(self.folder)
        self.note(f"{self.name} restarts")
        self.open()
        self.in_doubt.update(one.id for _, one in self.cache.unrung() if self.told[one.id])

    def put(self, action: Action, hold_ms: int = 0) -> bool:
        """The agent saves something; False: they were told that it could not be."""
        self.note(f"{self.name} puts {type(action).__name__}")
        try:
            self.cache.put(action, hold_ms=hold_ms)
        except StorageFull:
            self.note(f"{self.name} has no room")
            return False
        return True

    def put_and_die(self, action: Action, after: int) -> bool:
        """The power goes off at that statement; False: before it was said to be saved."""
        try:
            with dying(self.cache, after):
                saved = self.put(action)
        except KilledError:
            self.note(f"{self.name} dies saving")
            self.kill()
            return False
        return saved

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
        """The power goes off at the so manyth statement of a round, or just before the chime."""
        self.deaf = telling
        try:
            with dying(self.cache, after):
                self.sync(Nudge.CLICK)
        except KilledError:
            self.note(f"{self.name} dies")
        self.deaf = False
        self.kill()

    def sync_and_die_waiting(self, requests: int, answered: bool) -> None:
        """The power goes off when the so manyth request is on its way, or was just answered."""
        self.network.ambush = Ambush(requests, answered, off)
        try:
            self.sync(Nudge.CLICK)
        except KilledError:
            self.note(f"{self.name} dies waiting")
        self.network.ambush = None
        self.kill()

    def fill_disk(self, full: bool) -> None:
        """There is room for a page or two, or enough of it again."""
        pages = self.cache._store.value("PRAGMA page_count") + 1 if full else 1_000_000
        self.cache._store.execute(f"PRAGMA max_page_count = {pages}")

    def tick(self) -> None:
        """The engine's timer, if it is due."""
        if self.clock.true.monotonic() >= self.due:
            self.sync()

    def look_around(self, fresh: list[tuple[str, str]]) -> None:
        """Note which of these new arrivals (id, account) fell into an account that was already copied whole."""
        self.settled_in |= {arrival for arrival, account in fresh if account in self.complete}
        whole = {one for one, text in self.cursors().items() if text is not None and '"c"' not in text}
        if self._outdated:
            self._outdated -= {one for one in whole if self._caught_up(one)}
        self.complete = whole - self._outdated

    def _caught_up(self, account: str) -> bool:
        """Whether all that the server has of it is here."""
        there = self.facts.states(self.agent_id, self.is_owner).get(account, {})
        here = orjson.loads(self.cursors()[account] or "{}").get("s", {})
        return all(state.partition(".")[2] == there.get(name, "0") for name, state in here.items())

    def hear(self) -> None:
        """What the live stream says of the server's latest commits."""
        if self.streaming and self.network.online:
            self.ears.hear(self.engine)

    def connect(self) -> None:
        """The live stream begins."""
        if self.network.online and not self.streaming:
            self.streaming = True
            self.ears.begin()
            self.engine.on_push(True)

    def cursors(self) -> dict[str, str | None]:
        """How far each account has been fetched."""
        return self.while_unchanged("cursors", lambda: dict(self.cache._store.rows("SELECT id, cursor FROM account")))

    def while_unchanged(self, name: str, look: Callable[[], T]) -> T:
        """What `look` finds in the cache; asked again once anything was written there, or the file was opened anew."""
        store = self.cache._store
        seen, changes, found = self._known.get(name, (None, 0, None))
        if seen is not store or changes != store.changes():
            found = look()
            self._known[name] = store, store.changes(), found
        known: T = found  # type: ignore[assignment]  # what was kept under this name is what `look` gives
        return known

    def may_start_anew(self) -> None:
        """The server, or this workstation, may not know these cursors any more, and a fresh copy rings none."""
        self.settled_in &= set(self.told)
        self._outdated = set(self.cursors())
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
        return self.facts.visible(self.agent_id)

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
            case Disagreed():
                self.errors.append(f"{self.name} holds another number than the server: {dict(report.types)}")
            case NotDelivered():
                self.note(f"{self.name} not delivered {[one.reason for one in report.outcomes]}")
            case StatusChanged():
                self.note(f"{self.name} is {report.status.condition.value}: {report.status.sentence}")
            case _:
                pass
