"""Everything at once: requesters, agents, an owner, an administrator and bad luck, all drawn from one seed."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from sync.cache.rows import Sort, View
from sync.domain import ids as kinds
from sync.domain.actions import (
    AttachQuickNote,
    CreateTicket,
    DiscardQuickNote,
    EditTicket,
    MarkRead,
    PostMessage,
    RecordSpotCheck,
    SaveQuickNote,
)
from sync.domain.records import MessageKind, Status
from sync.engine.engine import Nudge
from sync.jmap.limits import Limits
from tests.rigs.office import Office, office_in_process
from tests.simulation.clocks import SimClock, SkewedClock
from tests.simulation.ledger import Ledger
from tests.simulation.network import Network
from tests.simulation.station import Station

ALL: Final = View("all")
NEWEST: Final = Sort("created")
RATES: Final = (0.0, 0.01, 0.08, 0.25)
SMALL: Final = Limits(max_objects_in_get=7, max_calls_in_request=24)
"""So small that copies and changes come in many pages."""
PEOPLE: Final = (("Ann", False), ("Ben", False), ("Cleo", False), ("Olga", True))


class World:
    """A run of one seed."""

    def __init__(self, office: Office, clock: SimClock, folder: Path, seed: int) -> None:
        self.office = office
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
        if self.office.transport is None:
            raise ValueError("a simulation needs a server in this process")
        network = Network(self.office.transport, source, self.note, lambda body: self._look(number, body))
        token = self.office.token(name)
        clock = SkewedClock(self.clock, self.random.choice((0, 0, -40_000, 3_600_000)))
        return Station(name, agent_id, is_owner, self.office, folder / name, clock, source, network, token, self.note)

    def run(self, steps: int, check: Callable[["World"], None]) -> None:
        """So many steps, with `check` after each."""
        for station in self.stations:
            station.network.rate = self.random.choice(RATES)
        moves = [(move, weight) for move, weight in self._moves().items()]
        for number in range(steps):
            (move,) = self.random.choices([one for one, _ in moves], [weight for _, weight in moves])
            self.note(f"{number} {move.__name__}")
            move(self.random.choice(self.stations))
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

    def _moves(self) -> dict[Callable[[Station], None], int]:
        return {
            self.file: 8,
            self.answer: 6,
            self.note_: 10,
            self.reply: 10,
            self.edit: 10,
            self.move: 4,
            self.create: 5,
            self.quick: 5,
            self.attach: 4,
            self.read: 3,
            self.decide: 4,
            self.sync: 20,
            self.sync_now: 8,
            self.offline: 6,
            self.online: 10,
            self.stream: 8,
            self.grant: 3,
            self.revoke: 3,
            self.kill: 2,
            self.die: 3,
            self.sleep: 2,
        }

    # requesters

    def file(self, _: Station) -> None:
        """A requester files a ticket."""
        category, text = self.random.choice(self.categories), self.ledger.by_requester()
        self.office.file(category, f"About {text}", text, f"r{self.random.randint(1, 6)}@x.org")

    def answer(self, _: Station) -> None:
        """A requester writes again."""
        tickets = self._server_tickets()
        if tickets:
            self.office.answer(self.random.choice(tickets), self.ledger.by_requester())

    # agents

    def note_(self, station: Station) -> None:
        """An internal note."""
        for ticket in self._some_ticket(station):
            text = self.ledger.by_agent(station.name, "note")
            station.put(PostMessage(station.ids.client_key(), ticket, MessageKind.NOTE, text, station.clock.now_ms()))

    def reply(self, station: Station) -> None:
        """A reply, sometimes with a status for afterwards."""
        for ticket in self._some_ticket(station):
            detail = station.reader.ticket(ticket)
            if detail is None:
                continue
            text = self.ledger.by_agent(station.name, "reply")
            base = detail.base.get("status")
            then = self.random.choice((None, None, Status.CLOSED, Status.OPEN))
            if then is not None:
                self.seen.add((station.agent_id, "status", Status.WAITING.value, then.value))
            station.put(
                PostMessage(
                    station.ids.client_key(),
                    ticket,
                    MessageKind.REPLY,
                    text,
                    station.clock.now_ms(),
                    (),
                    detail.confirmed_seq,
                    then,
                    Status(base) if then is not None and base is not None else None,
                )
            )

    def edit(self, station: Station) -> None:
        """A field of a ticket."""
        name, value = self.random.choice(
            (
                ("status", self.random.choice(("open", "waiting", "closed"))),
                ("priority", self.random.choice(("low", "high", "urgent"))),
                ("assigneeId", self.random.choice((None, station.agent_id))),
                (f"tags/{self.random.choice('abc')}", self.random.choice((True, None))),
            )
        )
        self._edit(station, name, value)

    def move(self, station: Station) -> None:
        """A ticket to another category that this person sees."""
        rows = station.reader.categories()
        if rows:
            self._edit(station, "categoryId", self.random.choice(rows).id)

    def create(self, station: Station) -> None:
        """A phone call taken down, sometimes with a note right behind."""
        rows = station.reader.categories()
        if not rows:
            return
        text, local = self.ledger.by_agent(station.name, "ticket"), station.ids.new(kinds.TICKET)
        now, key = station.clock.now_ms(), station.ids.client_key
        station.put(CreateTicket(key(), local, self.random.choice(rows).id, "Phone", text, now, "Caller"))
        if self.random.random() < 0.5:
            more = self.ledger.by_agent(station.name, "note")
            station.put(PostMessage(key(), local, MessageKind.NOTE, more, now))

    def quick(self, station: Station) -> None:
        """A quick note; an owner records a check as well."""
        text = self.ledger.by_agent(station.name, "quick note")
        station.put(SaveQuickNote(station.ids.client_key(), text, station.clock.now_ms()))
        if station.is_owner:
            now = station.clock.now_ms()
            station.put(RecordSpotCheck(station.ids.client_key(), now, now, 1, 2, 3))

    def attach(self, station: Station) -> None:
        """A quick note to a ticket, or away with it."""
        notes = station.reader.quick_notes()
        if not notes:
            return
        note, now = self.random.choice(notes), station.clock.now_ms()
        if self.random.random() < 0.3:
            self.ledger.saved[note.text].discarded = True
            station.put(DiscardQuickNote(station.ids.client_key(), note.id, now))
            return
        for ticket in self._some_ticket(station):
            station.put(AttachQuickNote(station.ids.client_key(), note.id, ticket, note.text, now))

    def read(self, station: Station) -> None:
        """A thread was read."""
        for ticket in self._some_ticket(station):
            detail = station.reader.ticket(ticket)
            if detail is not None:
                station.put(MarkRead(station.ids.client_key(), ticket, detail.last_seq))

    def decide(self, station: Station) -> None:
        """What to do with words that were not delivered."""
        rows = station.reader.undelivered()
        if rows:
            row = self.random.choice(rows)
            if row.kind != "edit" and self.random.random() < 0.6:
                station.note(f"{station.name} sends again")
                station.cache.send_again(row.client_key)
            else:
                station.cache.discard(row.client_key)

    # machines and luck

    def sync(self, station: Station) -> None:
        """The engine's timer."""
        station.sync()

    def sync_now(self, station: Station) -> None:
        """Somebody presses the button, or signs in again."""
        station.sync(self.random.choice((Nudge.CLICK, Nudge.SIGNED_IN)))

    def offline(self, station: Station) -> None:
        """The network goes."""
        station.lose_stream()
        station.network.online = False

    def online(self, station: Station) -> None:
        """The network comes."""
        station.network.online = True
        station.sync(Nudge.CLICK)

    def stream(self, station: Station) -> None:
        """The live stream begins or breaks."""
        if station.streaming and self.random.random() < 0.4:
            station.lose_stream()
        else:
            station.connect()

    def grant(self, station: Station) -> None:
        """The administrator grants a category."""
        category = self.random.choice(self.categories)
        if not station.is_owner and self.office.house.grants.grant(station.agent_id, category):
            self.regranted.add((station.name, category))

    def revoke(self, station: Station) -> None:
        """The administrator revokes a category."""
        category = self.random.choice(self.categories)
        if not station.is_owner and self.office.house.grants.revoke(station.agent_id, category):
            self.regranted.add((station.name, category))

    def kill(self, station: Station) -> None:
        """A workstation restarts without being asked."""
        station.kill()

    def die(self, station: Station) -> None:
        """The power goes off in the middle of a round."""
        station.sync_and_die(self.random.randint(0, 120))

    def sleep(self, station: Station) -> None:
        """A machine sleeps for an hour."""
        station.lose_stream()
        self.clock.pass_(3600.0)
        station.clock.slept_s += 3600.0

    def _edit(self, station: Station, name: str, value: str | bool | None) -> None:
        for ticket in self._some_ticket(station):
            detail = station.reader.ticket(ticket)
            if detail is None:
                continue
            tag = name.removeprefix("tags/")
            base = (tag in detail.base_tags or None) if tag != name else detail.base.get(name)
            now = station.clock.now_ms()
            self.seen.add((station.agent_id, name, base, value))
            station.put(EditTicket(station.ids.client_key(), ticket, {name: value}, {name: base}, now))

    def _some_ticket(self, station: Station) -> list[str]:
        keys = station.reader.ticket_ids(ALL, NEWEST)
        if not keys:
            return []
        rows = station.reader.ticket_rows([self.random.choice(keys)])
        return [row.id for row in rows]

    def _server_tickets(self) -> list[str]:
        database = self.office.house.parts.database
        return [one for (one,) in database.read(lambda: database.select("SELECT id FROM ticket ORDER BY id"))]

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
def world(folder: Path, seed: int) -> Iterator[World]:
    """A new world; its stations are closed at the end."""
    clock = SimClock()
    with office_in_process(folder, clock, random.Random(seed ^ 0x5EED), SMALL) as office:
        made = World(office, clock, folder, seed)
        try:
            yield made
        finally:
            for station in made.stations:
                station.close()
