"""What agents do with several tickets at once: link, merge, answer all of an incident; and replies with files."""

from contextlib import suppress

from sync.cache.rows import View
from sync.domain.actions import EditTicket, MergeTicket, PostMessage
from sync.domain.errors import DeskbellError, Rejected, StorageFull
from sync.domain.records import MessageKind
from tests.simulation.agents import save, some_ticket
from tests.simulation.calm import calm
from tests.simulation.station import Station
from tests.simulation.world import ALL, NEWEST, World

_HOLD_MS = 10_000


def link(world: World, station: Station) -> None:
    """Two tickets that this person sees, of whatever categories, belong together, or do not any more."""
    if world.random.random() < 0.5:
        with calm(world) as owner:
            _link(world, owner)
    else:
        _link(world, station)


def _link(world: World, station: Station) -> None:
    for ticket in some_ticket(world, station):
        detail = station.reader.ticket(ticket)
        others = [row.id for row in station.reader.ticket_rows(station.reader.ticket_ids(ALL, NEWEST))]
        other = world.random.choice(others)
        if detail is None or other == ticket:
            continue
        name, linked = f"links/{other}", other in detail.links
        wanted, base = {name: None if linked else True}, {name: linked or None}
        station.put(EditTicket(station.ids.client_key(), ticket, wanted, base, station.clock.now_ms()))
        same = [one for one in _of(station, detail.row.category_id) if one not in (ticket, other)]
        if same and world.random.random() < 0.3:
            with suppress(Rejected):
                station.put(_merge(station, ticket, world.random.choice(same)))


def merge_several(world: World, station: Station) -> None:
    """Some tickets of one category go on in one of them, all at once."""
    tickets = _of_one_category(world, station)
    for one in tickets[1:]:
        with suppress(Rejected):
            station.put(_merge(station, one, tickets[0]))


def answer_all(world: World, station: Station) -> None:
    """Every open ticket of an incident is answered, some merged before: one deed, which is held, and sometimes taken
    back before it went."""
    shown = station.reader.incidents()
    here = station.reader.tickets_of_incident(world.random.choice(shown).id, open_only=True)[:6] if shown else []
    if not here:
        return
    keys, answered = list[tuple[str, str | None]](), list[str]()
    for one in here:
        same = [into for into in answered if _category(station, into) == _category(station, one)]
        if same and world.random.random() < 0.5:
            keys += _held_merge(station, one, same[0])
        else:
            answered.append(one)
    for one in answered:
        keys += _held_reply(world, station, one)
    if world.random.random() < 0.4:
        _take_all_back(world, station, keys)


def file_in_reply(world: World, station: Station) -> None:
    """A reply with a file: what cannot be delivered is held by the server, the file with it."""
    for ticket in some_ticket(world, station):
        detail, text = station.reader.ticket(ticket), world.ledger.by_agent(station.name, "reply")
        octets = f"file of {text}".encode() * world.random.randint(1, 400)
        world.ledger.saved[text].file = octets
        world.ledger.saved[text].base_seq = 0 if detail is None else detail.confirmed_seq
        try:
            file = station.cache.attach_bytes(octets, "text/plain", "file.txt")
        except StorageFull:
            world.ledger.not_saved(text)
            continue
        key, now = station.ids.client_key(), station.clock.now_ms()
        base = world.ledger.saved[text].base_seq
        save(world, station, text, PostMessage(key, ticket, MessageKind.REPLY, text, now, (file,), base))


def open_original(world: World, station: Station) -> None:
    """Somebody looks at a mail as it came; it stays here to be read offline."""
    for ticket in some_ticket(world, station):
        detail = station.reader.ticket(ticket)
        accounts = {row.id: row.account_id for row in station.reader.categories()}
        where = None if detail is None else accounts.get(detail.row.category_id)
        for row in station.reader.thread(ticket):
            if row.original_blob_id is not None and where is not None:
                with suppress(DeskbellError):
                    chunks = station.connector.fetch_blob(where, row.original_blob_id, "mail.eml")
                    station.cache.keep_blob(where, row.original_blob_id, chunks)


def _of_one_category(world: World, station: Station) -> list[str]:
    rows = station.reader.categories()
    if not rows:
        return []
    found = _of(station, world.random.choice(rows).id)
    return world.random.sample(found, min(len(found), 4))


def _of(station: Station, category_id: str) -> list[str]:
    keys = station.reader.ticket_ids(View("all", category_id), NEWEST)
    return [row.id for row in station.reader.ticket_rows(keys)]


def _merge(station: Station, one: str, into: str) -> MergeTicket:
    return MergeTicket(station.ids.client_key(), one, into, station.clock.now_ms())


def _held_merge(station: Station, one: str, into: str) -> list[tuple[str, str | None]]:
    action = _merge(station, one, into)
    with suppress(Rejected):
        return [(action.client_key, None)] if station.put(action, _HOLD_MS) else []
    return []


def _held_reply(world: World, station: Station, ticket: str) -> list[tuple[str, str | None]]:
    detail = station.reader.ticket(ticket)
    if detail is None:
        return []
    text, key = world.ledger.by_agent(station.name, "reply"), station.ids.client_key()
    saved, base = world.ledger.saved[text], detail.confirmed_seq
    saved.not_before, saved.base_seq = world.clock.now_ms() + _HOLD_MS, base
    action = PostMessage(key, ticket, MessageKind.REPLY, text, station.clock.now_ms(), (), base)
    return [(key, text)] if save(world, station, text, action, _HOLD_MS) else []


def _take_all_back(world: World, station: Station, keys: list[tuple[str, str | None]]) -> None:
    station.note(f"{station.name} takes all back")
    for key, text in keys:
        with suppress(Rejected, StorageFull):
            station.cache.take_back(key)
            if text is not None:
                world.ledger.saved[text].withdrawn = True


def _category(station: Station, ticket: str) -> str | None:
    detail = station.reader.ticket(ticket)
    return None if detail is None else detail.row.category_id
