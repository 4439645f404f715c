"""What everybody who listens learns at once: news after the rest, with nothing but the live stream to bring them."""

from typing import Final

from sync.engine.engine import Nudge
from tests.simulation.administrators import grant, revoke, take_away
from tests.simulation.agents import WITH_FILES, fetch_files
from tests.simulation.bytes_left import no_trace
from tests.simulation.requesters import file
from tests.simulation.same import same_as_server
from tests.simulation.world import World

_DEEDS: Final = (file, grant, revoke, take_away)
_A_MOMENT: Final = 0.5
_MOMENTS: Final = 3


def news(world: World) -> None:
    """Each reaches every workstation within two seconds; what was taken from somebody leaves no byte with them."""
    present = world.present()
    for station in present:
        station.connect()
        station.sync(Nudge.CLICK)
        for ticket in world.server.column(WITH_FILES):
            if station.reader.ticket(ticket) is not None:
                fetch_files(station, ticket)
    for deed in world.random.sample(_DEEDS, 2):
        station = world.random.choice(present)
        world.note(f"news: {deed.__name__} {station.name}")
        deed(world, station)
        for _ in range(_MOMENTS):
            world.clock.pass_(_A_MOMENT)
            world.listen()
            for one in present:
                one.sync(Nudge.HINT)
        for one in present:
            same_as_server(world, one)
            no_trace(world, one)
