"""The event streams: what they tell, to whom, and when they end."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from sync.domain.protocol import CATEGORY_GRANT
from sync.server.house import House
from tests.rigs.bureau import QUICK_HASHER, Bureau, Events


@pytest.fixture
def other(desk: Bureau, server_database: str) -> Iterator[House]:
    """The same database, opened by another process as it were."""
    house = House.open(server_database, desk.clock, hasher=QUICK_HASHER)
    yield house
    house.close()


def _to_the_end(stream: Events) -> None:
    while True:
        stream.block()


def _state(stream: Events) -> dict[str, dict[str, str]]:
    """The next StateChange."""
    while True:
        block = stream.block()
        if block.startswith("event: state"):
            changed: dict[str, dict[str, str]] = json.loads(block.partition("data: ")[2])["changed"]
            return changed


def test_an_arrival_is_told_with_its_fields_and_without_text(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    account = ann.account("Billing")
    with closing(ann.events("TicketArrival")) as stream:
        filed = desk.file(billing, "Secret subject", "Secret text")
        block = stream.block()
        changed = _state(stream)

    assert block.startswith("event: arrival")
    told = json.loads(block.partition("data: ")[2])
    assert told == {"accountId": account, "arrival": ann.get("TicketArrival", account)[0]}
    assert told["arrival"]["ticketId"] == filed.ticket.id
    assert "Secret" not in block
    assert changed == {account: {"TicketArrival": ann.state("TicketArrival", account)}}


def test_arrivals_go_to_those_who_asked_and_may_see(desk: Bureau, billing: str, repairs: str) -> None:
    desk.agent("Ann", billing)
    desk.agent("Ben", repairs)
    ann, ben = desk.caller("Ann"), desk.caller("Ben")
    with closing(ann.events("Ticket")) as not_asked, closing(ben.events()) as not_seeing:
        desk.file(billing)
        filed = desk.file(repairs)
        assert _state(not_asked).keys() == {ann.account("Billing")}
        told = json.loads(not_seeing.block().partition("data: ")[2])
    assert told["arrival"]["ticketId"] == filed.ticket.id


def test_a_grant_opens_a_running_stream_and_a_revoke_narrows_it(desk: Bureau, billing: str) -> None:
    ann_id = desk.agent("Ann")
    ann = desk.caller("Ann")
    personal = ann.account("Personal")
    with closing(ann.events("CategoryGrant,Ticket")) as stream:
        desk.house.grants.grant(ann_id, billing)
        assert _state(stream) == {personal: {CATEGORY_GRANT: ann.state(CATEGORY_GRANT, personal)}}
        account = ann.account("Billing")
        desk.file(billing)
        assert _state(stream).keys() == {account}
        desk.house.grants.revoke(ann_id, billing)
        desk.file(billing)
        desk.house.grants.grant(ann_id, billing)
        end = {CATEGORY_GRANT: ann.state(CATEGORY_GRANT, personal)}
        told = _state(stream)
        while told.get(personal) != end:  # both may be told as one, and need not
            assert account not in told
            told = _state(stream)
        assert account not in told


def test_streams_end_when_the_agent_leaves_or_signs_out(desk: Bureau) -> None:
    leaving_id = desk.agent("Ann")
    desk.agent("Ben")
    ann, ben = desk.caller("Ann"), desk.caller("Ben")
    with closing(ann.events("Nothing")) as of_ann, closing(ben.events("Nothing")) as of_ben:
        desk.house.people.deactivate(leaving_id)
        with pytest.raises(EOFError):
            of_ann.block()
        assert ben.session.delete("http://testserver/auth/token").status_code == 204
        with pytest.raises(EOFError):
            of_ben.block()


def test_what_another_process_commits_is_found(desk: Bureau, other: House, billing: str) -> None:
    ann_id = desk.agent("Ann")
    ann = desk.caller("Ann")
    personal = ann.account("Personal")
    desk.house.hub.start_looking()
    with closing(ann.events("CategoryGrant,Ticket")) as stream:
        other.grants.grant(ann_id, billing)
        ann.create("ReadMark", personal, {"ticketId": "t" + "0" * 32, "lastSeq": 1})
        desk.house.hub.look_around()
        desk.house.hub.look_around()
        assert CATEGORY_GRANT in _state(stream)[personal]
        desk.file(billing)
        assert _state(stream).keys() == {ann.account("Billing")}
        other.people.deactivate(ann_id)
        desk.house.hub.look_around()
        desk.house.hub.look_around()
        with pytest.raises(EOFError):
            _to_the_end(stream)


def test_what_this_process_told_is_not_told_again(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    with closing(ann.events("Ticket")) as stream:
        desk.file(billing)
        desk.house.hub.look_around()
        desk.house.hub.look_around()
        first = _state(stream)
        desk.file(billing)
        second = _state(stream)
    assert first != second


def test_many_streams_are_kept_to_what_they_may_see_all_at_once(desk: Bureau, billing: str, repairs: str) -> None:
    names = [f"Agent {number}" for number in range(22)]
    ids = [desk.agent(name, billing if number % 2 else repairs) for number, name in enumerate(names)]
    desk.agent("Olga", owner=True)
    callers = [desk.caller(name) for name in [*names, "Olga"]]
    openings = desk.house.openings
    accounts, tokens = openings.of_all()
    for caller in callers:
        colleague = desk.house.sign_ins.colleague(caller.token["token"])
        assert colleague is not None
        assert accounts[colleague.id] == openings.account_ids(colleague) == caller.document()["accounts"].keys()
    assert tokens == {caller.token["tokenId"] for caller in callers}
    with closing(callers[0].events("Agent,Ticket")) as leaving, closing(callers[1].events("Agent,Ticket")) as staying:
        waiting = [caller.events("Ticket") for caller in callers[2:]]
        desk.house.people.deactivate(ids[0])
        with pytest.raises(EOFError):
            _to_the_end(leaving)
        assert _state(staying).keys() == {callers[1].account("Team")}
        desk.file(billing)
        assert _state(staying).keys() == {callers[1].account("Billing")}
        for one in waiting:
            one.close()
