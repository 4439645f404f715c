"""Links between tickets: on both, over categories where somebody sees both, along with a merge, gone with a ticket.

What leaves the server is a token that both carry, so that nothing of a ticket elsewhere is told.
"""

from collections.abc import Callable
from typing import Any

import pytest

from sync.server.intake import Asker
from sync.server.link_tokens import LinkTokens
from tests.rigs.bureau import Bureau, Caller

Links = Callable[..., set[str]]


def filed(desk: Bureau, category_id: str, who: str = "Bob") -> str:
    return desk.file(category_id, asker=Asker(who, f"{who}@mail.example".lower())).ticket.id


def put(who: Caller, ticket_id: str, patch: dict[str, Any]) -> dict[str, Any]:
    account = "Billing"
    return who.call("Ticket/set", accountId=who.account(account), update={ticket_id: patch})


@pytest.fixture
def links(desk: Bureau) -> Links:
    """With whom a ticket is linked, as somebody is told, who knows what each token stands for."""
    tokens, database = LinkTokens(desk.house.parts), desk.house.parts.database

    def found(who: Caller, ticket_id: str, account: str = "Billing") -> set[str]:
        others = database.read(lambda: database.select("SELECT id FROM ticket"))
        names = database.read(lambda: {tokens.of(ticket_id, one): str(one) for (one,) in others})
        return {names[one] for one in carried(who, ticket_id, account)}

    return found


def carried(who: Caller, ticket_id: str, account: str = "Billing") -> list[str]:
    """The tokens of a ticket's links."""
    return list(who.one("Ticket", who.account(account), ticket_id)["links"])


def test_a_link_stands_on_both_and_each_says_so(desk: Bureau, ann: Caller, billing: str, links: Links) -> None:
    one, other = filed(desk, billing), filed(desk, billing)
    assert put(ann, one, {f"links/{other}": True})["notUpdated"] is None
    assert (links(ann, one), links(ann, other)) == ({other}, {one})
    told = [row["bodyText"] for row in ann.get("Message", ann.account("Billing")) if row["kind"] == "event"]
    assert sum('"what":"link"' in text for text in told) == 2
    put(ann, other, {f"links/{one}": None})
    assert (links(ann, one), links(ann, other)) == (set(), set())


def test_the_same_link_again_changes_nothing(desk: Bureau, ann: Caller, billing: str, links: Links) -> None:
    one, other = filed(desk, billing), filed(desk, billing)
    put(ann, one, {f"links/{other}": True})
    state = ann.state("Message", ann.account("Billing"))
    put(ann, one, {f"links/{other}": True, f"links/{one}": True})
    put(ann, other, {f"links/{one}": True})
    assert ann.state("Message", ann.account("Billing")) == state
    assert links(ann, one) == {other}


def test_a_ticket_out_of_sight_cannot_be_linked_and_is_like_a_missing_one(
    desk: Bureau, ann: Caller, olga: Caller, billing: str, repairs: str, links: Links
) -> None:
    one, hidden = filed(desk, billing), filed(desk, repairs)
    errors = [put(ann, one, {f"links/{other}": True})["notUpdated"][one] for other in (hidden, f"t{'0' * 32}")]
    assert errors[0] == errors[1]
    assert errors[0]["type"] == "invalidProperties"
    assert put(olga, one, {f"links/{hidden}": True})["notUpdated"] is None
    assert links(olga, hidden, "Repairs") == {one}


def test_links_go_along_with_a_merge_and_a_merged_ticket_stands_for_its_goal(
    desk: Bureau, ann: Caller, billing: str, links: Links
) -> None:
    first, second, third, fourth = (filed(desk, billing) for _ in range(4))
    put(ann, first, {f"links/{third}": True, f"links/{second}": True})
    put(ann, first, {"mergedIntoId": second})
    assert links(ann, first) == set()
    assert links(ann, second) == {third}
    assert links(ann, third) == {second}
    put(ann, fourth, {f"links/{first}": True})
    assert links(ann, fourth) == {second}


def test_a_deleted_ticket_is_linked_with_nothing(desk: Bureau, olga: Caller, billing: str, links: Links) -> None:
    one, other = filed(desk, billing), filed(desk, billing)
    put(olga, one, {f"links/{other}": True})
    olga.call("Ticket/set", accountId=olga.account("Billing"), destroy=[other])
    assert links(olga, one) == set()


def test_a_new_ticket_is_filed_before_it_is_linked(desk: Bureau, ann: Caller, billing: str) -> None:
    values = desk.call_note(billing, links={filed(desk, billing): True})
    assert ann.refusal("Ticket", ann.account("Billing"), values)["properties"] == ["links"]
