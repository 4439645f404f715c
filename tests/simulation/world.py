"""Everything at once: requesters, agents, an owner, an administrator and bad luck, all drawn from one seed."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final

from requests.adapters import BaseAdapter

from sync.cache.rows import Sort, View
from sync.engine.engine import Nudge
from sync.jmap.limits import Limits
from tests.simulation.clocks import SimClock, SkewedClock
from tests.simulation.ledger import Ledger
from tests.simulation.network import Network
from tests.simulation.server import Server
from tests.simulation.station import Station

ALL: Final = View("all")
NEWEST: Final = Sort("created")
RATES: Final = (0.0, 0.01, 0.08, 0.25)
SMALL: Final = Limits(max_objects_in_get=7, max_calls_in_request=24)
"""So small that copies and changes come in many pages."""
PEOPLE: Final = (("Ann", False), ("Ben", False), ("Cleo", False), ("Olga", True))


_MESSAGES: Final = "SELECT body_text FROM message"
_HELD: Final = "SELECT body_text FROM held_message"
_NOTES: Final = "SELECT text FROM quick_note"

Move = Callable[["World", Station], None]


class World:
    """A run of one seed."""

    def __init__(self, server: Server, clock: SimClock, folder: Path, seed: int) -> None:
        self.server = server
        self.office = office = server.office
        self.clock = clock
        self.random = random.Random(seed)
        self.ledger = Ledger()
        self.trace = sha256()
        self.history: list[str] = []
        self.leaks: list[str] = []
        self.arrivals: set[str] = set()
        self.seen: set[tuple[str, str, object, object]] = set()
        self.categories = [office.category(name) for name in ("First", "Second", "Third")]
        self.regranted: set[tuple[str, str]] = set()
        self.stations = [
            self._station(folder, name, is_owner, number) for number, (name, is_owner) in enumerate(PEOPLE)
        ]

    def note(self, line: str) -> None:
        """A line of the trace, by which two runs of a seed are compared."""
        self.trace.update(line.encode() + b"\n")
        self.history.append(line)

    def _station(self, folder: Path, name: str, is_owner: bool, number: int) -> Station:
        grants = () if is_owner else self.random.sample(self.categories, self.random.randint(1, 2))
        agent_id = self.office.agent(name, *grants, is_owner=is_owner)
        source = random.Random(self.random.getrandbits(64))
        network = Network(self._transport, source, self.note, lambda body: self._look(number, body))
        token = self.office.token(name)
        clock = SkewedClock(self.clock, self.random.choice((0, 0, -40_000, 3_600_000)))
        return Station(name, agent_id, is_owner, self.office, folder / name, clock, source, network, token, self.note)

    def _transport(self) -> BaseAdapter:
        if self.office.transport is None:
            raise ValueError("a simulation needs a server in this process")
        return self.office.transport

    def on_the_server(self) -> set[str]:
        """Every text that the server has, wherever it stands."""
        database, found = self.office.house.parts.database, set[str]()
        for sql in (_MESSAGES, _HELD, _NOTES):
            found |= {one for (one,) in database.read(partial(database.select, sql))}
        return found

    def run(self, steps: int, moves: Mapping[Move, int], check: Callable[["World"], None]) -> None:
        """So many steps, moves drawn by their weights, with `check` after each."""
        for station in self.stations:
            station.network.rate = self.random.choice(RATES)
        for number in range(steps):
            (move,) = self.random.choices(list(moves), list(moves.values()))
            self.note(f"{number} {move.__name__}")
            move(self, self.random.choice(self.stations))
            self.clock.pass_(self.random.choice((0.01, 1.0, 12.0)))
            for station in self.stations:
                station.tick()
            fresh = self._fresh_arrivals()
            for station in self.stations:
                station.look_around(fresh)
                station.hear()
            check(self)

    def come_to_rest(self) -> None:
        """The network is good, everybody stays, nobody does anything more."""
        for station in self.stations:
            station.network.deliver_late(1.0)
            station.network.online, station.network.rate = True, 0.0
            station.connect()
        for station in self.stations:
            station.sync(Nudge.SIGNED_IN)
        for _ in range(20):
            self.clock.pass_(10.0)
            for station in self.stations:
                station.tick()
            for station in self.stations:
                station.hear()
                station.sync()

    def _fresh_arrivals(self) -> list[tuple[str, str]]:
        database = self.office.house.parts.database
        sql = (
            "SELECT s.object_id, c.id FROM object_state s JOIN account c ON c.number = s.account "
            "WHERE s.type = 'TicketArrival' AND NOT s.destroyed ORDER BY s.object_id"
        )
        found = [(row[0], row[1]) for row in database.read(lambda: database.select(sql))]
        fresh = [one for one in found if one[0] not in self.arrivals]
        self.arrivals |= {one for one, _ in fresh}
        return fresh

    def _look(self, number: int, body: bytes) -> None:
        """No answer may hold a word of a category that the person may not see at this moment."""
        if number >= len(getattr(self, "stations", ())):
            return
        station = self.stations[number]
        visible, database = station.visible(), self.office.house.parts.database
        sql = (
            "SELECT t.category_id, m.body_text FROM message m "
            "JOIN ticket t ON t.id = m.ticket_id WHERE m.kind <> 'event'"
        )
        own = self.ledger.of(station.name)
        for category, text in database.read(lambda: database.select(sql)):
            if category not in visible and text not in own and text.encode() in body:
                self.leaks.append(f"{station.name} was sent {text}")


@contextmanager
def world(folder: Path, seed: int, address: str | None = None) -> Iterator[World]:
    """A new world; its stations are closed at the end. `address`: another database than a file in `folder`."""
    clock = SimClock()
    server = Server(folder, clock, random.Random(seed ^ 0x5EED), SMALL, address)
    try:
        made = World(server, clock, folder, seed)
        try:
            yield made
        finally:
            for station in made.stations:
                station.close()
    finally:
        server.close()
