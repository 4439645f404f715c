"""Tickets that are alike, among the drawn ones: the same words, the same sender, an answer of last month."""

from tests.rigs.frame import DAY, Frame
from tests.rigs.world import ME

WORDS = (
    "My invoice 2026-1143 was charged twice to the same credit card on Monday evening. Please pay one of the two "
    "back, and tell me when I can expect to see the money."
)
ANSWER = "We have paid the second charge back today. It shows on your card within five working days."


def show_alike(frame: Frame) -> str:
    """Fills them in; the ticket that all of them are like."""
    world = frame.world
    asked = world.ticket("Charged twice for invoice 2026-1143", "Billing", "Oskar N.", minutes_ago=30, number=4230)
    person = world.requester_of(asked)
    world.message(asked, "inbound", WORDS, minutes_ago=30)
    near = world.ticket("Invoice charged twice", "Billing", "Lena P.", minutes_ago=190, number=4221)
    world.message(near, "inbound", f"Hello! {WORDS}", minutes_ago=190)
    own = world.ticket(
        "Where is my receipt?", "Billing", "Oskar N.", minutes_ago=3 * DAY, number=4190 - 31, requester_id=person
    )
    world.message(own, "inbound", "I have not had the receipt for March yet.", minutes_ago=3 * DAY)
    closed = {"status": "closed", "awaiting": None, "awaitingSince": None}
    old = world.ticket("Charged two times", "Billing", "Karim B.", minutes_ago=33 * DAY, number=3908, **closed)
    world.message(old, "inbound", WORDS.replace("2026-1143", "2026-0977"), minutes_ago=33 * DAY)
    world.message(old, "reply", ANSWER, ME, minutes_ago=32 * DAY)
    while world.cache.index_some(500):
        pass
    return asked
