"""What must hold once everybody has come to rest, and soon after any news that follows."""

from collections.abc import Sequence

import orjson

from sync.cache.beyond import UNSEEN
from sync.cache.rows import View
from sync.engine.agreement import EVERY
from sync.server.check import faults
from tests.simulation.always import BrokenError, after_each_step
from tests.simulation.bytes_left import no_trace
from tests.simulation.erased import no_byte_is_left
from tests.simulation.facts import words_in
from tests.simulation.kept import kept_by
from tests.simulation.lines import second_line
from tests.simulation.same import same_as_server
from tests.simulation.station import Station
from tests.simulation.turns import right_turns
from tests.simulation.world import ALL, NEWEST, World

_FILES = """
SELECT m.body_text, c.data FROM message m JOIN blob_use u ON u.message_id = m.id
JOIN blob_chunk c ON c.blob_id = u.blob_id
"""
_WRITTEN = """
SELECT m.ticket_id, m.author_id, m.kind, m.body_text, m.posted_at, m.seq FROM message m
WHERE m.kind IN ('note', 'reply') ORDER BY m.ticket_id, m.seq
"""
_ARRIVALS = """
SELECT a.id, a.by_agent_id, c.category_id, a.for_agent_id FROM arrival a
JOIN object_state s ON s.object_id = a.id AND s.type = 'TicketArrival' AND NOT s.destroyed
JOIN account c ON c.number = s.account
"""
_NAMES = "SELECT local_id, ticket_id FROM alias"
_NOT_ATTACHED = """
SELECT q.text FROM undelivered u JOIN quick_note q ON q.id = json_extract(u.action, '$.note_id')
WHERE json_extract(u.action, '$.""') = 'AttachQuickNote'
"""
_REPLACE_NOTHING = ("tag", "link", "merged", "erased")
_EVENTS = "SELECT ticket_id, body_text FROM message WHERE kind = 'event' ORDER BY ticket_id, seq"


def at_rest(world: World) -> None:
    """Convergence, exactly once, one count, nothing of what is out of reach, and silence."""
    after_each_step(world)
    _sound(world)
    _exactly_once(world)
    _whole_files(world)
    _nothing_overwritten(world)
    _in_order(world)
    right_turns(world)
    for station in world.present():
        same_as_server(world, station)
        _one_count(station, second_line(world, station))
        _rung(world, station)
    for station in sorted(world.present(), key=lambda one: one.due):
        _silence(world, station)
    for station in world.present():
        station.close()
        try:
            no_trace(world, station)
            no_byte_is_left(world, station)
        finally:
            station.open()


def _sound(world: World) -> None:
    for token in sorted(world.ended):
        if world.office.house.sign_ins.colleague(token) is not None:
            raise BrokenError("a sign-in that was ended still holds")
    found = faults(world.office.house.parts.database)
    if found:
        raise BrokenError(f"at the server: {found[0]}")


def _exactly_once(world: World) -> None:
    posted = words_in(world.server.column("SELECT body_text FROM message"))
    noted = words_in(world.server.column("SELECT text FROM quick_note"))
    held = set(words_in(world.server.column("SELECT body_text FROM held_message")))
    kept: list[str] = []
    unknowing: set[str] = set()
    for station in world.stations:
        asked = _not_attached(station)
        noted = [text for text in noted if text not in asked]
        unknowing |= _out_of_sight(station)
        if station.reader.outbox() and station.name not in world.away:
            raise BrokenError(f"{station.name}'s outbox is not empty: {station.reader.outbox()[0].action}")
        kept += kept_by(station)
    for saved in world.ledger.saved.values():
        places = posted.count(saved.text) + noted.count(saved.text) + int(saved.text in kept or saved.text in held)
        if (saved.discarded or saved.lost or saved.unsure) and not posted.count(saved.text):
            continue
        if posted.count(saved.text) > 1 or places == 0:
            raise BrokenError(f"{saved.station}'s {saved.what} {saved.text} is in {places} places")
        if places > 1 and saved.text not in held | unknowing and saved.station not in world.away:
            raise BrokenError(f"{saved.station}'s {saved.what} {saved.text} is in {places} places")
    for text in sorted(world.ledger.refused & {*posted, *noted, *held}):
        raise BrokenError(f"{text} could not be saved, it was said, and it is at the server")


def _out_of_sight(station: Station) -> set[str]:
    """What the server had before it was set back, on tickets that this person does not see: it may have that still."""
    unseen = [row for row in station.reader.undelivered() if row.reason == UNSEEN and row.ticket_id is not None]
    return set(words_in(row.text for row in unseen if station.reader.ticket(str(row.ticket_id)) is None))


def _not_attached(station: Station) -> set[str]:
    """What is a quick note still, since attaching it was refused: its author is asked about it in Undelivered."""
    return set(words_in(text for (text,) in station.cache._store.rows(_NOT_ATTACHED)))


