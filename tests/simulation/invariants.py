"""What must hold after every step, and what must hold once everybody has come to rest."""

from pathlib import Path
from typing import Any

import orjson

from sync.cache.rows import MessageState, View
from sync.domain.actions import words_of
from tests.simulation.station import Station
from tests.simulation.world import ALL, NEWEST, World

_MESSAGES = "SELECT body_text FROM message"
_HELD = "SELECT body_text FROM held_message"
_NOTES = "SELECT text FROM quick_note"
_FILES = """
SELECT m.body_text, c.data FROM message m JOIN blob_use u ON u.message_id = m.id
JOIN blob_chunk c ON c.blob_id = u.blob_id
"""


class BrokenError(AssertionError):
    """An invariant does not hold."""


def after_each_step(world: World) -> None:
    """Every saved text is somewhere; nothing was sent to anybody who may not see it; nothing rang twice."""
    if world.leaks:
        raise BrokenError(world.leaks[0])
    everywhere = world.on_the_server()
    for station in world.stations:
        everywhere |= set(kept_by(station))
        if station.errors:
            raise BrokenError(station.errors[0])
        twice = [one for one, count in station.told.items() if count > 1 + station.in_doubt[one]]
        twice += [one for one, count in station.chimed.items() if count > 1]
        if twice:
            raise BrokenError(f"{station.name} was rung twice for {twice[0]}")
    for saved in world.ledger.saved.values():
        if not (saved.discarded or saved.lost) and saved.text not in everywhere:
            raise BrokenError(f"{saved.station}'s {saved.what} {saved.text} is nowhere")


def at_rest(world: World) -> None:
    """Convergence, exactly once, one count, nothing of what is out of reach, and silence."""
    after_each_step(world)
    _exactly_once(world)
    _whole_files(world)
    _nothing_overwritten(world)
    for station in world.stations:
        _same_as_server(world, station)
        _one_count(station)
        _rung(world, station)
    for station in sorted(world.stations, key=lambda one: one.due):
        _silence(world, station)
    for station in world.stations:
        station.close()
        try:
            _no_trace(world, station)
        finally:
            station.open()


def kept_by(station: Station) -> list[str]:
    """The texts that this workstation keeps for their author."""
    found = []
    for row in station.reader.outbox():
        words = words_of(row.action)
        if words is not None:
            found.append(words.text.rpartition("\n")[2])
    rows = [*station.reader.undelivered(), *station.reader.discarded()]
    return found + [row.text.rpartition("\n")[2] for row in rows]


