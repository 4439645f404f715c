"""Who sees a ticket learns that it is linked with one elsewhere, and nothing of that one: not even its id."""

from typing import Any

import pytest

from sync.domain.tokens import is_token
from sync.server.app import data_types
from sync.server.house import House
from sync.server.identity import _LINK_KEY
from sync.server.ledger import Setting
from tests.rigs.bureau import BASE, QUICK_HASHER, Bureau, Caller


@pytest.fixture
def pair(desk: Bureau, olga: Caller, billing: str, repairs: str) -> tuple[str, str]:
    """A ticket of Billing that is linked with one of Repairs."""
    one, hidden = desk.file(billing, "One").ticket.id, desk.file(repairs, "Hidden").ticket.id
    edit(olga, "Billing", one, {f"links/{hidden}": True})
    return one, hidden


def edit(who: Caller, account: str, ticket_id: str, patch: dict[str, Any]) -> dict[str, Any]:
    return who.call("Ticket/set", accountId=who.account(account), update={ticket_id: patch})


def carried(who: Caller, account: str, ticket_id: str) -> set[str]:
    return set(who.one("Ticket", who.account(account), ticket_id)["links"])


def everything(desk: Bureau, who: Caller) -> bytes:
    """The octets of all that somebody gets who asks for all there is."""
    answers = []
    for account in who.document()["accounts"]:
        epoch = account.rpartition("-")[2]
        for one in data_types(desk.house):
            calls = [
                [f"{one.name}/get", {"accountId": account, "ids": None}, "0"],
                [f"{one.name}/changes", {"accountId": account, "sinceState": f"{epoch}.0"}, "1"],
                [f"{one.name}/query", {"accountId": account}, "2"],
            ]
            using = ["urn:ietf:params:jmap:core", one.capability]
            answers.append(who.session.post(f"{BASE}/jmap/api", json={"using": using, "methodCalls": calls}).content)
    return b"".join(answers)


def test_no_octet_that_an_agent_gets_names_the_ticket_elsewhere(
    desk: Bureau, ann: Caller, olga: Caller, pair: tuple[str, str]
) -> None:
    one, hidden = pair
    assert hidden[1:].encode() not in everything(desk, ann)
    assert hidden[1:].encode() in everything(desk, olga)
    [token] = carried(ann, "Billing", one)
    assert is_token(token)
    assert token.encode() in everything(desk, ann)


def test_whoever_holds_both_finds_the_one_by_the_other(olga: Caller, pair: tuple[str, str]) -> None:
    one, hidden = pair
    assert carried(olga, "Billing", one) == carried(olga, "Repairs", hidden) != set()
    events = [
        row["bodyText"]
        for account in ("Billing", "Repairs")
        for row in olga.get("Message", olga.account(account))
        if '"what":"link"' in row["bodyText"]
    ]
    [token] = carried(olga, "Billing", one)
    assert len(events) == 2
    assert all(f'"to":"{token}"' in event for event in events)


def test_a_link_within_the_category_names_nobody_once_the_other_has_left(
    desk: Bureau, ann: Caller, olga: Caller, billing: str, repairs: str
) -> None:
    one, other = desk.file(billing, "One").ticket.id, desk.file(billing, "Other").ticket.id
    edit(ann, "Billing", one, {f"links/{other}": True})
    before = carried(ann, "Billing", one)
    edit(olga, "Billing", other, {"categoryId": repairs})
    assert carried(ann, "Billing", one) == before == carried(olga, "Repairs", other)
    account = ann.account("Billing")
    rows = [*ann.get("Ticket", account, [one]), *ann.get("Message", account)]
    assert other not in str(rows)


@pytest.mark.parametrize("by", ["id", "token", "whole"])
def test_a_link_is_taken_away_by_id_or_by_token(olga: Caller, pair: tuple[str, str], by: str) -> None:
    one, hidden = pair
    [token] = carried(olga, "Billing", one)
    patches: dict[str, dict[str, Any]] = {
        "id": {f"links/{hidden}": None},
        "token": {f"links/{token}": None},
        "whole": {"links": {}},
    }
    assert edit(olga, "Billing", one, patches[by])["notUpdated"] is None
    assert carried(olga, "Billing", one) == carried(olga, "Repairs", hidden) == set()


def test_a_link_that_stands_may_be_set_again_by_either_name(olga: Caller, pair: tuple[str, str]) -> None:
    one, hidden = pair
    before = carried(olga, "Billing", one)
    [token] = before
    state = olga.state("Message", olga.account("Billing"))
    for patch in ({f"links/{hidden}": True}, {f"links/{token}": True}, {"links": {hidden: True}}):
        assert edit(olga, "Billing", one, patch)["notUpdated"] is None
    assert carried(olga, "Billing", one) == before
    assert olga.state("Message", olga.account("Billing")) == state


