"""What requesters do."""

from tests.simulation.station import Station
from tests.simulation.world import World


def file(world: World, _: Station) -> None:
    """A requester files a ticket."""
    file_in(world, world.random.choice(world.categories))


def file_in(world: World, category: str) -> None:
    """The same in this category."""
    text = world.ledger.by_requester()
    world.office.file(category, f"About {text}", text, f"r{world.random.randint(1, 6)}@x.org")


def answer(world: World, _: Station) -> None:
    """A requester writes again."""
    tickets = world.server.column("SELECT id FROM ticket ORDER BY id")
    if tickets:
        world.office.answer(world.random.choice(tickets), world.ledger.by_requester())
