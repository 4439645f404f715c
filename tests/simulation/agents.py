"""What agents do at their workstations."""

from contextlib import suppress
from typing import Final

from sync.cache.action_text import ticket_of
from sync.cache.hold import HOLD_MAX_MS
from sync.cache.rows import View
from sync.connectors.central import CentralConnector
from sync.domain import ids as kinds
from sync.domain.actions import (
    Action,
    AttachQuickNote,
    CreateTicket,
    DiscardQuickNote,
    EditTicket,
    MarkRead,
    MergeTicket,
    PostMessage,
    RecordSpotCheck,
    SaveQuickNote,
)
from sync.domain.errors import DeskbellError, Rejected, StorageFull
from sync.domain.records import MessageKind, Status
from tests.simulation.facts import words_in
from tests.simulation.network import Network
from tests.simulation.station import Station
from tests.simulation.world import ALL, NEWEST, World

WITH_FILES: Final = """
SELECT DISTINCT m.ticket_id FROM message m JOIN blob_use u ON u.message_id = m.id ORDER BY m.ticket_id
"""


def note_(world: World, station: Station) -> None:
    """An internal note."""
    for ticket in some_ticket(world, station):
        text = world.ledger.by_agent(station.name, "note")
        save(world, station, text, _note(station, ticket, text))


def note_and_die(world: World, station: Station) -> None:
    """The power goes off while a note is being saved."""
    for ticket in some_ticket(world, station):
        text = world.ledger.by_agent(station.name, "note")
        world.ledger.saved[text].ticket_id = ticket
        if not station.put_and_die(_note(station, ticket, text), world.random.randint(0, 12)):
            world.ledger.saved[text].unsure = True


def reply(world: World, station: Station) -> None:
    """A reply, sometimes with a status for afterwards, sometimes held back for some seconds."""
    for ticket in some_ticket(world, station):
        detail = station.reader.ticket(ticket)
        if detail is None:
            continue
        text, key = world.ledger.by_agent(station.name, "reply"), station.ids.client_key()
        base, now = detail.base.get("status"), station.clock.now_ms()
        then = world.random.choice((None, None, Status.CLOSED, Status.OPEN))
        if then is not None:
            world.seen.add((station.agent_id, "status", Status.WAITING.value, then.value))
        base_status = Status(base) if then is not None and base is not None else None
        action = PostMessage(key, ticket, MessageKind.REPLY, text, now, (), detail.confirmed_seq, then, base_status)
        hold = world.random.choice((0, 0, 10_000, HOLD_MAX_MS))
        saved = world.ledger.saved[text]
        saved.not_before, saved.base_seq = world.clock.now_ms() + hold if hold else None, detail.confirmed_seq
        if save(world, station, text, action, hold) and hold and world.random.random() < 0.25:
            _take_back(world, station, key, text)


def take_back(world: World, _: Station) -> None:
    """A reply that is held is a draft again; or it is sent at once."""
    waiting = [(station, row) for station in world.stations for row in station.reader.outbox()]
    held = [
        (station, row, row.action.body_text)
        for station, row in waiting
        if row.hold_until is not None and not row.attempts and isinstance(row.action, PostMessage)
    ]
    if not held:
        return
    station, row, text = world.random.choice(held)
    saved = world.ledger.saved[text]
    if world.random.random() < 0.3:
        station.cache.send_now(row.client_key)
        saved.not_before = None
        return
    _take_back(world, station, row.client_key, saved.text)


def _take_back(world: World, station: Station, client_key: str, text: str) -> None:
    with suppress(Rejected, StorageFull):
        station.cache.take_back(client_key)
        world.ledger.saved[text].withdrawn = True
        station.note(f"{station.name} takes back")


def draft(world: World, station: Station) -> None:
    """Something begun, and kept at a pause; what was there before goes on before it."""
    for ticket in some_ticket(world, station):
        before = station.reader.draft(ticket, "note")
        text = world.ledger.by_agent(station.name, "draft")
        whole = text if before is None else f"{before.text}\n{text}"
        try:
            station.cache.save_draft(ticket, "note", whole)
        except StorageFull:
            world.ledger.not_saved(text)


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
    for ticket in some_ticket(world, station):
        edit_one(world, station, ticket, name, value)


def move(world: World, station: Station) -> None:
    """A ticket to another category that this person sees."""
    rows = station.reader.categories()
    if rows:
        for ticket in some_ticket(world, station):
            edit_one(world, station, ticket, "categoryId", world.random.choice(rows).id)


def merge(world: World, station: Station) -> None:
    """A ticket into another one of its category, sometimes with a note on it right behind."""
    for ticket in some_ticket(world, station):
        detail = station.reader.ticket(ticket)
        near = [] if detail is None else station.reader.ticket_ids(View("all", detail.row.category_id), NEWEST)
        others = [row.id for row in station.reader.ticket_rows(near) if row.id != ticket]
        if others:
            into = world.random.choice(others)
            with suppress(Rejected):
                station.put(MergeTicket(station.ids.client_key(), ticket, into, station.clock.now_ms()))
            if world.random.random() < 0.5:
                text = world.ledger.by_agent(station.name, "note")
                save(world, station, text, _note(station, ticket, text))


