"""What may happen in a step: what requesters, agents and administrators do, and what machines suffer."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

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
from sync.domain.errors import DeskbellError
from sync.domain.records import MessageKind, Status
from sync.domain.times import DAY_MS
from sync.engine.engine import Nudge
from tests.simulation.invariants import kept_by
from tests.simulation.station import Station
from tests.simulation.world import ALL, NEWEST, Move, World

_ALL: Final = "SELECT id FROM ticket ORDER BY id"
_WITH_FILES: Final = """
SELECT DISTINCT m.ticket_id FROM message m JOIN blob_use u ON u.message_id = m.id ORDER BY m.ticket_id
"""

# requesters


def file(world: World, _: Station) -> None:
    """A requester files a ticket."""
    category, text = world.random.choice(world.categories), world.ledger.by_requester()
    world.office.file(category, f"About {text}", text, f"r{world.random.randint(1, 6)}@x.org")


def answer(world: World, _: Station) -> None:
    """A requester writes again."""
    tickets = _server_tickets(world)
    if tickets:
        world.office.answer(world.random.choice(tickets), world.ledger.by_requester())


# agents


def note_(world: World, station: Station) -> None:
    """An internal note."""
    for ticket in _some_ticket(world, station):
        text = world.ledger.by_agent(station.name, "note")
        station.put(PostMessage(station.ids.client_key(), ticket, MessageKind.NOTE, text, station.clock.now_ms()))


def reply(world: World, station: Station) -> None:
    """A reply, sometimes with a status for afterwards."""
    for ticket in _some_ticket(world, station):
        detail = station.reader.ticket(ticket)
        if detail is None:
            continue
        text = world.ledger.by_agent(station.name, "reply")
        base = detail.base.get("status")
        then = world.random.choice((None, None, Status.CLOSED, Status.OPEN))
        if then is not None:
            world.seen.add((station.agent_id, "status", Status.WAITING.value, then.value))
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


def edit(world: World, station: Station) -> None:
    """A field of a ticket."""
    name, value = world.random.choice(
        (
            ("status", world.random.choice(("open", "waiting", "closed"))),
            ("priority", world.random.choice(("low", "high", "urgent"))),
            ("assigneeId", world.random.choice((None, station.agent_id))),
            (f"tags/{world.random.choice('abc')}", world.random.choice((True, None))),
        )
    )
    _edit(world, station, name, value)


def move(world: World, station: Station) -> None:
    """A ticket to another category that this person sees."""
    rows = station.reader.categories()
    if rows:
        _edit(world, station, "categoryId", world.random.choice(rows).id)


def with_file(world: World, station: Station) -> None:
    """A note with a file."""
    for ticket in _some_ticket(world, station):
        text, now = world.ledger.by_agent(station.name, "note"), station.clock.now_ms()
        octets = f"file of {text}".encode() * world.random.randint(1, 400)
        world.ledger.saved[text].file = octets
        file = station.cache.attach_bytes(octets, "text/plain", "file.txt")
        station.put(PostMessage(station.ids.client_key(), ticket, MessageKind.NOTE, text, now, (file,)))


def open_file(world: World, station: Station) -> None:
    """Somebody opens the files of a ticket, to be kept for reading them offline; sometimes the owner then takes it
    to where they do not see it."""
    here = [one for one in _server_tickets(world, _WITH_FILES) if station.reader.ticket(one) is not None]
    if not here:
        return
    ticket = world.random.choice(here)
    _fetch_files(station, ticket)
    elsewhere = sorted(set(world.categories) - station.visible())
    if elsewhere and world.random.random() < 0.5:
        _edit_one(world, world.stations[-1], ticket, "categoryId", world.random.choice(elsewhere))


def _fetch_files(station: Station, ticket: str) -> None:
    detail = station.reader.ticket(ticket)
    accounts = {row.id: row.account_id for row in station.reader.categories()}
    account = None if detail is None else accounts.get(detail.row.category_id)
    for file in [file for row in station.reader.thread(ticket) for file in row.attachments]:
        if account is not None and station.cache.blob(file.blob_id) is None:
            with suppress(DeskbellError):
                chunks = station.connector.fetch_blob(account, file.blob_id, file.name)
                station.cache.keep_blob(account, file.blob_id, chunks)


def create(world: World, station: Station) -> None:
    """A phone call taken down, sometimes with a note right behind."""
    rows = station.reader.categories()
    if not rows:
        return
    text, local = world.ledger.by_agent(station.name, "ticket"), station.ids.new(kinds.TICKET)
    now, key = station.clock.now_ms(), station.ids.client_key
    station.put(CreateTicket(key(), local, world.random.choice(rows).id, "Phone", text, now, "Caller"))
    if world.random.random() < 0.5:
        more = world.ledger.by_agent(station.name, "note")
        station.put(PostMessage(key(), local, MessageKind.NOTE, more, now))


def quick(world: World, station: Station) -> None:
    """A quick note; an owner records a check as well."""
    text = world.ledger.by_agent(station.name, "quick note")
    station.put(SaveQuickNote(station.ids.client_key(), text, station.clock.now_ms()))
    if station.is_owner:
        now = station.clock.now_ms()
        station.put(RecordSpotCheck(station.ids.client_key(), now, now, 1, 2, 3))


def attach(world: World, station: Station) -> None:
    """A quick note to a ticket, or away with it."""
    notes = station.reader.quick_notes()
    if not notes:
        return
    note, now = world.random.choice(notes), station.clock.now_ms()
    if world.random.random() < 0.3:
        world.ledger.saved[note.text].discarded = True
        station.put(DiscardQuickNote(station.ids.client_key(), note.id, now))
        return
    for ticket in _some_ticket(world, station):
        station.put(AttachQuickNote(station.ids.client_key(), note.id, ticket, note.text, now))


def read(world: World, station: Station) -> None:
    """A thread was read."""
    for ticket in _some_ticket(world, station):
        detail = station.reader.ticket(ticket)
        if detail is not None:
            station.put(MarkRead(station.ids.client_key(), ticket, detail.last_seq))


def decide(world: World, station: Station) -> None:
    """What to do with words that were not delivered."""
    rows = station.reader.undelivered()
    if rows:
        row = world.random.choice(rows)
        if row.kind != "edit" and world.random.random() < 0.6:
            station.note(f"{station.name} sends again")
            station.cache.send_again(row.client_key)
        else:
            station.cache.discard(row.client_key)


# the server's fate


def prune(world: World, _: Station) -> None:
    """The server forgets what was destroyed: whoever was away for long has to copy anew."""
    house = world.office.house
    aged = "UPDATE object_state SET at = at - ? WHERE destroyed"
    house.parts.database.write(lambda: house.parts.database.execute(aged, (40 * DAY_MS,)))
    house.upkeep.run()
    for station in world.stations:
        station.may_start_anew()


def back_up(world: World, _: Station) -> None:
    """The administrator makes a backup."""
    world.server.back_up()


def restore(world: World, _: Station) -> None:
    """The server's disk dies; the backup takes its place. What came since is lost, unless somebody still has it."""
    before, visible = world.on_the_server(), {station.name: station.visible() for station in world.stations}
    if not world.server.restore():
        return
    kept = world.on_the_server().union(*(kept_by(station) for station in world.stations))
    for text in before - kept:
        if text in world.ledger.saved:
            world.ledger.saved[text].lost = True
    for station in world.stations:
        station.forget_server()
        world.regranted |= {(station.name, one) for one in visible[station.name] ^ station.visible()}


