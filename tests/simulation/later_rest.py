"""What must hold of linked, gathered, mailed, counted and erased things, always and once everybody is at rest."""

from collections import Counter
from typing import Any, Final

import orjson

from tests.simulation.always import BrokenError, after_each_step
from tests.simulation.erased import nothing_is_left
from tests.simulation.facts import words_in
from tests.simulation.lines import lines_are_right
from tests.simulation.station import Station
from tests.simulation.world import World

_LETTERS: Final = """
SELECT incident_id, to_key, MIN(created_at) FROM letter WHERE incident_id IS NOT NULL AND {0} GROUP BY {1}
HAVING COUNT(*) > 1 ORDER BY 1, 2
"""
_TWICE: Final = (
    _LETTERS.format("settled_at IS NULL", "incident_id, to_key"),
    _LETTERS.format("0 = 0", "incident_id, to_key, created_at"),
)
_SAID_TWICE: Final = "SELECT text FROM incident_note GROUP BY client_key, text HAVING COUNT(*) > 1"
_KEPT: Final = {
    "incident": "SELECT title FROM incident",
    "incident_note": "SELECT text FROM incident_note",
    "faq_entry": "SELECT question FROM faq_entry",
}
_ALIKE: Final = "SELECT name FROM closing GROUP BY name, notice, starts_at, ends_at HAVING COUNT(*) > 1"
_REPAIRS: Final = """
SELECT i.id, i.works, i.broken, i.followers,
(SELECT COUNT(*) FROM incident_repair r WHERE r.incident_id = i.id AND r.what = 'works'),
(SELECT COUNT(*) FROM incident_repair r WHERE r.incident_id = i.id AND r.what = 'broken'),
CASE WHEN i.fixed_at IS NOT NULL THEN i.followers ELSE
(SELECT COUNT(*) FROM incident_follower f WHERE f.incident_id = i.id AND f.confirmed_at IS NOT NULL) END
FROM incident i ORDER BY i.id
"""
_REMINDERS: Final = "SELECT id, reminders FROM ticket ORDER BY id"
_EVENTS: Final = "SELECT ticket_id, body_text FROM message WHERE kind = 'event'"
_HELD_FILES: Final = """
SELECT h.body_text, c.data FROM held_message h JOIN blob_use u ON u.message_id = h.id
JOIN blob_chunk c ON c.blob_id = u.blob_id
"""
_ASKED: Final = "SELECT body_text FROM message WHERE kind = 'inbound'"
_SAME: Final = {
    "incident": "SELECT id, title, notice, since, eta, fixed_at, cause, is_public, keeper_id, late_at, followers, "
    "works, broken, updated_at FROM incident ORDER BY id",
    "incident_note": "SELECT id, incident_id, author_id, text, at FROM incident_note ORDER BY id",
    "faq_entry": "SELECT id, question, answer, language, status, slug, author_id, shown, opened, answered, updated_at "
    "FROM faq_entry ORDER BY id",
    "closing": "SELECT id, name, notice, starts_at, ends_at FROM closing ORDER BY id",
}
_OF_TICKETS: Final = {
    "ticket": "SELECT id, category_id, incident_id, reminders, rating FROM ticket ORDER BY id",
    "delivery": "SELECT d.id, t.category_id, d.message_id, d.status, d.at, d.detail FROM delivery d "
    "JOIN ticket t ON t.id = d.ticket_id ORDER BY d.id",
    "requester": "SELECT DISTINCT r.id, t.category_id, r.name, r.email FROM requester r "
    "JOIN ticket t ON t.requester_id = r.id ORDER BY r.id, t.category_id",
}


def after_each_later_step(world: World) -> None:
    """As ever; and nobody is written twice about one incident, nothing said to the team stands there twice."""
    after_each_step(world)
    for sql in _TWICE:
        for incident_id, to, _ in world.server.rows(sql):
            raise BrokenError(f"{to} gets two letters about {incident_id}")
    for text in world.server.column(_SAID_TWICE):
        raise BrokenError(f"the note {text} of an incident stands there twice")
    for name in world.server.column(_ALIKE):
        raise BrokenError(f"{name} is announced twice")


