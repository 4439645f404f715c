"""Alerts that reach nobody, whoever is next in line for them, and what workstations and the server say of it."""

from contextlib import suppress
from typing import Any, Final

import orjson

from sync.domain.alert_trace import DeviceState, Said
from sync.domain.errors import DeskbellError, Rejected
from tests.simulation.always import BrokenError
from tests.simulation.station import Station
from tests.simulation.world import World

_NEXT: Final = """
SELECT u.id, u.arrival_id, u.ticket_id, c.category_id, u.at, u.reached_at, u.next_ids, t.category_id
FROM unreached_alert u JOIN object_state s ON s.object_id = u.id AND s.type = 'NextInLine' AND NOT s.destroyed
JOIN account c ON c.number = s.account LEFT JOIN ticket t ON t.id = u.ticket_id ORDER BY u.id
"""
_NEXT_HERE: Final = """
SELECT n.id, n.arrival_id, n.ticket_id, a.category_id, n.at, n.reached_at, n.agent_ids
FROM next_in_line n JOIN account a ON a.key = n.account ORDER BY n.id
"""
_UNREACHED: Final = "SELECT id, arrival_id, ticket_id, category_id, at, reached_at FROM unreached_alert ORDER BY id"
_SECOND: Final = "SELECT category_id FROM category_grant WHERE second_line AND agent_id = ?"
_SECOND_HERE: Final = "SELECT category_id FROM category_grant WHERE second_line"
_LAST: Final = """
SELECT a.id, a.at FROM arrival a JOIN ticket t ON t.id = a.ticket_id WHERE t.category_id = ? ORDER BY a.id DESC LIMIT 1
"""


def place(world: World) -> None:
    """The administrator puts a grant into the second line, or back."""
    turn = world.ledger.count
    station, category = world.stations[turn % 3], world.categories[turn % len(world.categories)]
    with suppress(Rejected):  # they do not have it
        if world.office.house.grants.place(station.agent_id, category, second_line=bool(turn % 2)):
            world.regranted.add((station.name, category))


def show(world: World) -> None:
    """A workstation reports that it showed the last arrival of a category, be it theirs or not."""
    turn = world.ledger.count
    station, category = world.stations[turn % len(world.stations)], world.categories[turn % len(world.categories)]
    for arrival_id, at in world.server.rows(_LAST, category):
        with suppress(DeskbellError):
            said = Said(arrival_id, {"shown": at})
            station.connector.alerting().report(world.clock.now_ms(), DeviceState(None, None), [said])


def lines_are_right(world: World) -> None:
    """Who is next is named where the ticket lies and nowhere else; owners know of each, and of the second line."""
    standing = world.server.rows(_NEXT)
    for row in standing:
        if row[3] != row[7]:
            raise BrokenError(f"{row[3]} still names who is next for {row[2]}, which lies in {row[7]}")
    for station in world.present():
        theirs = [_sorted(row[:7]) for row in standing if row[3] in station.visible()]
        here = [_sorted(row) for row in station.cache._store.rows(_NEXT_HERE)]
        if here != theirs:
            raise BrokenError(f"{station.name} has next in line {here}, the server has {theirs}")
    owner = world.stations[-1]
    if owner in world.present():
        told = [tuple(row) for row in owner.cache._store.rows(_UNREACHED)]
        if told != [tuple(row) for row in world.server.rows(_UNREACHED)]:
            raise BrokenError(f"{owner.name} was told of other alerts that reached nobody than there are")
    for station in world.present():
        here_second = {row[0] for row in station.cache._store.rows(_SECOND_HERE)}
        if here_second != set(world.server.column(_SECOND, station.agent_id)):
            raise BrokenError(f"{station.name} stands in the second line of {here_second}, at the server elsewhere")


def second_line(world: World, station: Station) -> set[str]:
    """The categories for which others are alerted first."""
    return set() if station.is_owner else set(world.server.column(_SECOND, station.agent_id))


def _sorted(row: Any) -> tuple[Any, ...]:
    return (*row[:6], tuple(sorted(orjson.loads(row[6]))))
