"""A workstation and the server, compared field by field."""

from typing import Any

import orjson

from sync.cache.rows import MessageState, TicketDetail
from sync.domain.tokens import is_token, renamed
from tests.simulation.always import BrokenError
from tests.simulation.station import Station
from tests.simulation.world import ALL, NEWEST, World

_ELSEWHERE = "elsewhere"
_TICKETS = """
SELECT t.id, t.number, t.subject, t.category_id, t.status, t.priority, t.assignee_id, t.awaiting, t.awaiting_since,
t.created_at, t.updated_at, t.closed_at, t.tags, t.merged_into_id,
CASE WHEN f.category_id = t.category_id THEN f.id WHEN t.follow_up_of IS NOT NULL THEN 'elsewhere' END, t.last_seq,
r.name, t.links
FROM ticket t LEFT JOIN requester r ON r.id = t.requester_id LEFT JOIN ticket f ON f.id = t.follow_up_of
"""
_THREADS = "SELECT ticket_id, id, seq, kind, author_id, body_text, composed_at, posted_at FROM message"
_HERE = f"{_THREADS} WHERE state = 0"
_READ = "SELECT ticket_id, last_seq FROM read_mark WHERE agent_id = ?"
_NOTES = "SELECT id, text, created_at FROM quick_note WHERE agent_id = ? AND ticket_id IS NULL ORDER BY id"
_CHECKS = "SELECT id, at, as_of, awaiting, new, too_long FROM spot_check ORDER BY id"
_GRANTS = "SELECT category_id, agent_id FROM category_grant"
_AGENTS = "SELECT id, name, is_owner FROM agent ORDER BY id"


def same_as_server(world: World, station: Station) -> None:
    """Tickets, threads, people and this person's own, each of their fields; and what search finds."""
    visible = station.visible()
    theirs = {row[0]: row for row in world.server.rows(_TICKETS) if row[3] in visible}
    keys = station.reader.ticket_ids(ALL, NEWEST)
    mine = {row.id for row in station.reader.ticket_rows(keys)}
    if mine != set(theirs):
        raise BrokenError(f"{station.name} has tickets {sorted(mine ^ set(theirs))} too many or too few")
    for ticket_id, row in theirs.items():
        _ticket(station, ticket_id, row, set(theirs))
    _threads(world, station, set(theirs))
    _own(world, station, set(theirs))
    _people(world, station)
    _search(world, station, theirs)


def _ticket(station: Station, ticket_id: str, theirs: tuple[object, ...], visible: set[str]) -> None:
    detail = station.reader.ticket(ticket_id)
    if detail is None:
        raise BrokenError(f"{station.name} cannot open {ticket_id}")
    linked = (one if one in visible else _ELSEWHERE for one in orjson.loads(str(theirs[17])))
    shown, links = _shown(detail), tuple(sorted(linked))
    expected = (*theirs[:12], tuple(sorted(orjson.loads(str(theirs[12])))), *theirs[13:16], theirs[16] or "", links)
    if shown != expected:
        raise BrokenError(f"{station.name} shows {shown}, the server has {expected}")


def _shown(detail: TicketDetail) -> tuple[object, ...]:
    row = detail.row
    awaiting = None if row.awaiting is None else row.awaiting.value
    return (
        row.id, row.number, row.subject, row.category_id, row.status.value, row.priority.value, row.assignee_id,
        awaiting, row.awaiting_since, row.created_at, row.updated_at, detail.closed_at, tuple(sorted(row.tags)),
        detail.merged_into_id, _named(detail.follow_up_of), detail.last_seq, row.requester_name,
        tuple(sorted(str(_named(one)) for one in detail.links)),
    )  # fmt: skip


def _named(other: str | None) -> str | None:
    """A token is all that is known of a ticket elsewhere."""
    return _ELSEWHERE if other is not None and is_token(other) else other


def _threads(world: World, station: Station, tickets: set[str]) -> None:
    theirs = sorted(_bare(row) for row in world.server.rows(_THREADS) if row[0] in tickets)
    here = sorted(_bare(row) for row in station.cache._store.rows(_HERE))
    if here != theirs:
        raise BrokenError(f"{station.name}'s threads differ in {sorted(set(here) ^ set(theirs))[0]}")
    for ticket_id in tickets:
        shown = station.reader.thread(ticket_id)
        local = [one.state is not MessageState.SENT for one in shown]
        order = [one.posted_at for one in shown if one.state is MessageState.SENT]
        if local != sorted(local) or order != sorted(order):
            raise BrokenError(f"{station.name} shows the thread of {ticket_id} out of order")


def _bare(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A message without what its event names, which is an id there and a token here."""
    return (*row[:5], renamed(row[5], lambda _other: _ELSEWHERE), *row[6:])


def _own(world: World, station: Station, tickets: set[str]) -> None:
    notes = sorted((one.id, one.text, one.created_at) for one in station.reader.quick_notes())
    if notes != world.server.rows(_NOTES, station.agent_id):
        raise BrokenError(f"{station.name} has other quick notes than the server")
    marks = dict(world.server.rows(_READ, station.agent_id))
    for ticket_id, last_seq in station.cache._store.rows("SELECT ticket_id, last_seq FROM read_mark"):
        there = marks.get(ticket_id, 0)
        if ticket_id in tickets and there != last_seq:
            raise BrokenError(f"{station.name} has read {ticket_id} to {last_seq}, at the server {there}")
    if station.is_owner:
        mine = station.cache._store.rows(_CHECKS)
        if mine != world.server.rows(_CHECKS):
            raise BrokenError(f"{station.name} has other spot-checks than the server")


def _people(world: World, station: Station) -> None:
    agents: dict[str, set[str]] = {}
    for category_id, agent_id in world.server.rows(_GRANTS):
        agents.setdefault(category_id, set()).add(agent_id)
    kept = station.cache._store.rows(
        "SELECT c.id, c.agent_ids FROM category c JOIN account a ON a.key = c.account AND a.category_id = c.id"
    )
    for category_id, text in kept:
        if set(orjson.loads(text)) != agents.get(category_id, set()):
            raise BrokenError(f"{station.name} has other people on {category_id} than the server")
    if {category_id for category_id, _ in kept} != station.visible():
        raise BrokenError(f"{station.name} has other categories than the server")
    mine = station.cache._store.rows("SELECT id, name, is_owner FROM agent ORDER BY id")
    theirs = [(one, name, int(is_owner)) for one, name, is_owner in world.server.rows(_AGENTS)]
    if [(one, name, int(is_owner)) for one, name, is_owner in mine] != theirs:
        raise BrokenError(f"{station.name} knows other colleagues than the server")


def _search(world: World, station: Station, theirs: dict[str, tuple[object, ...]]) -> None:
    """A word of the newest ticket finds it; one that was merged is found as the ticket that it goes on in."""
    if not theirs:
        return
    newest = goal = max(theirs)
    while theirs[goal][13] is not None:
        goal = str(theirs[goal][13])
    word = str(theirs[newest][2]).split()[-1]
    if goal not in {row.id for row in station.reader.search(word, 50)}:
        raise BrokenError(f"{station.name} does not find {word}")