def at_later_rest(world: World) -> None:
    """What was begun is there once, counts are what was counted, and nothing is left of who was erased."""
    after_each_later_step(world)
    _begun_once(world)
    _counted(world)
    _linked_both(world)
    _asked_once(world)
    _held_files(world)
    nothing_is_left(world)
    lines_are_right(world)
    for station in world.present():
        _same(world, station)


def _begun_once(world: World) -> None:
    stands = {table: words_in(world.server.column(sql)) for table, sql in _KEPT.items()}
    for one in world.begun:
        count = stands[one.table].count(one.text)
        if count > 1:
            raise BrokenError(f"{one.station}'s {one.table} {one.text} is there {count} times")
        if count == 0 and one.life == world.server.lives:
            raise BrokenError(f"{one.station}'s {one.table} {one.text} is nowhere, though it was taken")
        if one.life is None and not one.refused and one.station not in world.away:
            raise BrokenError(f"{one.station}'s {one.table} {one.text} was not taken, and not refused")


def _counted(world: World) -> None:
    for incident_id, works, broken, followers, *counted in world.server.rows(_REPAIRS):
        if [works, broken, followers] != counted:
            raise BrokenError(f"{incident_id} says {works} {broken} {followers}, there are {counted}")
    events: Counter[str] = Counter()
    took_in: set[str] = set()
    for ticket_id, body in world.server.rows(_EVENTS):
        event = orjson.loads(body)
        events[ticket_id] += int(event["what"] == "reminder")
        took_in |= {ticket_id} if event["what"] == "merged" and event["to"] == ticket_id else set()
    for ticket_id, reminders in world.server.rows(_REMINDERS):
        if ticket_id not in took_in and reminders != events[ticket_id]:
            raise BrokenError(f"{ticket_id} says {reminders} reminders, its thread {events[ticket_id]}")


def _linked_both(world: World) -> None:
    """A link stands on both tickets, as long as neither went on in another."""
    rows = world.server.rows("SELECT id, links, merged_into_id FROM ticket ORDER BY id")
    links = {ticket_id: set(orjson.loads(text)) for ticket_id, text, merged_into in rows if merged_into is None}
    for ticket_id, others in links.items():
        for other in sorted(others):
            if other in links and ticket_id not in links[other]:
                raise BrokenError(f"{ticket_id} is linked with {other}, which does not say so")


def _asked_once(world: World) -> None:
    asked = Counter(words_in(world.server.column(_ASKED)))
    for text in world.ledger.asked:
        if asked[text] > 1:
            raise BrokenError(f"a requester's {text} was taken in {asked[text]} times")


def _held_files(world: World) -> None:
    """What the server holds for somebody has its file, with these bytes."""
    held = set(words_in(world.server.column("SELECT body_text FROM held_message")))
    there = {text: bytes(data) for text, data in world.server.rows(_HELD_FILES)}
    for text in sorted(held & set(world.ledger.saved)):
        file = world.ledger.saved[text].file
        if file is not None and there.get(text) != file:
            raise BrokenError(f"the file of {text}, which is held, is not there")


def _same(world: World, station: Station) -> None:
    for name, sql in _SAME.items():
        _equal(station, name, station.cache._store.rows(sql), world.server.rows(sql))
    visible = station.visible()
    for name, sql in _OF_TICKETS.items():
        theirs = [row for row in world.server.rows(sql) if row[1] in visible]
        _equal(station, name, station.cache._store.rows(_here(name, sql)), theirs)


def _here(name: str, sql: str) -> str:
    """As the cache has it: a requester's row stands in each account."""
    if name == "requester":
        return (
            "SELECT DISTINCT r.id, t.category_id, r.name, r.email FROM requester r JOIN ticket t "
            "ON t.requester_id = r.id AND t.account = r.account ORDER BY r.id, t.category_id"
        )
    return sql


def _equal(station: Station, name: str, here: list[Any], theirs: list[Any]) -> None:
    if [tuple(row) for row in here] != [tuple(row) for row in theirs]:
        differing = sorted({*map(str, here)} ^ {*map(str, theirs)})
        raise BrokenError(f"{station.name} has another {name} than the server: {differing[:2]}")
