"""What is said of a ticket beside its thread."""

from dataclasses import replace
from datetime import UTC

from desktop.models.moments import Moments
from desktop.models.ticket_facts import requester_text
from sync.domain.records import Fact
from tests.rigs.world import NOW, World


def test_what_other_systems_told_stands_under_the_requester(world: World) -> None:
    ticket = world.ticket("Charged twice", requester="Ines R.")
    detail = world.desk.reader.ticket(ticket)
    assert detail is not None
    assert detail.requester is not None
    facts = (Fact("j2", NOW, "payment", "amount: 49.00"), Fact("j1", NOW - 86_400_000, "reward", ""))
    shown = requester_text(replace(detail, requester=replace(detail.requester, facts=facts)), Moments(UTC), NOW)
    assert shown.lines[-2:] == ("today: payment, amount: 49.00", "yesterday: reward")
