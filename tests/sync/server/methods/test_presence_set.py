"""Presence/set and its stream event: who hears of whom, and that nobody else can learn anything."""

import json
from contextlib import closing
from typing import Any

import pytest

from sync.domain.presence import LEASE_MS
from sync.domain.times import to_utc_date
from tests.rigs.bureau import Bureau, Caller, Events


def _told(stream: Events) -> dict[str, Any]:
    """The next presence event."""
    while True:
        block = stream.block()
        if block.startswith("event: presence"):
            return dict(json.loads(block.partition("data: ")[2]))


@pytest.fixture
def scene(desk: Bureau, billing: str, repairs: str) -> "Scene":
    return Scene(desk, billing, repairs)


class Scene:
    """Ann and Ben share Billing; Cleo has Repairs."""

    def __init__(self, desk: Bureau, billing: str, repairs: str) -> None:
        self.desk = desk
        self.billing, self.repairs = billing, repairs
        self.ann_id, self.ben_id = desk.agent("Ann", billing), desk.agent("Ben", billing)
        self.cleo_id = desk.agent("Cleo", repairs)
        self.ann, self.ben, self.cleo = desk.caller("Ann"), desk.caller("Ben"), desk.caller("Cleo")
        self.account = self.ann.account("Billing")
        self.ticket = desk.file(billing).ticket.id

    def look(self, who: Caller, doing: str = "looking", ticket_id: str | None = None) -> dict[str, Any]:
        return who.call("Presence/set", accountId=self.account, ticketId=ticket_id or self.ticket, doing=doing)


def test_a_colleague_hears_it_and_hears_its_end(scene: Scene) -> None:
    with closing(scene.ben.events("Presence")) as stream:
        answer = scene.look(scene.ann)
        until = to_utc_date(scene.desk.clock.now + LEASE_MS)
        place = {"accountId": scene.account, "ticketId": scene.ticket}
        assert answer == {**place, "doing": "looking", "until": until}
        told = {**place, "agentId": scene.ann_id, "doing": "looking", "until": until, "leftMs": LEASE_MS}
        assert _told(stream) == told
        scene.look(scene.ann, "typing")
        assert _told(stream)["doing"] == "typing"
        left = scene.ann.call("Presence/set", accountId=None, ticketId=None, doing=None)
        assert left == {"accountId": None, "ticketId": None, "doing": None, "until": None}
        assert (_told(stream)["doing"], len(scene.desk.house.presence)) == (None, 0)


def test_a_lease_that_runs_out_is_told(scene: Scene) -> None:
    with closing(scene.ben.events("Presence")) as stream:
        scene.look(scene.ann)
        assert _told(stream)["doing"] == "looking"
        scene.desk.clock.advance(LEASE_MS)
        scene.desk.house.presence.sweep()
        assert _told(stream)["doing"] is None


def test_a_fresh_stream_hears_who_is_there_in_its_accounts(scene: Scene) -> None:
    with closing(scene.ann.events("Presence")):
        scene.look(scene.ann)
        with closing(scene.ben.events("Presence")) as of_ben:
            assert _told(of_ben)["agentId"] == scene.ann_id
        with closing(scene.cleo.events("Presence,Ticket")) as of_cleo:
            scene.desk.file(scene.repairs)
            assert of_cleo.block().startswith("event: state")


def test_who_did_not_ask_and_who_does_not_see_hear_nothing(scene: Scene) -> None:
    with closing(scene.ben.events("Ticket")) as not_asked, closing(scene.cleo.events()) as not_seeing:
        scene.look(scene.ann)
        scene.desk.file(scene.billing)
        scene.desk.file(scene.repairs)
        assert not_asked.block().startswith("event: state")
        assert not_seeing.block().startswith("event: arrival")


def test_an_account_out_of_sight_and_one_that_is_not_there_answer_the_same(scene: Scene) -> None:
    made_up = "C" + "0" * 32 + "-1"
    for account in (scene.account, made_up):
        asked = {"accountId": account, "ticketId": scene.ticket, "doing": "looking"}
        assert scene.cleo.calls(("Presence/set", asked))[0] == ["error", {"type": "accountNotFound"}, "0"]
    assert len(scene.desk.house.presence) == 0


def test_a_ticket_that_is_elsewhere_and_one_that_is_nowhere_answer_the_same(scene: Scene) -> None:
    elsewhere = scene.desk.file(scene.repairs).ticket.id
    for ticket_id in (elsewhere, "t" + "0" * 32):
        scene.look(scene.ann)
        answer = scene.look(scene.ann, ticket_id=ticket_id)
        assert answer == {"accountId": scene.account, "ticketId": ticket_id, "doing": None, "until": None}
        assert len(scene.desk.house.presence) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        {"ticketId": "t1", "doing": None},
        {"ticketId": None, "doing": "looking"},
        {"ticketId": "t1", "doing": "sleeping"},
        {"ticketId": 5, "doing": "looking"},
        {"ticketId": "t1", "doing": "looking", "agentId": "somebody"},
        {"doing": "looking"},
    ],
)
def test_malformed_calls_are_refused(scene: Scene, arguments: dict[str, Any]) -> None:
    assert scene.ann.error("Presence/set", accountId=scene.account, **arguments) == "invalidArguments"


def test_it_never_counts_as_a_change(scene: Scene) -> None:
    before = scene.ann.state("Ticket", scene.account)
    scene.look(scene.ann, "typing")
    assert scene.ann.state("Ticket", scene.account) == before


def test_a_revoke_takes_the_agent_away_at_once(scene: Scene) -> None:
    with closing(scene.ben.events("Presence")) as of_ben, closing(scene.ann.events("Presence")) as of_ann:
        scene.look(scene.ann)
        assert _told(of_ben)["doing"] == "looking"
        scene.desk.house.grants.revoke(scene.ann_id, scene.billing)
        assert _told(of_ben)["doing"] is None
        scene.look(scene.ben)
        scene.desk.house.grants.grant(scene.ann_id, scene.billing)
        scene.look(scene.ben, "typing")
        heard = [_told(of_ann)]
        while heard[-1]["doing"] != "typing":
            heard.append(_told(of_ann))
        assert [one["agentId"] for one in heard if one["doing"] == "looking"].count(scene.ben_id) == 0


def test_who_signs_out_or_hangs_up_is_gone(scene: Scene) -> None:
    with closing(scene.ben.events("Presence")) as of_ben:
        of_ann = scene.ann.events("Presence")
        scene.look(scene.ann)
        assert _told(of_ben)["doing"] == "looking"
        of_ann.close()
        assert _told(of_ben)["doing"] is None
        with closing(scene.ann.events("Presence")):
            scene.look(scene.ann)
            assert _told(of_ben)["doing"] == "looking"
            scene.desk.house.people.deactivate(scene.ann_id)
            assert _told(of_ben)["doing"] is None
