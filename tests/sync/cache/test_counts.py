"""Badge, query and list are one: what is tallied as it changes is what a count of the rows would find."""

from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest

from sync.cache.rows import Counts, Sort, View, ViewName
from sync.domain.actions import MarkRead, MergeTicket
from sync.domain.errors import Rejected
from tests.rigs.fed_cache import BILLING, DOWNLOADS, ME, FedCache, access, account, arrival, ticket

TOM = "g" + "2" * 32
PLACES = (DOWNLOADS, BILLING)
Move = Callable[[FedCache, Random], object]


def wire(random: Random, number: int, category: str) -> dict[str, object]:
    """A ticket in any state."""
    status, turn = random.choice([("new", "team"), ("open", "team"), ("waiting", "requester"), ("closed", None)])
    who = random.choice([None, ME, TOM])
    return ticket(number, categoryId=category, status=status, awaiting=turn, assigneeId=who)


def come(desk: FedCache, random: Random) -> object:
    of, number = random.choice(PLACES), random.randrange(1, 30)
    other = BILLING if of == DOWNLOADS else DOWNLOADS
    desk.page({}, {"Ticket": [f"t{number:032x}"]}, of=account(other))
    news = [arrival(random.randrange(10_000), number)] if random.random() < 0.5 else []
    return desk.page({"Ticket": [wire(random, number, of)], "TicketArrival": news}, of=account(of))


def go(desk: FedCache, random: Random) -> object:
    return desk.page({}, {"Ticket": [f"t{random.randrange(1, 30):032x}"]}, of=account(random.choice(PLACES)))


def copy_anew(desk: FedCache, random: Random) -> object:
    of = random.choice(PLACES)
    low = 1 if of == DOWNLOADS else 15
    return desk.page({"Ticket": [wire(random, low + one, of) for one in range(5)]}, of=account(of), replace=True)


def edit(desk: FedCache, random: Random) -> object:
    number = random.randrange(1, 30)
    if desk.reader.ticket(f"t{number:032x}") is None:
        return None
    wanted = random.choice([{"status": "closed"}, {"assigneeId": ME}, {"categoryId": BILLING}, {"status": "open"}])
    return desk.cache.put(desk.edit(number, **wanted))


def merge(desk: FedCache, random: Random) -> object:
    ticket_id, into_id = (f"t{number:032x}" for number in random.sample(range(1, 30), 2))
    with suppress(Rejected):
        return desk.cache.put(MergeTicket(desk.ids.client_key(), ticket_id, into_id, desk.clock.now))
    return None


def answer(desk: FedCache, random: Random) -> object:
    number = random.randrange(1, 30)
    return desk.cache.put(desk.reply(number)) if desk.reader.ticket(f"t{number:032x}") is not None else None


def settle(desk: FedCache, random: Random) -> object:
    for routed in desk.cache.batch(5, 100_000):
        key = routed.action.client_key
        desk.applied(key) if random.random() < 0.5 else desk.refused(key)
    return None


def take_down(desk: FedCache, random: Random) -> object:
    return desk.cache.put(desk.create(random.choice(PLACES)))


def look(desk: FedCache, random: Random) -> object:
    keys = list(desk.reader.ticket_ids(View("new"), Sort()))
    return desk.cache.looked(keys[: random.randrange(3)])


def read(desk: FedCache, random: Random) -> object:
    number = random.randrange(1, 30)
    return desk.cache.put(MarkRead(desk.ids.client_key(), f"t{number:032x}", 1))


def revoke(desk: FedCache, random: Random) -> object:
    desk.cache.save_access(access(DOWNLOADS))
    desk.cache.save_access(access(DOWNLOADS, BILLING))
    return desk.page({"Ticket": [wire(random, 20, BILLING)]}, of=account(BILLING), replace=True)


def open_again(desk: FedCache, random: Random) -> object:
    desk.reopen()
    return None


MOVES: tuple[Move, ...] = (
    *(come,) * 8, *(edit,) * 4, *(answer,) * 3, *(merge,) * 6, *(go,) * 3, settle, settle, take_down, look, look, read,
    copy_anew, revoke, open_again,
)  # fmt: skip


def listed(desk: FedCache, name: ViewName, category: str | None = None) -> int:
    return len(desk.reader.ticket_ids(View(name, category), Sort()))


def recounted(desk: FedCache, counts: Counts) -> Counts:
    """The same, from the lists."""
    seen = [(one, (listed(desk, "awaiting", one), listed(desk, "new", one))) for one in PLACES]
    return Counts(
        listed(desk, "awaiting"), listed(desk, "new"), {one: both for one, both in seen if any(both)},
        listed(desk, "mine"), listed(desk, "unassigned"), listed(desk, "waiting"), counts.outbox, counts.undelivered,
        counts.quick_notes, counts.as_of,
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_tallies_are_what_the_lists_hold(desk: FedCache, seed: int) -> None:
    random = Random(seed)
    desk.fill(*range(1, 12))
    for _ in range(60):
        move = random.choice(MOVES)
        move(desk, random)
        counts = desk.reader.counts()
        assert counts == recounted(desk, counts), move.__name__


def test_what_a_revoked_category_held_leaves_the_tallies_too(bare: FedCache) -> None:
    bare.fill(1)
    bare.page({"Ticket": [ticket(2, categoryId=BILLING, assigneeId=TOM)]}, of=account(BILLING))
    bare.cache.save_access(access(DOWNLOADS))
    assert bare.reader.counts().by_category == {DOWNLOADS: (1, 0)}
    assert TOM.encode() not in bare.bytes()


def test_categories_come_with_their_counts(desk: FedCache) -> None:
    desk.fill(1, 2)
    desk.page({"TicketArrival": [arrival(1, 1)]})
    assert [(one.name, one.awaiting, one.new) for one in desk.reader.categories()] == [
        ("Billing", 0, 0),
        ("Downloads", 2, 1),
    ]
