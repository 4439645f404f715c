"""What owners do beside answering: closings, caps, the FAQ with the team, and erasing a requester."""

from contextlib import suppress
from dataclasses import replace
from functools import partial

from sync.connectors.central import CentralConnector
from sync.domain.caps import OpenTicketCap
from sync.domain.closings import Closing
from sync.domain.errors import DeskbellError
from sync.domain.faq import FaqWords, Status
from sync.domain.times import DAY_MS
from tests.simulation import lines
from tests.simulation.erased import theirs
from tests.simulation.incidents import begin
from tests.simulation.network import Network
from tests.simulation.station import Station
from tests.simulation.world import World


def close_house(world: World, _: Station) -> None:
    """A closing is announced; who saw no answer, or is in haste, presses the button again. Or one is taken back."""
    intake, now = world.stations[-1].connector.intake, world.clock.now_ms()
    kept = world.stations[-1].reader.closings()
    if kept and world.random.random() < 0.3:
        with suppress(DeskbellError):
            intake().remove_closing(world.random.choice(kept).id)
        return
    start = now + world.random.randint(1, 400) * DAY_MS
    wanted = Closing("", f"Closing {world.ledger.word()}", start, start + DAY_MS)
    pressed = 2 if world.ledger.count % 3 == 0 else 1
    for _again in range(3):
        with suppress(DeskbellError):
            intake().keep_closing(wanted)
            pressed -= 1
        if not pressed:
            break


def cap(world: World, _: Station) -> None:
    """So many open tickets a requester may have, or as many as they like."""
    intake, place = world.stations[-1].connector.intake, world.random.choice((None, *world.categories))
    caps = world.server.column("SELECT id FROM open_ticket_cap ORDER BY id")
    with suppress(DeskbellError):
        if caps and world.random.random() < 0.4:
            intake().remove_cap(world.random.choice(caps))
        else:
            intake().keep_cap(OpenTicketCap("", place, world.random.randint(1, 3), None, "Too many"))


def write_faq(world: World, station: Station) -> None:
    """A new entry, by anybody."""
    text = world.ledger.word()
    words = FaqWords(f"Question {text}", "An answer", frozenset(world.random.sample(world.categories, 1)))
    begin(world, station, "faq_entry", text, partial(_add, words))


def publish_faq(world: World, station: Station) -> None:
    """An entry is published, changed or taken back."""
    heads = station.reader.faq_heads()
    entry = station.reader.faq_entry(world.random.choice(heads).id) if heads else None
    if entry is None:
        return
    base = FaqWords.of(entry)
    status = Status.DRAFT if base.status is Status.PUBLISHED else Status.PUBLISHED
    wanted = replace(base, status=status, answer=f"{base.answer}.")
    with suppress(DeskbellError):
        station.connector.faq().change_entry(entry.head.id, base, wanted)


def erase(world: World, _: Station) -> None:
    """Somebody wishes to be forgotten, with every word; over a good line, so that it is known what went."""
    owner, requesters = world.stations[-1], world.server.column("SELECT id FROM requester ORDER BY id")
    if not requesters:
        return
    good = Network(owner.network.inner, owner.source, owner.note, owner.network.look, world.clock.pass_)
    connector = CentralConnector(world.office.session(owner.token, good))
    requester, before = world.random.choice(requesters), world.on_the_server()
    words = theirs(world, requester)
    try:
        connector.access()
        connector.intake().erase_requester(requester)
    except DeskbellError:
        return
    world.note(f"erases {len(words)} words")
    world.erased |= words
    for text in before - world.on_the_server():
        if text in world.ledger.saved:
            world.ledger.saved[text].lost = True


def errands(world: World, _: Station) -> None:
    """What the server does by itself meanwhile."""
    house = world.office.house
    while house.likeness.index.work():
        pass
    house.faults.incidents.look()
    house.faq.tell_counts()
    house.hints.learn()
    house.alert_watch.look()
    lines.place(world)
    lines.show(world)


def _add(words: FaqWords, connector: CentralConnector, key: str) -> None:
    connector.faq().add_entry(key, words)
