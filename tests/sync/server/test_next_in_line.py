"""Who is alerted after an arrival reached nobody, for how long, and that nobody else learns of it (PRODUCT A9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from sync.domain.records import ArrivalKind
from sync.domain.times import DAY_MS, to_utc_date
from sync.server.check import faults
from tests.rigs.bureau import Bureau, Caller


@dataclass
class Lines:
    """Ann and Ben are Billing's first line, Cleo its second; Dan has Repairs; Olga owns."""

    desk: Bureau
    billing: str
    repairs: str
    ids: dict[str, str]
    callers: dict[str, Caller]

    def silence(self) -> int:
        """Until the watch must have seen what reached nobody; how many it noted."""
        self.desk.clock.advance(61_000)
        return self.desk.house.alert_watch.look()

    def told(self, name: str, category: str = "Billing") -> list[dict[str, Any]]:
        caller = self.callers[name]
        return caller.get("NextInLine", caller.account(category))

    def open(self, name: str) -> list[tuple[str, set[str]]]:
        return [(one["ticketId"], set(one["agentIds"])) for one in self.told(name) if one["reachedAt"] is None]

    def say(self, name: str, arrival_id: str, *stages: str) -> None:
        caller, now = self.callers[name], to_utc_date(self.desk.clock.now)
        report = {"arrivalId": arrival_id, **dict.fromkeys(stages, now)}
        caller.call("Alert/report", accountId=caller.account("Personal"), now=now, reports=[report])

    def arrival(self) -> str:
        caller = self.callers["Ann"]
        return str(caller.get("TicketArrival", caller.account("Billing"))[-1]["id"])

    def edit(self, name: str, ticket_id: str, **values: Any) -> None:
        caller = self.callers[name]
        caller.call("Ticket/set", accountId=caller.account("Billing"), update={ticket_id: values})


@pytest.fixture
def lines(desk: Bureau, billing: str, repairs: str) -> Iterator[Lines]:
    given = {"Ann": [billing], "Ben": [billing], "Cleo": [billing], "Dan": [repairs]}
    ids = {name: desk.agent(name, *categories) for name, categories in given.items()}
    ids["Olga"] = desk.agent("Olga", owner=True)
    desk.house.grants.place(ids["Cleo"], billing, second_line=True)
    yield Lines(desk, billing, repairs, ids, {name: desk.caller(name) for name in ids})
    assert faults(desk.house.parts.database) == []


def test_the_second_line_is_named_until_somebody_takes_it(lines: Lines) -> None:
    caller = lines.callers["Cleo"]
    state = caller.state("NextInLine", caller.account("Billing"))
    ticket_id = lines.desk.file(lines.billing).ticket.id
    came = lines.desk.clock.now
    assert lines.silence() == 1
    [told] = lines.told("Cleo")
    assert (told["ticketId"], told["agentIds"], told["at"]) == (
        ticket_id, {lines.ids["Cleo"]: True}, to_utc_date(came),
    )  # fmt: skip
    assert caller.changes("NextInLine", caller.account("Billing"), state)["created"] == [told["id"]]
    assert lines.silence() == 0

    lines.edit("Ben", ticket_id, assigneeId=lines.ids["Ben"])
    lines.desk.house.alert_watch.look()
    assert lines.open("Cleo") == []


def test_only_who_sees_the_category_learns_of_it(lines: Lines) -> None:
    lines.desk.file(lines.billing)
    lines.silence()
    account, dan = lines.callers["Cleo"].account("Billing"), lines.callers["Dan"]
    assert lines.told("Dan", "Repairs") == []
    assert dan.error("NextInLine/get", accountId=account, ids=None) == "accountNotFound"
    lines.desk.house.grants.revoke(lines.ids["Cleo"], lines.billing)
    assert lines.callers["Cleo"].error("NextInLine/get", accountId=account, ids=None) == "accountNotFound"


def test_a_notice_at_the_second_line_reaches_nobody_yet_a_look_does(lines: Lines) -> None:
    ticket_id = lines.desk.file(lines.billing).ticket.id
    arrival = lines.arrival()
    lines.silence()
    lines.say("Cleo", arrival, "offered", "shown", "rang")
    assert lines.open("Cleo") == [(ticket_id, {lines.ids["Cleo"]})]
    lines.say("Cleo", arrival, "seen")
    assert lines.open("Cleo") == []

    other = lines.desk.file(lines.billing).ticket.id
    arrival = lines.arrival()
    lines.silence()
    assert lines.open("Cleo") == [(other, {lines.ids["Cleo"]})]
    lines.say("Ann", arrival, "shown")
    assert lines.open("Cleo") == []


def test_without_a_second_line_the_owners_are_next_and_without_anybody_nobody(lines: Lines) -> None:
    lines.desk.house.grants.place(lines.ids["Cleo"], lines.billing, second_line=False)
    ticket_id = lines.desk.file(lines.billing).ticket.id
    lines.silence()
    assert lines.open("Olga") == [(ticket_id, {lines.ids["Olga"]})]
    lines.desk.house.grants.grant(lines.ids["Olga"], lines.billing)
    lines.desk.file(lines.billing)
    assert lines.silence() == 1
    assert len(lines.told("Olga")) == 1