def delete(world: World, _: Station) -> None:
    """The owner deletes a ticket for good, with every word in it; over a good line, so that it is known what went."""
    owner = world.stations[-1]
    good = Network(owner.network.inner, owner.source, owner.note, owner.network.look, world.clock.pass_)
    connector = CentralConnector(world.office.session(owner.token, good))
    accounts = {row.id: row.account_id for row in owner.reader.categories()}
    for ticket in some_ticket(world, owner):
        detail, before = owner.reader.ticket(ticket), world.on_the_server()
        account = None if detail is None else accounts.get(detail.row.category_id)
        if account is None:
            continue
        with suppress(DeskbellError):
            connector.delete_ticket(account, ticket)
        for text in before - world.on_the_server():
            if text in world.ledger.saved:
                world.ledger.saved[text].lost = True


def with_file(world: World, station: Station) -> None:
    """A note with a file."""
    for ticket in some_ticket(world, station):
        text, now = world.ledger.by_agent(station.name, "note"), station.clock.now_ms()
        octets = f"file of {text}".encode() * world.random.randint(1, 400)
        world.ledger.saved[text].file = octets
        try:
            file = station.cache.attach_bytes(octets, "text/plain", "file.txt")
        except StorageFull:
            world.ledger.not_saved(text)
            continue
        action = PostMessage(station.ids.client_key(), ticket, MessageKind.NOTE, text, now, (file,))
        save(world, station, text, action)


def open_file(world: World, station: Station) -> None:
    """Somebody opens the files of a ticket, to be kept for reading them offline; sometimes the owner then takes it
    to where they do not see it."""
    here = [one for one in world.server.column(WITH_FILES) if station.reader.ticket(one) is not None]
    if not here:
        return
    ticket = world.random.choice(here)
    fetch_files(station, ticket)
    elsewhere = sorted(set(world.categories) - station.visible())
    if elsewhere and world.random.random() < 0.5:
        edit_one(world, world.stations[-1], ticket, "categoryId", world.random.choice(elsewhere))


def fetch_files(station: Station, ticket: str) -> None:
    """The files of a ticket, to be kept."""
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
    now, category = station.clock.now_ms(), world.random.choice(rows).id
    action = CreateTicket(station.ids.client_key(), local, category, "Phone", text, now, "Caller")
    if save(world, station, text, action) and world.random.random() < 0.5:
        more = world.ledger.by_agent(station.name, "note")
        save(world, station, more, _note(station, local, more))


def quick(world: World, station: Station) -> None:
    """A quick note; an owner records a check as well."""
    text, now = world.ledger.by_agent(station.name, "quick note"), station.clock.now_ms()
    save(world, station, text, SaveQuickNote(station.ids.client_key(), text, now))
    if station.is_owner:
        station.put(RecordSpotCheck(station.ids.client_key(), now, now, 1, 2, 3))


def attach(world: World, station: Station) -> None:
    """A quick note to a ticket, or away with it."""
    notes = station.reader.quick_notes()
    if not notes:
        return
    note, now = world.random.choice(notes), station.clock.now_ms()
    if world.random.random() < 0.3:
        if station.put(DiscardQuickNote(station.ids.client_key(), note.id, now)):
            world.ledger.saved[note.text].discarded = True
        return
    for ticket in some_ticket(world, station):
        station.put(AttachQuickNote(station.ids.client_key(), note.id, ticket, note.text, now))


def read(world: World, station: Station) -> None:
    """A thread was read."""
    for ticket in some_ticket(world, station):
        detail = station.reader.ticket(ticket)
        if detail is not None:
            station.put(MarkRead(station.ids.client_key(), ticket, detail.last_seq))


def decide(world: World, station: Station) -> None:
    """What to do with words that were not delivered."""
    rows = station.reader.undelivered()
    if not rows:
        return
    row = world.random.choice(rows)
    with suppress(StorageFull):
        if row.kind != "edit" and world.random.random() < 0.6:
            station.note(f"{station.name} sends again")
            station.cache.send_again(row.client_key)
            for word in words_in([row.text]):
                world.ledger.saved[word].again = True
        else:
            station.cache.discard(row.client_key)


def save(world: World, station: Station, text: str, action: Action, hold_ms: int = 0) -> bool:
    """Put the action that holds this text; one that could not be saved is not expected anywhere.

    What waits behind a reply that is held is held with it, and notes may pass both.
    """
    saved, ticket_id = world.ledger.saved[text], ticket_of(action)
    behind = any(row.hold_until and row.ticket_id == ticket_id for row in station.reader.outbox())
    is_reply = isinstance(action, PostMessage) and action.kind is MessageKind.REPLY
    saved.held = hold_ms > 0 or (behind and is_reply)
    if station.put(action, hold_ms):
        saved.ticket_id = ticket_id
        return True
    world.ledger.not_saved(text)
    return False


def edit_one(world: World, station: Station, ticket: str, name: str, value: str | bool | None) -> None:
    """An edit of this ticket, with the base that its author sees."""
    detail = station.reader.ticket(ticket)
    if detail is None:
        return
    tag = name.removeprefix("tags/")
    base = (tag in detail.base_tags or None) if tag != name else detail.base.get(name)
    world.seen.add((station.agent_id, name, base, value))
    station.put(EditTicket(station.ids.client_key(), ticket, {name: value}, {name: base}, station.clock.now_ms()))


def some_ticket(world: World, station: Station) -> list[str]:
    """One ticket that this workstation shows, if there is any."""
    keys = station.reader.ticket_ids(ALL, NEWEST)
    if not keys:
        return []
    rows = station.reader.ticket_rows([world.random.choice(keys)])
    return [row.id for row in rows]


def _note(station: Station, ticket: str, text: str) -> PostMessage:
    return PostMessage(station.ids.client_key(), ticket, MessageKind.NOTE, text, station.clock.now_ms())
