"""A moment in which the owner's line is good: what is done in it reaches the server at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from sync.engine.engine import Nudge
from tests.simulation.station import Station
from tests.simulation.world import World


@contextmanager
def calm(world: World) -> Iterator[Station]:
    """The owner's workstation, signed in and up to date; it syncs at the end."""
    owner = world.stations[-1]
    rate, online = owner.network.rate, owner.network.online
    owner.network.rate, owner.network.online, owner.network.ambush = 0.0, True, None
    world.sign_in(owner)
    owner.sync(Nudge.SIGNED_IN)
    try:
        yield owner
        owner.sync(Nudge.CLICK)
    finally:
        owner.network.rate, owner.network.online = rate, online
