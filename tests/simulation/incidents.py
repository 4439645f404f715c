"""What agents do about a fault that many meet: open an incident, gather tickets, tell, note, and say it is over."""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final

from sync.connectors.central import CentralConnector
from sync.domain.errors import DeskbellError
from sync.domain.incidents import Incident
from sync.domain.times import HOUR_MS
from sync.engine.engine import Nudge
from tests.simulation.agents import edit_one, some_ticket
from tests.simulation.askers import press_one
from tests.simulation.begun import Begun, Send
from tests.simulation.calm import calm
from tests.simulation.station import Station
from tests.simulation.world import ALL, NEWEST, World

_GATHERED: Final = "SELECT id FROM ticket WHERE incident_id = ? ORDER BY id LIMIT 3"


def open_incident(world: World, station: Station) -> None:
    """A new one, of some categories or of all; half of them are told to the public."""
    text, now = world.ledger.word(), world.clock.now_ms()
    places = frozenset(world.random.sample(world.categories, world.random.randint(0, 2)))
    public, eta = world.random.random() < 0.5, world.random.choice((None, now + HOUR_MS))
    wanted = Incident("", f"Fault {text}", now, notice="It is looked into.", eta=eta, category_ids=places,
                      is_public=public)  # fmt: skip
    begin(world, station, "incident", text, partial(_open, wanted))


def note_incident(world: World, station: Station) -> None:
    """An entry of its internal thread."""
    for incident in _some_incident(world, station):
        text = world.ledger.word()
        begin(world, station, "incident_note", text, partial(_note, incident.id, text))


def save_again(world: World, station: Station) -> None:
    """What was not taken is saved again; sometimes what was, by somebody who did not see the answer."""
    waiting = [one for one in world.begun if one.station == station.name]
    for one in waiting:
        if one.life is None or world.random.random() < 0.1:
            one.save(station, world.server.lives)


def gather(world: World, station: Station) -> None:
    """Tickets are put to an incident, or one is taken out."""
    for incident in _some_incident(world, station):
        wanted = None if world.random.random() < 0.15 else incident.id
        for _ in range(world.random.randint(1, 4)):
            for ticket in some_ticket(world, station):
                edit_one(world, station, ticket, "incidentId", wanted)


def outage(world: World, _: Station) -> None:
    """The owner puts all that is open to an incident; who asked is told when it is expected to be repaired, then
    something else, and at the end that it works again: whether it does, some of them say."""
    with calm(world) as owner:
        if not owner.reader.incidents():
            open_incident(world, owner)
            owner.sync(Nudge.CLICK)
        for incident in _some_incident(world, owner):
            for row in owner.reader.ticket_rows(owner.reader.ticket_ids(ALL, NEWEST)[:8]):
                edit_one(world, owner, row.id, "incidentId", incident.id)
            owner.sync(Nudge.CLICK)
            _told_of(world, owner, incident)


def _told_of(world: World, owner: Station, incident: Incident) -> None:
    for hours in (1, 2, 30):
        base, eta = owner.reader.incident(incident.id) or incident, world.clock.now_ms() + hours * HOUR_MS
        _change(owner, base, replace(base, eta=eta, fixed_at=None))
        owner.sync(Nudge.CLICK)
    base = owner.reader.incident(incident.id) or incident
    _change(owner, base, replace(base, fixed_at=world.clock.now_ms()))
    for ticket in world.server.column(_GATHERED, incident.id):
        press_one(world, ticket, world.random.choice(("works", "broken")))


def announce_eta(world: World, station: Station) -> None:
    """When it is expected to work again."""
    for incident in _some_incident(world, station):
        eta = world.clock.now_ms() + world.random.choice((1, 2, 30)) * HOUR_MS
        _change(station, incident, replace(incident, eta=eta))


def fix(world: World, station: Station) -> None:
    """It works again, or does not after all."""
    for incident in _some_incident(world, station):
        fixed = world.clock.now_ms() if incident.fixed_at is None else None
        _change(station, incident, replace(incident, fixed_at=fixed))


def publish_incident(world: World, station: Station) -> None:
    """The public is told of it, or no more; somebody else keeps it."""
    for incident in _some_incident(world, station):
        keeper = world.random.choice(world.stations).agent_id
        _change(station, incident, replace(incident, is_public=not incident.is_public, keeper_id=keeper))


def begin(world: World, station: Station, table: str, text: str, send: Send) -> None:
    """Words for the team's account: saved once at least, and kept until they were taken."""
    one = Begun(station.name, table, text, station.ids.client_key(), send)
    world.begun.append(one)
    one.save(station, world.server.lives)


def _open(wanted: Incident, connector: CentralConnector, key: str) -> None:
    connector.incidents().open_incident(key, wanted)


def _note(incident_id: str, text: str, connector: CentralConnector, key: str) -> None:
    connector.incidents().add_note(key, incident_id, text)


def _change(station: Station, base: Incident, wanted: Incident) -> None:
    """Refused, or not heard of: whoever did it looks at what stands there, and decides anew."""
    with suppress(DeskbellError):
        station.connector.incidents().change_incident(base, wanted)
        station.note(f"{station.name} changes an incident")


def _some_incident(world: World, station: Station) -> list[Incident]:
    shown = station.reader.incidents()
    return [world.random.choice(shown)] if shown else []
