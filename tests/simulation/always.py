"""What must hold after every step."""

from functools import partial

from sync.connectors.central.cursor import decode
from tests.simulation.kept import kept_by
from tests.simulation.station import Station
from tests.simulation.world import World


class BrokenError(AssertionError):
    """An invariant does not hold."""


def after_each_step(world: World) -> None:
    """Every saved text is somewhere; nothing was sent to anybody who may not see it; nothing rang twice."""
    if world.leaks:
        raise BrokenError(world.leaks[0])
    everywhere = world.on_the_server()
    for station in world.stations:
        everywhere.update(station.while_unchanged("kept", partial(kept_by, station)))
        if station.errors:
            raise BrokenError(station.errors[0])
        _never_twice(station)
        _cursors(world, station)
    for saved in world.ledger.saved.values():
        if not (saved.discarded or saved.lost or saved.unsure) and saved.text not in everywhere:
            raise BrokenError(f"{saved.station}'s {saved.what} {saved.text} is nowhere")


def _never_twice(station: Station) -> None:
    twice = [one for one, count in station.told.items() if count > 1 + station.in_doubt[one]]
    twice += [one for one, count in station.chimed.items() if count > 1]
    if twice:
        raise BrokenError(f"{station.name} was rung twice for {twice[0]}")


def _cursors(world: World, station: Station) -> None:
    """A cursor only goes on, and never further than the server; an account leaves only with the right to it."""
    now, before = station.cursors(), station.last_cursors
    if now == before:
        return
    station.last_cursors = now
    mine = world.facts.accounts(station.agent_id, station.is_owner)
    gone = (set(before) - set(now)) & set(mine.values()) - world.in_doubt(station)
    if gone and not station.renewed and station.name not in world.away:
        raise BrokenError(f"{station.name} lost {sorted(gone)[0]}, which is theirs")
    station.renewed = False
    states = world.facts.states(station.agent_id, station.is_owner)
    for account_id, text in now.items():
        cursor = decode(text, ()) if text != before.get(account_id) else None
        for name, state in cursor.states.items() if cursor is not None and account_id in states else ():
            epoch, _, count = state.partition(".")
            if epoch != account_id.rpartition("-")[2]:
                raise BrokenError(f"{station.name} has a cursor of another epoch: {account_id} {state}")
            if int(count) > int(states[account_id].get(name, "0")):
                raise BrokenError(f"{station.name}'s cursor {state} of {name} is ahead of the server's")
            if int(count) < station.reached.get((account_id, name), 0):
                raise BrokenError(f"{station.name}'s cursor {state} of {name} went back")
            station.reached[account_id, name] = int(count)