def _whole_files(world: World) -> None:
    """What was posted with a file has that file, once, with these bytes."""
    posted = set(world.server.column("SELECT body_text FROM message"))
    files = [(text, bytes(data)) for text, data in world.server.rows(_FILES)]
    there = sorted(one for one in files if one[0] in world.ledger.saved or not world.later)
    wanted = sorted(
        (saved.text, saved.file)
        for saved in world.ledger.saved.values()
        if saved.file is not None and saved.text in posted
    )
    if there != wanted:
        raise BrokenError(f"files at the server: {sorted(text for text, _ in set(there) ^ set(wanted))}")


def _nothing_overwritten(world: World) -> None:
    """Who changed a value had seen the one that it replaced. A move may take the assignee off with it."""
    moved: set[tuple[str, str]] = set()
    for ticket_id, body in world.server.rows(_EVENTS):
        event = orjson.loads(body)
        by, what = event["by"], event["what"]
        if what == "categoryId":
            moved.add((ticket_id, by))
        unassigned = what == "assigneeId" and event["to"] is None and (ticket_id, by) in moved
        known = (by, what, event["from"], event["to"]) in world.seen
        if by is not None and what not in _REPLACE_NOTHING and not unassigned and not known:
            raise BrokenError(f"{event} of {ticket_id} replaced what its author had not seen")


def _in_order(world: World) -> None:
    """What one person wrote on a ticket stands in the order in which they wrote it, also where a merge brought it to
    another; but notes pass replies that wait. A reply that was held back came no sooner, one that was taken back not
    at all, and one that a colleague's overtook was asked about first."""
    names: dict[str | None, str] = {}
    for station in world.stations:
        names.update(station.cache._store.rows(_NAMES))
    last: dict[tuple[str, str, str | None, str], str] = {}
    replies: list[tuple[str, str, int]] = []
    for ticket_id, author, kind, text, posted_at, seq in world.server.rows(_WRITTEN):
        saved = world.ledger.saved.get(text)
        if saved is None or saved.again or saved.what == "quick note":
            replies += [(ticket_id, author, seq)] if kind == "reply" else []
            continue
        if saved.withdrawn:
            raise BrokenError(f"{text} was taken back, and was sent")
        if saved.not_before is not None and posted_at < saved.not_before:
            raise BrokenError(f"{text} was to wait until {saved.not_before}, and was sent at {posted_at}")
        written = ticket_id, author, names.get(saved.ticket_id, saved.ticket_id)
        for order in ((*written, kind),) if saved.held else ((*written, kind), (*written, "any")):
            if text < last.get(order, ""):
                raise BrokenError(f"{text} of {saved.station} came after {last[order]}")
            last[order] = text
        if kind == "reply":
            _not_overtaken(saved.base_seq, text, (ticket_id, author, seq), replies)
            replies.append((ticket_id, author, seq))


def _not_overtaken(base: int, text: str, own: tuple[str, str, int], replies: Sequence[tuple[str, str, int]]) -> None:
    for ticket_id, author, seq in replies:
        if ticket_id == own[0] and author != own[1] and base < seq:
            raise BrokenError(f"{text}, written upon {base}, was posted although a colleague had answered at {seq}")


def _one_count(station: Station, elsewhere: set[str]) -> None:
    """`elsewhere`: categories that others are alerted for."""
    counts = station.reader.counts()
    listed = len(station.reader.ticket_ids(View("awaiting"), NEWEST))
    by_hand = sum(
        1
        for row in station.reader.ticket_rows(station.reader.ticket_ids(ALL, NEWEST))
        if row.awaiting is not None
        and row.awaiting.value == "team"
        and row.status.value != "closed"
        and row.category_id not in elsewhere
    )
    if not counts.awaiting == listed == by_hand:
        raise BrokenError(f"{station.name} counts {counts.awaiting}, lists {listed}, has {by_hand}")


def _rung(world: World, station: Station) -> None:
    """Who was there from the beginning was told of each arrival of others, whatever power they lost."""
    visible = station.visible()
    for arrival_id, by, category, meant in world.server.rows(_ARRIVALS):
        if category not in visible or (station.name, category) in world.regranted or by == station.agent_id:
            continue
        if meant not in (None, station.agent_id):
            if station.told[arrival_id]:
                raise BrokenError(f"{station.name} was rung for {arrival_id}, which was meant for {meant}")
            continue
        if arrival_id in station.settled_in and not station.told[arrival_id]:
            raise BrokenError(f"{station.name} was not rung for {arrival_id}")


def _silence(world: World, station: Station) -> None:
    """A further round is one request, and changes nothing; one that counts may need two, so few calls fit into one."""
    requests, changes, told = station.network.requests, station.changes, station.told.total()
    before = station.cache._store.value("SELECT total_changes()")
    world.clock.pass_(max(station.due - world.clock.monotonic(), 0.0) + 0.001)
    station.sync()
    counting = station.engine._down._agreement._rounds % EVERY == 0
    if not requests < station.network.requests <= requests + 1 + int(counting):
        raise BrokenError(f"{station.name}'s idle round took {station.network.requests - requests} requests")
    if station.changes != changes or station.told.total() != told:
        raise BrokenError(f"{station.name}'s idle round changed something")
    if station.cache._store.value("SELECT total_changes()") != before:
        raise BrokenError(f"{station.name}'s idle round wrote")