def test_whoever_does_not_see_the_other_takes_the_link_away_by_its_token_only(
    ann: Caller, olga: Caller, pair: tuple[str, str]
) -> None:
    one, hidden = pair
    missing = f"t{'0' * 32}"
    for patch in ({"links/{}": None}, {"links/{}": True}):
        answers = [
            edit(ann, "Billing", one, {name.format(other): value for name, value in patch.items()})
            for other in (hidden, missing)
        ]
        told = [(answer["updated"], answer["notUpdated"]) for answer in answers]
        assert told[0] == told[1]
    wholes = [edit(ann, "Billing", one, {"links": {other: True}})["notUpdated"] for other in (hidden, missing)]
    assert wholes[0] == wholes[1] != None  # noqa: E711  # the one, the other, and that it was refused
    [token] = carried(ann, "Billing", one)
    assert edit(ann, "Billing", one, {f"links/{token}": None})["notUpdated"] is None
    assert carried(olga, "Repairs", hidden) == set()


def test_a_precondition_may_name_a_link_as_whoever_asks_knows_it(
    ann: Caller, olga: Caller, pair: tuple[str, str]
) -> None:
    one, hidden = pair

    def tried(who: Caller, priority: str) -> bool:
        condition = {one: {f"links/{hidden}": True}}
        update = {one: {"priority": priority}}
        account = who.account("Billing")
        return not who.call("Ticket/set", accountId=account, update=update, ifUnchangedBy=condition)["notUpdated"]

    assert (tried(olga, "high"), tried(ann, "low")) == (True, False)


def test_a_token_of_no_link_is_like_a_ticket_that_is_not_there(ann: Caller, pair: tuple[str, str]) -> None:
    made_up = f"k{'0' * 32}"
    assert edit(ann, "Billing", pair[0], {f"links/{made_up}": True})["notUpdated"] is not None
    assert edit(ann, "Billing", pair[0], {f"links/{made_up}": None})["notUpdated"] is None


def test_what_follows_a_ticket_names_it_only_in_the_same_category(
    desk: Bureau, ann: Caller, olga: Caller, billing: str, repairs: str
) -> None:
    earlier = desk.file(billing, "Earlier").ticket.id
    account = ann.account("Billing")
    later = ann.create("Ticket", account, desk.call_note(billing, followUpOf=earlier))["id"]
    assert ann.one("Ticket", account, later)["followUpOf"] == earlier
    state = ann.state("Ticket", account)
    edit(olga, "Billing", earlier, {"categoryId": repairs})
    assert ann.changes("Ticket", account, state)["updated"] == [later]
    token = ann.one("Ticket", account, later)["followUpOf"]
    assert is_token(token)
    edit(olga, "Repairs", earlier, {"categoryId": billing})
    assert ann.one("Ticket", account, later)["followUpOf"] == earlier
    state = ann.state("Ticket", account)
    olga.call("Ticket/set", accountId=olga.account("Billing"), destroy=[earlier])
    assert ann.changes("Ticket", account, state)["updated"] == [later]
    assert ann.one("Ticket", account, later)["followUpOf"] == token


def test_what_was_merged_goes_along_so_its_goal_is_always_in_the_same_category(
    desk: Bureau, ann: Caller, olga: Caller, billing: str, repairs: str
) -> None:
    gone, goal = desk.file(billing, "Gone").ticket.id, desk.file(billing, "Goal").ticket.id
    edit(ann, "Billing", gone, {"mergedIntoId": goal})
    assert edit(olga, "Billing", gone, {"categoryId": repairs})["notUpdated"] is not None
    edit(olga, "Billing", goal, {"categoryId": repairs})
    assert ann.get("Ticket", ann.account("Billing")) == []
    assert olga.one("Ticket", olga.account("Repairs"), gone)["mergedIntoId"] == goal


def test_with_a_new_key_all_that_tells_of_other_tickets_travels_again(
    desk: Bureau, server_database: str, ann: Caller, pair: tuple[str, str], billing: str
) -> None:
    account = ann.account("Billing")
    desk.file(billing, "Beside")
    before = carried(ann, "Billing", pair[0])
    states = {name: ann.state(name, account) for name in ("Ticket", "Message")}
    database = desk.house.parts.database
    database.write(lambda: database.run(Setting.delete().where(Setting.name == _LINK_KEY)))
    House.open(server_database, desk.clock, hasher=QUICK_HASHER).close()
    desk.house.parts.identity._link_key = None  # as in a server that was started anew
    assert ann.changes("Ticket", account, states["Ticket"])["updated"] == [pair[0]]
    [event] = ann.changes("Message", account, states["Message"])["updated"]
    [token] = carried(ann, "Billing", pair[0])
    assert token not in before
    assert token in ann.one("Message", account, event)["bodyText"]
    House.open(server_database, desk.clock, hasher=QUICK_HASHER).close()
    assert carried(ann, "Billing", pair[0]) == {token}
