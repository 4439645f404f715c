"""A surge at the server: begun once, told to those who see the category and to requesters, ended when it is calm."""

from __future__ import annotations

from typing import Any

import pytest

from sync.domain.records import Channel
from sync.domain.times import DAY_MS, MINUTE_MS
from sync.server.intake import Asker, Filing
from tests.rigs.street import Street


def arrive(street: Street, count: int, **more: Any) -> None:
    """So many tickets at this moment."""
    asker = Asker("Bob", "bob@mail.example")

    def work() -> None:
        for number in range(count):
            filing = Filing(street.category, asker, f"Help {number}", "It is broken", confirm=False, **more)
            street.house.intake.file_ticket(filing)

    street.house.parts.journal.write(work)


def test_a_surge_begins_once_grows_and_ends_when_it_is_calm(street: Street) -> None:
    street.house.grants.grant(street.agent, street.category)
    ann = street.caller("Ann")
    billing = ann.account("Billing")
    surges, clock = street.house.faults.surges, street.clock
    for _ in range(4):
        arrive(street, 2)
        assert surges.look() == 0
        clock.advance(7 * DAY_MS)
    arrive(street, 30)
    surges.look()  # the server's own watch may have been first
    assert surges.look() == 0
    arrive(street, 5)
    surges.look()
    [kept] = ann.get("Surge", billing)
    assert (kept["count"], kept["minutes"], kept["endedAt"]) == (35, 20, None)
    assert "Far more people than usual write to us about Billing just now." in street.get("/").text
    street.house.parts.settings.put("surge.announce", "0")
    assert "Far more people" not in street.get("/").text
    for _ in range(5):
        clock.advance(11 * MINUTE_MS)
        surges.look()
    [over] = ann.get("Surge", billing)
    assert over["endedAt"] is not None
    assert surges.notice(None) is None


@pytest.mark.parametrize("server_database", ["sqlite"], indirect=True)
def test_an_import_is_no_surge(street: Street) -> None:
    arrive(street, 60, channel=Channel.IMPORT)
    assert street.house.faults.surges.look() == 0
    assert street.count("surge") == 0
