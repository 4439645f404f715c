"""A fresh copy has everybody whose words it has."""

from pathlib import Path

from sync.server.intake import Asker
from tests.rigs.office import office_in_process


def test_it_brings_whoever_else_wrote_to_a_ticket(tmp_path: Path) -> None:
    """As by mail, to a ticket that is not their own."""
    with office_in_process(tmp_path) as office:
        billing, house = office.category("Billing"), office.house
        office.agent("Ann", billing)
        ticket = office.file(billing, "Help", email="bob@example.org").ticket
        account = house.ticketing.account_of(ticket)

        def work() -> None:
            asker = house.intake.requester(Asker("Eve", "eve@example.org"), account, house.parts.clock.now_ms())
            house.intake.add_inbound(ticket.id, "Me too.", author_id=asker)

        house.parts.journal.write(work)
        connector = office.connector("Ann")
        [place] = [one for one in connector.access().accounts if one.category_id == billing]

        rows = connector.changes(place, None).rows

        assert {one["email"] for one in rows["Requester"]} == {"bob@example.org", "eve@example.org"}
