"""The moves that came later than the seeds that are kept from before, and what follows on them at the end."""

from collections.abc import Mapping
from typing import Final

from tests.simulation import askers, incidents, owners, post, together
from tests.simulation.world import Move, World

LATER: Final[Mapping[Move, int]] = {
    incidents.open_incident: 3,
    incidents.note_incident: 4,
    incidents.save_again: 4,
    incidents.gather: 5,
    incidents.outage: 4,
    incidents.announce_eta: 3,
    incidents.fix: 3,
    incidents.publish_incident: 1,
    together.link: 7,
    together.merge_several: 2,
    together.answer_all: 4,
    together.file_in_reply: 4,
    together.open_original: 3,
    askers.form: 6,
    askers.press: 8,
    askers.follow: 2,
    askers.found_in_faq: 2,
    post.hand_over: 4,
    post.bounce: 4,
    post.mail: 8,
    post.import_folder: 1,
    owners.close_house: 2,
    owners.cap: 2,
    owners.write_faq: 2,
    owners.publish_faq: 2,
    owners.erase: 2,
    owners.errands: 3,
}


def finish(world: World) -> None:
    """Over good lines everybody saves once more what they had begun, the server does its errands; then all is quiet."""
    for one in world.begun:
        station = next(station for station in world.stations if station.name == one.station)
        if station in world.present() and one.life is None:
            one.save(station, world.server.lives)
    owners.errands(world, world.stations[-1])
    world.come_to_rest()