def test_what_is_meant_for_one_agent_goes_to_the_others_of_the_first_line(lines: Lines) -> None:
    filed = lines.desk.file(lines.billing)
    lines.edit("Ann", filed.ticket.id, assigneeId=lines.ids["Ann"])
    house = lines.desk.house

    def bounce() -> None:
        ticket = house.ticketing.held(filed.ticket.id)
        assert ticket is not None
        account, kind, now = house.ticketing.account_of(ticket), ArrivalKind.UNDELIVERED, lines.desk.clock.now
        house.ticketing.arrive(account, ticket, kind, filed.message_id, None, now, for_agent_id=lines.ids["Ann"])

    lines.desk.clock.advance(1)
    house.parts.journal.write(bounce)
    assert lines.silence() == 1
    assert lines.open("Ben") == [(filed.ticket.id, {lines.ids["Ben"]})]


def test_further_words_on_an_assigned_ticket_wait_until_it_is_taken_anew_or_answered(lines: Lines) -> None:
    ticket_id = lines.desk.file(lines.billing).ticket.id
    lines.edit("Ann", ticket_id, assigneeId=lines.ids["Ann"])
    assert lines.silence() == 0
    lines.desk.answer(ticket_id)
    assert lines.silence() == 1
    assert lines.open("Cleo") == [(ticket_id, {lines.ids["Cleo"]})]
    lines.edit("Ben", ticket_id, assigneeId=lines.ids["Ben"])
    lines.desk.house.alert_watch.look()
    assert lines.open("Cleo") == []

    lines.desk.answer(ticket_id, "And again")
    assert lines.silence() == 1
    ben = lines.callers["Ben"]
    ben.create("Message", ben.account("Billing"), lines.desk.words(ticket_id, "reply", baseSeq=99))
    lines.desk.house.alert_watch.look()
    assert lines.open("Cleo") == []


def test_it_leaves_with_its_ticket_and_in_time(lines: Lines) -> None:
    moved, deleted = (lines.desk.file(lines.billing).ticket.id for _ in range(2))
    lines.silence()
    assert {one["ticketId"] for one in lines.told("Cleo")} == {moved, deleted}
    lines.edit("Olga", moved, categoryId=lines.repairs)
    olga = lines.callers["Olga"]
    olga.call("Ticket/set", accountId=olga.account("Billing"), destroy=[deleted])
    lines.desk.house.alert_watch.look()
    assert lines.told("Cleo") == []
    assert [one["ticketId"] for one in lines.told("Dan", "Repairs")] == []
    lines.desk.file(lines.billing)
    lines.silence()
    lines.desk.clock.advance(31 * DAY_MS)
    lines.desk.house.alert_watch.forget()
    assert lines.told("Cleo") == []


def test_the_receipt_and_who_would_ring_name_both_lines(lines: Lines) -> None:
    ticket_id = lines.desk.file(lines.billing).ticket.id
    caller = lines.callers["Ann"]
    ask = {"accountId": caller.account("Billing"), "ticketId": ticket_id}
    before = caller.call("Alert/trace", **ask)
    why = {one["agentId"]: one["why"] for one in before["agents"]}
    expected = {"Ann": "granted", "Ben": "granted", "Cleo": "secondLine", "Olga": "owner"}
    assert why == {lines.ids[name]: said for name, said in expected.items()}
    assert before["nextIds"] == [lines.ids["Cleo"]]
    assert (before["arrivals"][0]["nextIds"], before["arrivals"][0]["nextAt"]) == ([], None)
    lines.silence()
    [told] = caller.call("Alert/trace", **ask)["arrivals"]
    assert (told["nextIds"], told["nextAt"]) == ([lines.ids["Cleo"]], to_utc_date(lines.desk.clock.now))


def test_an_owner_puts_a_grant_into_the_second_line_and_back(lines: Lines) -> None:
    olga, cleo = lines.callers["Olga"], lines.callers["Cleo"]
    oversight, own = olga.account("Oversight"), cleo.account("Personal")

    def grant() -> bool:
        return bool(cleo.get("CategoryGrant", own)[0]["secondLine"])

    assert grant()
    assert olga.one("AgentAccess", oversight, lines.ids["Cleo"])["secondLineIds"] == {lines.billing: True}
    state = cleo.state("CategoryGrant", own)
    change: dict[str, Any] = {lines.ids["Cleo"]: {"secondLineIds": {}}}
    assert lines.ids["Cleo"] in olga.call("AgentAccess/set", accountId=oversight, update=change)["updated"]
    assert not grant()
    assert len(cleo.changes("CategoryGrant", own, state)["updated"]) == 1
    wrong = {lines.ids["Cleo"]: {"secondLineIds": {lines.repairs: True}}}
    refused = olga.call("AgentAccess/set", accountId=oversight, update=wrong)["notUpdated"][lines.ids["Cleo"]]
    assert (refused["type"], refused["properties"]) == ("invalidProperties", ["secondLineIds"])
