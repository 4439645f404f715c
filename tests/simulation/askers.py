"""What requesters do on the public pages: the form with its caps, the buttons of the private page, the FAQ."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from sync.domain.errors import Rejected
from sync.domain.records import Rating, Ticket
from sync.server.expecting.feedback import Feedback
from sync.server.faq.counts import COUNTED
from sync.server.house import House
from sync.server.web.forms import TicketForm
from sync.server.web.front_desk import FrontDesk
from sync.server.web.page_secrets import encoded
from sync.server.web.private_desk import PrivateDesk
from tests.simulation.station import Station
from tests.simulation.world import World

_BUTTONS: Final = ("solved", "waiting", "waiting", "good", "bad", "works", "broken")
Deed = Callable[[Feedback, Ticket], object]


def form(world: World, _: Station) -> None:
    """Somebody asks by the form, mostly under a name of their own; sometimes the button is pressed twice."""
    text, name = world.ledger.by_requester(), world.ledger.by_requester()
    email = f"r{world.random.randint(1, 6)}@x.org" if world.random.random() < 0.6 else f"{name}@x.org"
    place = world.random.choice(world.categories)
    filled = TicketForm(place, name, email, "A question", text, f"key {text}")
    for _again in range(world.random.choice((1, 1, 2))):
        FrontDesk(world.office.house).file(filled)


def press(world: World, _: Station) -> None:
    """A button of the private page: solved, still waiting, what the answer was worth, whether it works again; the
    same page may be sent twice."""
    tickets = world.server.column("SELECT id FROM ticket ORDER BY id")
    if not tickets:
        return
    press_one(world, world.random.choice(tickets), world.random.choice(_BUTTONS))


def press_one(world: World, ticket: str, button: str) -> None:
    """That button of that ticket's page."""
    house = world.office.house
    desk, secret = PrivateDesk(house), _page(house, ticket)
    world.note(f"presses {button}")
    fields = {"key": f"key {world.ledger.word()}", "what": button}
    for _again in range(world.random.choice((1, 1, 2))):
        with suppress(Rejected):
            desk.act(secret, fields, _deed(desk, button))


def follow(world: World, _: Station) -> None:
    """Whoever has a private page wants to be told when an incident is over."""
    tickets = world.server.column("SELECT id FROM ticket ORDER BY id")
    incidents = world.server.column("SELECT id FROM incident ORDER BY id")
    if tickets and incidents:
        desk, secret = PrivateDesk(world.office.house), _page(world.office.house, world.random.choice(tickets))
        with suppress(Rejected):
            desk.follow(secret, world.random.choice(incidents))


def found_in_faq(world: World, _: Station) -> None:
    """An entry is shown, opened, and helped."""
    entries = world.server.column("SELECT id FROM faq_entry ORDER BY id")
    if entries:
        address = f"192.0.2.{world.random.randint(1, 3)}"
        what = world.random.choice(COUNTED)
        world.office.house.faq.count(world.random.choice(entries), what, address)


def _deed(desk: PrivateDesk, button: str) -> Deed:
    deeds: dict[str, Deed] = {
        "solved": lambda feedback, ticket: feedback.solved(ticket),
        "waiting": lambda feedback, ticket: feedback.still_waiting(ticket),
        "good": lambda feedback, ticket: feedback.rate(ticket, Rating.GOOD),
        "bad": lambda feedback, ticket: feedback.rate(ticket, Rating.BAD, "no"),
        "works": lambda feedback, ticket: desk.repairs.works(ticket, feedback),
        "broken": lambda _, ticket: desk.repairs.broken(ticket),
    }
    return deeds[button]


def _page(house: House, ticket: str) -> str:
    return encoded(house.parts.journal.write(lambda: house.intake.open_page(ticket)))
