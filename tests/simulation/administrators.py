"""What the administrator does at the server, and what becomes of the server."""

from collections.abc import Callable
from functools import partial
from typing import Final

from sync.domain.times import DAY_MS
from tests.rigs.office import PASSWORD
from tests.simulation.agents import WITH_FILES, delete, edit_one
from tests.simulation.erased import everywhere
from tests.simulation.kept import kept_by
from tests.simulation.network import Ambush
from tests.simulation.requesters import file_in
from tests.simulation.station import Station
from tests.simulation.world import World

_AGED: Final = "UPDATE object_state SET at = at - ? WHERE destroyed"
_FARTHEST: Final = 6


def grant(world: World, station: Station) -> None:
    """The administrator grants a category."""
    category = world.random.choice(world.categories)
    may = not station.is_owner and station.name not in world.away
    if may and world.office.house.grants.grant(station.agent_id, category):
        world.regranted.add((station.name, category))


def revoke(world: World, station: Station) -> None:
    """The administrator revokes a category."""
    category = world.random.choice(world.categories)
    if not station.is_owner and world.office.house.grants.revoke(station.agent_id, category):
        world.regranted.add((station.name, category))


def ambush(world: World, station: Station) -> None:
    """Something happens at the server between the requests of a round."""
    deeds: tuple[Callable[[World, Station], None], ...] = (revoke, revoke, grant, _file_here, take_away)
    deed = world.random.choice(deeds)
    world.note(f"{station.name} will meet {deed.__name__}")
    left, after = world.random.randint(1, _FARTHEST), world.random.random() < 0.5
    station.network.ambush = Ambush(left, after, partial(deed, world, station))


def _file_here(world: World, station: Station) -> None:
    visible = sorted(station.visible())
    if visible:
        file_in(world, world.random.choice(visible))


def take_away(world: World, station: Station) -> None:
    """The owner moves a ticket that this person sees to where they do not."""
    elsewhere = sorted(set(world.categories) - station.visible())
    here = sorted(world.server.rows("SELECT id, category_id FROM ticket"))
    mine = [ticket for ticket, category in here if category in station.visible()]
    with_files = sorted(set(mine) & set(world.server.column(WITH_FILES)))
    owner = world.stations[-1]
    if elsewhere and mine and owner is not station:
        ticket = world.random.choice(with_files or mine)
        edit_one(world, owner, ticket, "categoryId", world.random.choice(elsewhere))
        owner.sync()


def deactivate(world: World, station: Station) -> None:
    """Somebody leaves; mostly they come back, with no category at first."""
    people = world.office.house.people
    if station.is_owner:
        return
    if station.name in world.away:
        people.reactivate(station.agent_id)
        world.away.discard(station.name)
    elif not world.away:
        people.deactivate(station.agent_id)
        world.away.add(station.name)
    world.regranted |= {(station.name, category) for category in world.categories}


def new_password(world: World, station: Station) -> None:
    """A new password ends every sign-in; they sign in again, at once or later."""
    if station.name not in world.away:
        world.office.house.people.set_password(station.agent_id, PASSWORD)
        world.ended.add(station.token)
        station.lose_stream()
        if world.random.random() < 0.5:
            world.sign_in(station)


def prune(world: World, _: Station) -> None:
    """The server forgets what was destroyed: whoever was away for long has to copy anew."""
    house = world.office.house
    house.parts.database.write(lambda: house.parts.database.execute(_AGED, (40 * DAY_MS,)))
    house.upkeep.run()
    for station in world.stations:
        station.may_start_anew()


def long_absence(world: World, station: Station) -> None:
    """While somebody is away a ticket of theirs is moved or deleted, and the server forgets that it was."""
    station.lose_stream()
    station.network.online = False
    world.random.choice((take_away, delete))(world, station)
    world.stations[-1].sync()
    prune(world, station)
    station.network.online = True


def back_up(world: World, _: Station) -> None:
    """The administrator makes a backup."""
    world.server.back_up()


def restore(world: World, _: Station) -> None:
    """The server's disk dies; the backup takes its place. What came since is lost, unless somebody still has it."""
    before, visible = world.on_the_server(), {station.name: station.visible() for station in world.stations}
    if not world.server.restore():
        return
    world.facts.look_again()
    world.ended.clear()
    kept = world.on_the_server().union(*(kept_by(station) for station in world.stations))
    for text in before - kept:
        if text in world.ledger.saved:
            world.ledger.saved[text].lost = True
    world.erased -= everywhere(world)
    active = set(world.server.column("SELECT id FROM agent WHERE is_active"))
    world.away = {station.name for station in world.stations if station.agent_id not in active}
    for station in world.stations:
        station.forget_server()
        world.regranted |= {(station.name, one) for one in visible[station.name] ^ station.visible()}
