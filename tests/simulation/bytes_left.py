"""What may be left of a ticket that somebody may not see any more: nothing, in no byte of any file."""

from typing import Final

from tests.simulation.always import BrokenError
from tests.simulation.station import Station
from tests.simulation.world import World

ASIDE: Final = "damaged-"


def no_trace(world: World, station: Station) -> None:
    """No file of the cache holds a word of a ticket that this person may not see. A damaged file, set aside, is left
    out: it goes with the next category that is taken away, not with each ticket that moves."""
    own = world.ledger.of(station.name)
    for path in sorted(
        path for path in station.folder.rglob("*") if path.is_file() and not path.name.startswith(ASIDE)
    ):
        octets = path.read_bytes()
        strange = world.facts.strange(octets, station.agent_id, own)
        if strange is not None:
            raise BrokenError(f"{station.name}'s {path.name} still holds {strange}")
