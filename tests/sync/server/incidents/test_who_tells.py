"""Whose words about an incident reach requesters: nobody's who may not answer their tickets (PRODUCT B1)."""

from __future__ import annotations

from typing import Any

import pytest

from sync.domain.times import HOUR_MS, to_utc_date
from tests.rigs.bureau import PASSWORD
from tests.rigs.street import Street

LETTERS = "SELECT body_text FROM letter WHERE kind = 'notice'"


@pytest.fixture
def incident(street: Street) -> str:
    """Opened by Ann, with a ticket of Billing; Ben sees another category alone, Olga is an owner. No mail goes out."""
    street.house.sending.stop()
    for name, value in (("mail.smtp", "smtp://127.0.0.1:9"), ("mail.from", "Help desk <support@help.example>")):
        street.house.parts.settings.put(name, value)
    street.house.grants.grant(street.agent, street.category)
    ben = street.house.people.add("Ben", PASSWORD)
    street.house.grants.grant(ben, street.house.grants.add_category("Repairs"))
    street.house.people.add("Olga", PASSWORD, is_owner=True)
    ann = street.caller("Ann")
    values = {"clientKey": street.house.parts.ids.client_key(), "title": "Downloads fail", "since": at(street)}
    incident_id = str(ann.create("Incident", ann.account("Team"), values)["id"])
    street.asked()
    gathered = {street.only_ticket(): {"incidentId": incident_id}}
    assert ann.call("Ticket/set", accountId=ann.account("Billing"), update=gathered)["notUpdated"] is None
    street.clock.advance(2 * HOUR_MS)
    return incident_id


def at(street: Street, ms: int = 0) -> str:
    return to_utc_date(street.clock.now_ms() + ms)


def change(street: Street, name: str, incident_id: str, **patch: Any) -> str | None:
    """As that colleague; the type of the refusal."""
    caller = street.caller(name)
    answer = caller.call("Incident/set", accountId=caller.account("Team"), update={incident_id: patch})
    return None if answer["notUpdated"] is None else str(answer["notUpdated"][incident_id]["type"])


def test_who_may_not_answer_a_gathered_ticket_writes_nothing_to_its_requester(street: Street, incident: str) -> None:
    ben = street.house.people.find("Ben")["id"]
    for patch in (
        {"notice": "Pay here", "eta": at(street, HOUR_MS)},
        {"title": "Pay here"},
        {"fixedAt": at(street)},
        {"keeperId": ben},
    ):
        assert change(street, "Ben", incident, **patch) == "forbidden", patch
    assert street.rows(LETTERS) == []
    assert change(street, "Ben", incident, cause="Disk") is None


@pytest.mark.parametrize("name", ["Ann", "Olga"])
def test_whoever_sees_all_of_them_tells_them(street: Street, incident: str, name: str) -> None:
    assert change(street, name, incident, notice="It is the disk", eta=at(street, HOUR_MS)) is None
    [(text,)] = street.rows(LETTERS)
    assert "It is the disk" in text


def test_whoever_keeps_it_tells_them_too(street: Street, incident: str) -> None:
    assert change(street, "Olga", incident, keeperId=street.house.people.find("Ben")["id"]) is None
    assert change(street, "Ben", incident, fixedAt=at(street)) is None
    assert len(street.rows(LETTERS)) == 1
