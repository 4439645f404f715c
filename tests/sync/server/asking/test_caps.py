"""Caps on open tickets: who is over one, where they are led, and that only owners set them."""

import pytest

from sync.domain.caps import OpenTicket, OpenTicketCap, cap_reached, ticket_to_lead_to

NOW = 1_000_000


def opened(*places: str) -> list[OpenTicket]:
    return [OpenTicket(f"t{n}", n, place, n) for n, place in enumerate(places, start=1)]


@pytest.mark.parametrize(
    ("cap", "places", "reached"),
    [
        (OpenTicketCap("p", None, 2, None, ""), ["b", "d"], True),
        (OpenTicketCap("p", None, 3, None, ""), ["b", "d"], False),
        (OpenTicketCap("p", "b", 2, None, ""), ["b", "d"], False),
        (OpenTicketCap("p", "b", 1, None, ""), ["b", "d"], True),
        (OpenTicketCap("p", "d", 1, None, ""), ["d"], False),
        (OpenTicketCap("p", None, 1, NOW, ""), ["b"], False),
        (OpenTicketCap("p", None, 1, NOW + 1, ""), ["b"], True),
    ],
)
def test_a_cap_counts_where_and_while_it_holds(cap: OpenTicketCap, places: list[str], reached: bool) -> None:
    assert (cap_reached([cap], opened(*places), "b", NOW) is not None) is reached


def test_the_caps_of_the_category_gives_the_reason() -> None:
    caps = [OpenTicketCap("all", None, 1, None, "all"), OpenTicketCap("own", "b", 1, None, "own")]
    found = cap_reached(caps, opened("b"), "b", NOW)
    assert found is not None
    assert found.reason == "own"


def test_one_is_led_to_the_newest_of_the_category_before_others() -> None:
    led = ticket_to_lead_to(opened("b", "b", "d"), "b")
    assert led is not None
    assert led.id == "t2"
    assert ticket_to_lead_to(opened("d", "e"), "b") == opened("d", "e")[1]
    assert ticket_to_lead_to([], "b") is None
