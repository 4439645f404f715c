"""A surge at the server: begun once, told to those who see the category and to requesters, ended when it is calm."""

from __future__ import annotations

from typing import Any

import pytest

from sync.domain.records import Channel, MessageKind
from sync.domain.times import DAY_MS, MINUTE_MS
from sync.server.incidents.tables import SurgeRow
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
    calm_down(street)
    [over] = ann.get("Surge", billing)
    assert over["endedAt"] is not None
    assert surges.notice(None) is None


def write(street: Street, ticket_id: str, count: int) -> None:
    """So many further messages of the requester at this moment."""

    def work() -> None:
        for number in range(count):
            street.house.intake.add_inbound(ticket_id, f"And still {number}")

    street.house.parts.journal.write(work)


def test_further_words_on_open_tickets_are_arrivals_now_and_of_what_is_usual(street: Street) -> None:
    surges, clock = street.house.faults.surges, street.clock
    arrive(street, 1)
    ticket_id = street.only_ticket()
    clock.advance(5 * DAY_MS)
    for _ in range(4):
        write(street, ticket_id, 2)
        clock.advance(7 * DAY_MS)
    write(street, ticket_id, 30)
    surges.look()
    assert [(kept["count"], kept["ended_at"]) for kept in kept_surges(street)] == [(30, None)]
    for _ in range(5):
        calm_down(street)
        clock.advance(7 * DAY_MS - 55 * MINUTE_MS)
        write(street, ticket_id, 30)
        surges.look()
    calm_down(street)
    before = kept_surges(street)
    assert all(kept["ended_at"] is not None for kept in before)
    clock.advance(7 * DAY_MS - 55 * MINUTE_MS)
    write(street, ticket_id, 30)
    surges.look()
    assert kept_surges(street) == before  # so many are usual by now


def calm_down(street: Street) -> None:
    """Fifty-five minutes without a word."""
    for _ in range(5):
        street.clock.advance(11 * MINUTE_MS)
        street.house.faults.surges.look()


def test_what_an_agent_begins_is_no_arrival(street: Street) -> None:
    arrive(street, 60, first_kind=MessageKind.REPLY, by_agent_id=street.agent)
    assert street.house.faults.surges.look() == 0


def kept_surges(street: Street) -> list[dict[str, Any]]:
    database = street.house.parts.database
    return database.read(lambda: database.rows(SurgeRow.select().order_by(SurgeRow.since)))


@pytest.mark.parametrize("server_database", ["sqlite"], indirect=True)
def test_an_import_is_no_surge(street: Street) -> None:
    arrive(street, 60, channel=Channel.IMPORT, quiet=True)
    assert street.house.faults.surges.look() == 0
    assert street.count("surge") == 0