# machines and luck


def sync(world: World, station: Station) -> None:
    """The engine's timer."""
    station.sync()


def sync_now(world: World, station: Station) -> None:
    """Somebody presses the button, or signs in again."""
    station.sync(world.random.choice((Nudge.CLICK, Nudge.SIGNED_IN)))


def offline(world: World, station: Station) -> None:
    """The network goes."""
    station.lose_stream()
    station.network.online = False


def online(world: World, station: Station) -> None:
    """The network comes."""
    station.network.online = True
    station.sync(Nudge.CLICK)


def stream(world: World, station: Station) -> None:
    """The live stream begins or breaks."""
    if station.streaming and world.random.random() < 0.4:
        station.lose_stream()
    else:
        station.connect()


def grant(world: World, station: Station) -> None:
    """The administrator grants a category."""
    category = world.random.choice(world.categories)
    if not station.is_owner and world.office.house.grants.grant(station.agent_id, category):
        world.regranted.add((station.name, category))


def revoke(world: World, station: Station) -> None:
    """The administrator revokes a category."""
    category = world.random.choice(world.categories)
    if not station.is_owner and world.office.house.grants.revoke(station.agent_id, category):
        world.regranted.add((station.name, category))


def kill(world: World, station: Station) -> None:
    """A workstation restarts without being asked."""
    station.kill()


def die(world: World, station: Station) -> None:
    """The power goes off in the middle of a round."""
    station.sync_and_die(world.random.randint(0, 120))


def die_hearing(world: World, station: Station) -> None:
    """The power goes off just when something arrived."""
    visible = sorted(station.visible())
    if visible:
        text = world.ledger.by_requester()
        world.office.file(world.random.choice(visible), f"About {text}", text, f"r{world.random.randint(1, 6)}@x.org")
    station.network.online = True
    station.sync_and_die(world.random.randint(0, 120), world.random.random() < 0.5)


def sleep(world: World, station: Station) -> None:
    """A machine sleeps for an hour."""
    station.lose_stream()
    world.clock.pass_(3600.0)
    station.clock.slept_s += 3600.0


def _edit(world: World, station: Station, name: str, value: str | bool | None) -> None:
    for ticket in _some_ticket(world, station):
        _edit_one(world, station, ticket, name, value)


def _edit_one(world: World, station: Station, ticket: str, name: str, value: str | bool | None) -> None:
    detail = station.reader.ticket(ticket)
    if detail is None:
        return
    tag = name.removeprefix("tags/")
    base = (tag in detail.base_tags or None) if tag != name else detail.base.get(name)
    now = station.clock.now_ms()
    world.seen.add((station.agent_id, name, base, value))
    station.put(EditTicket(station.ids.client_key(), ticket, {name: value}, {name: base}, now))


def _some_ticket(world: World, station: Station) -> list[str]:
    keys = station.reader.ticket_ids(ALL, NEWEST)
    if not keys:
        return []
    rows = station.reader.ticket_rows([world.random.choice(keys)])
    return [row.id for row in rows]


def _server_tickets(world: World, sql: str = _ALL) -> list[str]:
    database = world.office.house.parts.database
    return [one for (one,) in database.read(lambda: database.select(sql))]


MOVES: Final[Mapping[Move, int]] = {
    file: 8,
    answer: 6,
    note_: 10,
    reply: 10,
    edit: 10,
    move: 4,
    with_file: 4,
    open_file: 6,
    create: 5,
    quick: 5,
    attach: 4,
    read: 3,
    decide: 4,
    sync: 20,
    sync_now: 8,
    offline: 6,
    online: 10,
    stream: 8,
    grant: 3,
    revoke: 3,
    kill: 2,
    die: 3,
    die_hearing: 2,
    prune: 1,
    back_up: 1,
    restore: 1,
    sleep: 2,
}
"""With how often they come, in proportion."""
