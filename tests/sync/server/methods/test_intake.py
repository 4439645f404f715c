"""Intake/figures and Intake/setCalendar: week by week, and the calendar; for owners only."""

from __future__ import annotations

import pytest

from sync.domain.records import Rating, Ticket
from sync.domain.times import DAY_MS, HOUR_MS
from sync.server.expecting.feedback import Feedback
from tests.rigs.bureau import Bureau, Caller

NOTHING = {"tickets": 0, "avoided": 0, "reminders": 0, "solved": 0, "good": 0, "bad": 0}


@pytest.fixture
def olga(desk: Bureau) -> Caller:
    desk.agent("Olga", owner=True)
    return desk.caller("Olga")


def held(desk: Bureau, ticket_id: str) -> Ticket:
    found = desk.house.ticketing.held(ticket_id)
    assert found is not None
    return found


def test_what_requesters_said_is_counted_by_week(desk: Bureau, billing: str, olga: Caller) -> None:
    desk.house.parts.settings.put("calendar.hours", "Mo-Su 00:00-24:00")
    feedback = Feedback(desk.house.parts, desk.house.ticketing, desk.house.expecting)
    ticket = desk.file(billing).ticket
    desk.clock.advance(4 * HOUR_MS)
    desk.house.parts.journal.write(lambda: feedback.still_waiting(held(desk, ticket.id)))
    desk.house.parts.journal.write(lambda: feedback.rate(held(desk, ticket.id), Rating.BAD))
    desk.clock.advance(7 * DAY_MS)
    desk.file(billing)
    desk.house.parts.journal.write(lambda: feedback.rate(held(desk, ticket.id), Rating.GOOD))
    desk.house.parts.journal.write(lambda: feedback.solved(held(desk, ticket.id)))
    answer = olga.call("Intake/figures", accountId=olga.account("Oversight"), weeks=3)
    assert answer["weeks"] == [
        {"from": "2026-09-14T00:00:00Z", **NOTHING},
        {"from": "2026-09-21T00:00:00Z", **NOTHING, "tickets": 1, "reminders": 1},
        {"from": "2026-09-28T00:00:00Z", **NOTHING, "tickets": 1, "good": 1, "solved": 1},
    ]
    assert len(olga.call("Intake/figures", accountId=olga.account("Oversight"))["weeks"]) == 8


def test_the_calendar_is_set_whole_or_not_at_all(desk: Bureau, billing: str, olga: Caller) -> None:
    account = olga.account("Oversight")
    wanted = {"zone": "Europe/Berlin", "hours": "Mo-Th 08:00-12:00", "country": "DE-BY"}
    answer = olga.call("Intake/setCalendar", accountId=account, **wanted)
    assert answer["calendar"] == {**wanted, "inZone": "Europe/Berlin"}
    assert olga.call("Intake/figures", accountId=account)["calendar"] == answer["calendar"]
    for wrong in ({"zone": "Europe/Atlantis"}, {"hours": "always"}, {"country": "XX"}):
        assert (
            olga.error("Intake/setCalendar", accountId=account, **{**wanted, "zone": "UTC", **wrong})
            == "invalidArguments"
        )
    assert olga.call("Intake/figures", accountId=account)["calendar"] == answer["calendar"]
    assert str(desk.house.expecting.hours().hours) == "Mo-Th 08:00-12:00"
    changed = [row["subject"] for row in desk.house.parts.audit.entries() if row["what"] == "settingChanged"]
    assert changed == ["calendar.zone", "calendar.hours", "calendar.country"]
    back = olga.call("Intake/setCalendar", accountId=account, zone="", hours="", country="")["calendar"]
    assert (back["zone"], back["hours"], back["country"]) == ("", "Mo-Fr 09:00-17:00", "")


def test_who_is_no_owner_has_no_such_account(desk: Bureau, billing: str, olga: Caller) -> None:
    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    assert ann.error("Intake/figures", accountId=olga.account("Oversight")) == "accountNotFound"
    assert ann.error("Intake/figures", accountId=ann.account("Team")) == "accountNotSupportedByMethod"