def _rows(world: World, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    database = world.office.house.parts.database
    return database.read(lambda: database.select(sql, values))


def _exactly_once(world: World) -> None:
    posted = [one for (one,) in _rows(world, _MESSAGES)]
    noted = [one for (one,) in _rows(world, _NOTES)]
    held = {one for (one,) in _rows(world, _HELD)}
    kept: list[str] = []
    for station in world.stations:
        if station.reader.outbox():
            raise BrokenError(f"{station.name}'s outbox is not empty: {station.reader.outbox()[0].action}")
        kept += kept_by(station)
    for saved in world.ledger.saved.values():
        places = posted.count(saved.text) + noted.count(saved.text) + int(saved.text in kept or saved.text in held)
        if (saved.discarded or saved.lost) and not posted.count(saved.text):
            continue
        if posted.count(saved.text) > 1 or places == 0:
            raise BrokenError(f"{saved.station}'s {saved.what} {saved.text} is in {places} places")
        if places > 1 and saved.text not in held:
            raise BrokenError(f"{saved.station}'s {saved.what} {saved.text} is in {places} places")


def _whole_files(world: World) -> None:
    """What was posted with a file has that file, once, with these bytes."""
    posted = {one for (one,) in _rows(world, _MESSAGES)}
    there = sorted((text, bytes(data)) for text, data in _rows(world, _FILES))
    wanted = sorted(
        (saved.text, saved.file)
        for saved in world.ledger.saved.values()
        if saved.file is not None and saved.text in posted
    )
    if there != wanted:
        raise BrokenError(f"files at the server: {set(there) ^ set(wanted)}")


def _nothing_overwritten(world: World) -> None:
    """Who changed a value had seen the one that it replaced. A move may take the assignee off with it."""
    moved: set[tuple[str, str]] = set()
    for ticket_id, body in _rows(world, "SELECT ticket_id, body_text FROM message WHERE kind = 'event' ORDER BY seq"):
        event = orjson.loads(body)
        by, what = event["by"], event["what"]
        if what == "categoryId":
            moved.add((ticket_id, by))
        unassigned = what == "assigneeId" and event["to"] is None and (ticket_id, by) in moved
        known = (by, what, event["from"], event["to"]) in world.seen
        if by is not None and what != "tag" and not unassigned and not known:
            raise BrokenError(f"{event} of {ticket_id} replaced what its author had not seen")


_TICKETS = """
SELECT id, number, subject, category_id, status, priority, assignee_id, awaiting, last_seq FROM ticket
"""
_THREAD = "SELECT id, seq, kind, body_text FROM message WHERE ticket_id = ? ORDER BY seq"


def _same_as_server(world: World, station: Station) -> None:
    visible = station.visible()
    theirs = {row[0]: row for row in _rows(world, _TICKETS) if row[3] in visible}
    keys = station.reader.ticket_ids(ALL, NEWEST)
    mine = {row.id: row for row in station.reader.ticket_rows(keys)}
    if set(mine) != set(theirs):
        raise BrokenError(f"{station.name} has tickets {sorted(set(mine) ^ set(theirs))} too many or too few")
    for ticket_id, row in theirs.items():
        here = mine[ticket_id]
        detail = station.reader.ticket(ticket_id)
        last_seq = None if detail is None else detail.last_seq
        awaiting = None if here.awaiting is None else here.awaiting.value
        shown = (
            here.id, here.number, here.subject, here.category_id, here.status.value, here.priority.value,
            here.assignee_id, awaiting, last_seq,
        )  # fmt: skip
        if shown != row:
            raise BrokenError(f"{station.name} shows {shown}, the server has {row}")
        thread = [
            (one.id, one.seq, one.kind.value, one.body_text)
            for one in station.reader.thread(ticket_id)
            if one.state is MessageState.SENT
        ]
        if thread != _rows(world, _THREAD, ticket_id):
            raise BrokenError(f"{station.name}'s thread of {ticket_id} is another than the server's")


def _one_count(station: Station) -> None:
    counts = station.reader.counts()
    listed = len(station.reader.ticket_ids(View("awaiting"), NEWEST))
    by_hand = sum(
        1
        for row in station.reader.ticket_rows(station.reader.ticket_ids(ALL, NEWEST))
        if row.awaiting is not None and row.awaiting.value == "team" and row.status.value != "closed"
    )
    if not counts.awaiting == listed == by_hand:
        raise BrokenError(f"{station.name} counts {counts.awaiting}, lists {listed}, has {by_hand}")


_ARRIVALS = """
SELECT a.id, a.by_agent_id, c.category_id FROM arrival a
JOIN object_state s ON s.object_id = a.id AND s.type = 'TicketArrival' AND NOT s.destroyed
JOIN account c ON c.number = s.account
"""


def _rung(world: World, station: Station) -> None:
    """Who was there from the beginning was told of each arrival of others, whatever power they lost."""
    visible = station.visible()
    for arrival_id, by, category in _rows(world, _ARRIVALS):
        if category not in visible or (station.name, category) in world.regranted or by == station.agent_id:
            continue
        if arrival_id in station.settled_in and not station.told[arrival_id]:
            raise BrokenError(f"{station.name} was not rung for {arrival_id}")


def _silence(world: World, station: Station) -> None:
    """A further round is one request, and changes nothing."""
    requests, changes, told = station.network.requests, station.changes, station.told.total()
    before = station.cache._store.value("SELECT total_changes()")
    world.clock.pass_(max(station.due - world.clock.monotonic(), 0.0) + 0.001)
    station.sync()
    if station.network.requests != requests + 1:
        raise BrokenError(f"{station.name}'s idle round took {station.network.requests - requests} requests")
    if station.changes != changes or station.told.total() != told:
        raise BrokenError(f"{station.name}'s idle round changed something")
    if station.cache._store.value("SELECT total_changes()") != before:
        raise BrokenError(f"{station.name}'s idle round wrote")


def _no_trace(world: World, station: Station) -> None:
    """No byte of the cache holds a word of a ticket that this person may not see."""
    visible = station.visible()
    octets = b"".join(path.read_bytes() for path in _files(station.folder))
    sql = "SELECT t.category_id, m.body_text FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE m.kind <> 'event'"
    own = world.ledger.of(station.name)
    for category, text in _rows(world, sql):
        if category not in visible and text not in own and text.encode() in octets:
            raise BrokenError(f"{station.name}'s cache still holds {text}")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
