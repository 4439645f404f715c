"""The category that words point to, learnt from the house's own tickets, on both databases."""

from collections.abc import Iterator
from random import Random

import pytest

from sync.server.house import House
from sync.server.intake import Asker, Filing
from tests.rigs.bureau import QUICK_HASHER, HandClock

WORDS = {"Billing": "invoice charged refund money card", "Lamps": "bulb lamp flickers light dim"}


@pytest.fixture
def house(server_database: str) -> Iterator[House]:
    opened = House.open(server_database, HandClock(), Random(3), QUICK_HASHER)
    yield opened
    opened.close()


def file(house: House, place: str, text: str) -> None:
    filing = Filing(place, Asker("Somebody"), text[:30], text)
    house.parts.journal.write(lambda: house.intake.file_ticket(filing))


def test_a_house_learns_from_its_own_tickets_and_again_when_they_change(house: House) -> None:
    assert house.hints.learn() == 0
    assert house.hints.category_of(WORDS["Lamps"]) is None
    places = {name: house.grants.add_category(name) for name in WORDS}
    for number in range(10):
        for name, words in WORDS.items():
            file(house, places[name], f"{words} {number}")

    assert house.hints.learn() > 0

    assert house.hints.category_of("My lamp flickers, its light is dim") == places["Lamps"]
    assert house.hints.category_of("Please refund the money to my card") == places["Billing"]
    assert house.hints.category_of("Good morning") is None
    assert house.hints.learn() == 0
    for number in range(30):
        file(house, places["Billing"], f"the gift voucher {number} does not work")
    assert house.hints.learn() > 0
    assert house.hints.category_of("my gift voucher does not work") == places["Billing"]


def test_the_newest_tickets_count(house: House) -> None:
    places = {name: house.grants.add_category(name) for name in WORDS}
    for name, words in WORDS.items():
        for _ in range(6):
            file(house, places[name], words)
    house.hints.learn()
    house.parts.database.write(lambda: house.parts.database.execute("DELETE FROM ticket"))

    house.hints.learn()

    assert house.hints.category_of(WORDS["Lamps"]) is None
