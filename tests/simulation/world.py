"""Everything at once: requesters, agents, an owner, an administrator and bad luck, all drawn from one seed."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from sync.cache.rows import Sort, View
from sync.engine.engine import Nudge
from tests.rigs.office import PASSWORD
from tests.simulation.begun import Begun
from tests.simulation.clocks import SimClock, SkewedClock
from tests.simulation.facts import Facts, words_in
from tests.simulation.inline import InlineAdapter
from tests.simulation.ledger import Ledger
from tests.simulation.network import Network
from tests.simulation.server import Server
from tests.simulation.station import Station
from tests.simulation.workshop import PEOPLE, Workshop

ALL: Final = View("all")
NEWEST: Final = Sort("created")
RATES: Final = (0.0, 0.01, 0.08, 0.25)
ROUNDS_TO_REST: Final = 30
_TEXTS: Final = (
    "SELECT body_text FROM message UNION SELECT body_text FROM held_message UNION SELECT text FROM quick_note"
)

_MAIL: Final = {"public_url": "http://127.0.0.1", "mail.smtp": "smtp://127.0.0.1:25", "mail.from": "desk@deskbell.test"}

Move = Callable[["World", Station], None]


class World:
    """A run of one seed. `later`: with mail, and with what else came after the seeds that are kept from before."""

    def __init__(
        self, workshop: Workshop, server: Server, clock: SimClock, folder: Path, seed: int, later: bool = False
    ) -> None:
        self.server = server
        self.office = server.office
        self.folder = folder
        self.later = later
        self.facts = Facts(server, later)
        self.begun: list[Begun] = []
        self.erased: set[str] = set()
        for name, value in _MAIL.items() if later else ():
            self.office.house.parts.settings.put(name, value)
        self.clock = clock
        self.random = random.Random(seed)
        self.ledger = Ledger()
        self.trace = sha256()
        self.history: list[str] = []
        self.leaks: list[str] = []
        self.made: Counter[str] = Counter()
        self.arrivals: set[str] = set()
        self.seen: set[tuple[str, str, object, object]] = set()
        self.categories = list(workshop.founded.categories)
        self.regranted: set[tuple[str, str]] = set()
        self.away: set[str] = set()
        self.ended: set[str] = set()
        self.stations: list[Station] = []
        for name, is_owner in PEOPLE:
            self.stations.append(self._station(workshop, folder, name, is_owner))

    def note(self, line: str) -> None:
        """A line of the trace, by which two runs of a seed are compared."""
        self.trace.update(line.encode() + b"\n")
        self.history.append(line)

    def _station(self, workshop: Workshop, folder: Path, name: str, is_owner: bool) -> Station:
        agent_id, number = workshop.founded.agents[name], len(self.stations)
        for category in () if is_owner else self.random.sample(self.categories, self.random.randint(1, 2)):
            self.office.house.grants.grant(agent_id, category)
        source = random.Random(self.random.getrandbits(64))
        network = Network(
            self._transport, source, self.note, lambda body: self._look(number, body), self.clock.pass_
        )  # fmt: skip
        clock = SkewedClock(self.clock, self.random.choice((0, 0, -40_000, 3_600_000)))
        workshop.cache_into(name, folder / name)
        return Station(
            name, agent_id, is_owner, self.office, self.facts, folder / name, clock, source, network,
            workshop.founded.tokens[name], self.note,
        )  # fmt: skip

    def _transport(self) -> InlineAdapter:
        if not isinstance(self.office.transport, InlineAdapter):
            raise ValueError("a simulation needs a server in this process")
        return self.office.transport

    def present(self) -> list[Station]:
        """The workstations of those who work here."""
        return [one for one in self.stations if one.name not in self.away]

    def in_doubt(self, station: Station) -> set[str]:
        """The accounts of the categories that were granted to this person, or taken from them, at any time."""
        accounts = self.facts.accounts_of_categories()
        return {accounts[category] for name, category in self.regranted if name == station.name}

    def on_the_server(self) -> set[str]:
        """Every text that the server has, wherever it stands."""
        return set(words_in(self.server.column(_TEXTS)))

    def run(self, steps: int, moves: Mapping[Move, int], check: Callable[["World"], None]) -> None:
        """So many steps, moves drawn by their weights, with `check` after each."""
        for station in self.stations:
            station.network.rate = self.random.choice(RATES)
        chosen = self.random.choices(list(moves), list(moves.values()), k=steps)
        for number, move in enumerate(chosen):
            self.note(f"{number} {move.__name__}")
            self.made[move.__name__] += 1
            self.facts.look_again()
            move(self, self.random.choice(self.stations))
            self.clock.pass_(self.random.choice((0.01, 1.0, 12.0)))
            for station in self.stations:
                station.tick()
            self.listen()
            check(self)

    def listen(self) -> None:
        """The live streams tell what was committed."""
        self.facts.look_again()
        fresh = self._fresh_arrivals()
        for station in self.stations:
            station.look_around(fresh)
            station.hear()

    def come_to_rest(self) -> None:
        """The network is good, everybody is there, nobody does anything more."""
        for station in self.stations:
            station.network.deliver_late(1.0)
            station.network.online, station.network.rate, station.network.ambush = True, 0.0, None
            station.fill_disk(False)
        for station in self.present():
            self.sign_in(station)
            station.connect()
        for station in self.stations:
            station.sync(Nudge.SIGNED_IN)
        for _ in range(ROUNDS_TO_REST):
            self.clock.pass_(10.0)
            before = sum(station.network.requests for station in self.stations)
            for station in self.stations:
                station.tick()
            for station in self.stations:
                station.hear()
                station.sync()
            if before == sum(station.network.requests for station in self.stations) and not self._unsent():
                break

    def _unsent(self) -> bool:
        return any(station.reader.outbox() for station in self.present())

    def sign_in(self, station: Station) -> None:
        """A new token for somebody whose old one holds no more."""
        if self.office.house.sign_ins.colleague(station.token) is None:
            self.note(f"{station.name} signs in")
            issued = self.office.house.sign_ins.issue(station.name, PASSWORD, "test", "127.0.0.1")
            station.sign_in(issued.token)

    def _fresh_arrivals(self) -> list[tuple[str, str]]:
        new = [(number, one) for number, one in self.facts.arrivals() if one not in self.arrivals]
        fresh = [(one, self.facts.account_id(number)) for number, one in new]
        self.arrivals |= {one for one, _ in fresh}
        return fresh

    def _look(self, number: int, body: bytes) -> None:
        """No answer may hold a word of a category that the person may not see at this moment."""
        if number >= len(self.stations):
            return
        station = self.stations[number]
        self.facts.look_again()
        strange = self.facts.strange(body, station.agent_id, self.ledger.of(station.name))
        if strange is not None:
            self.leaks.append(f"{station.name} was sent {strange}")


@contextmanager
def world(
    workshop: Workshop, folder: Path, seed: int, address: str | None = None, later: bool = False
) -> Iterator[World]:
    """A new world; its stations are closed at the end. `address`: an empty database other than a file in `folder`."""
    clock = SimClock()
    server = Server(workshop, folder, clock, random.Random(seed ^ 0x5EED), address)
    try:
        made = World(workshop, server, clock, folder, seed, later)
        try:
            yield made
        finally:
            for station in made.stations:
                station.close()
    finally:
        server.close()
