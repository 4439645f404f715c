"""Whoever else wrote to a ticket goes where it goes, and stands nowhere that they have nothing more."""

import pytest

from sync.server.check import faults
from sync.server.intake import Asker
from tests.rigs.bureau import Bureau, Caller


@pytest.fixture
def ann(desk: Bureau, billing: str, repairs: str) -> Caller:
    desk.agent("Ann", billing, repairs)
    return desk.caller("Ann")


def _also_wrote(desk: Bureau, ticket_id: str, email: str) -> None:
    """As by mail to that ticket's address."""
    house = desk.house
    ticket = house.parts.database.read(lambda: house.ticketing.held(ticket_id))
    assert ticket is not None
    account = house.ticketing.account_of(ticket)

    def work() -> None:
        asker = house.intake.requester(Asker("Eve", email), account, house.parts.clock.now_ms())
        house.intake.add_inbound(ticket_id, "Me too.", author_id=asker)

    house.parts.journal.write(work)


def _emails(ann: Caller, category: str) -> set[str]:
    return {str(one["email"]) for one in ann.get("Requester", ann.account(category))}


def test_whoever_else_wrote_moves_along(desk: Bureau, billing: str, repairs: str, ann: Caller) -> None:
    ticket = desk.file(billing).ticket.id
    _also_wrote(desk, ticket, "eve@example.org")
    state = ann.state("Requester", ann.account("Repairs"))

    ann.call("Ticket/set", accountId=ann.account("Billing"), update={ticket: {"categoryId": repairs}})

    assert _emails(ann, "Billing") == set()
    assert _emails(ann, "Repairs") == {"bob@example.org", "eve@example.org"}
    assert len(ann.changes("Requester", ann.account("Repairs"), state)["created"]) == 2
    assert faults(desk.house.parts.database) == []


def test_who_has_words_on_another_ticket_stays(desk: Bureau, billing: str, repairs: str, ann: Caller) -> None:
    own = desk.file(billing, asker=Asker("Eve", "eve@example.org")).ticket.id
    _also_wrote(desk, desk.file(billing).ticket.id, "eve@example.org")

    ann.call("Ticket/set", accountId=ann.account("Billing"), update={own: {"categoryId": repairs}})

    assert _emails(ann, "Billing") == {"bob@example.org", "eve@example.org"}
    assert _emails(ann, "Repairs") == {"eve@example.org"}
