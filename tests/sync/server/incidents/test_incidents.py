"""Incidents from the first ticket to "it works again": gathered, told, late, repaired, and one is still broken."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest

from sync.domain.incidents import filled
from sync.domain.times import HOUR_MS, MINUTE_MS
from sync.server.expecting.wording import moment
from tests.rigs.bureau import PASSWORD
from tests.rigs.faults import CONFIRM, PAGE, Faults
from tests.rigs.street import Street

ON_ONE = pytest.mark.parametrize("server_database", ["sqlite"], indirect=True)
"""What does not depend on the database."""


@pytest.fixture
def faults(street: Street) -> Faults:
    return Faults(street)


def test_the_whole_story_of_thirty_tickets(faults: Faults) -> None:
    street, clock = faults.street, faults.street.clock
    for number in range(30):
        street.asked(email=f"asker{number}@mail.example", subject=f"Download {number}", text=f"It stops at {number} %")
    incident_id = faults.incident(eta=faults.at(2 * HOUR_MS))
    faults.gather(incident_id, *faults.tickets())
    assert faults.letters() == []
    for number, ticket_id in enumerate(faults.tickets()):
        faults.reply(ticket_id, filled("Hello, your number is {number}.", {"number": str(number)}))
    assert len({to for to, _, _ in faults.letters("reply")}) == 30
    clock.advance(HOUR_MS + MINUTE_MS)  # the confirmations of this hour are over
    faults.change(incident_id, eta=faults.at(3 * HOUR_MS))
    letters = faults.letters()
    assert len({to for to, _, _ in letters}) == len(letters) == 30
    assert all("We now expect it to be repaired by Monday, 21 September 2026" in text for _, _, text in letters)
    clock.advance(3 * HOUR_MS + 1)
    assert street.house.faults.incidents.look() in (0, 1)  # the server's own watch may have been first
    assert street.house.faults.incidents.look() == 0
    assert faults.one(incident_id)["lateAt"] is not None
    faults.change(incident_id, fixedAt=faults.at())
    done = [one for one in faults.letters() if "repaired" in one[1]]
    assert len(done) == 30
    pages = [PAGE.search(text) for _, _, text in done]
    first, second = (str(one[1]) for one in pages[:2] if one is not None)
    assert "Does it work again?" in street.get(first).text
    street.post(f"{first}/works", {"key": "k" * 32})
    street.post(f"{second}/broken", {"key": "l" * 32})
    street.post(f"{second}/broken", {"key": "m" * 32})
    stands = {str(one): str(status) for one, status in street.rows("SELECT id, status FROM ticket")}
    assert sorted(stands.values()).count("closed") == 1
    kept = faults.one(incident_id)
    assert (kept["works"], kept["broken"]) == (1, 1)
    assert "Does it work again?" not in street.get(second).text
    [(words,)] = street.rows("SELECT body_text FROM message WHERE body_text = ?", "It is still broken.")
    assert words == "It is still broken."
    assert street.count("arrival") == 31


@ON_ONE
def test_a_ticket_that_is_deleted_takes_its_answer_along(faults: Faults) -> None:
    page = faults.street.asked()
    incident_id = faults.incident()
    faults.gather(incident_id, *faults.tickets())
    faults.change(incident_id, fixedAt=faults.at())
    faults.street.post(f"{page}/broken", {"key": "k" * 32})
    assert faults.one(incident_id)["broken"] == 1

    faults.street.house.people.add("Olga", PASSWORD, is_owner=True)
    faults.street.caller("Olga").call("Ticket/set", accountId=faults.billing, destroy=faults.tickets())

    assert faults.one(incident_id)["broken"] == 0


@ON_ONE
def test_whoever_has_answered_is_not_asked_again_where_a_workstation_is_ahead(faults: Faults) -> None:
    page = faults.street.asked()
    incident_id = faults.incident()
    faults.gather(incident_id, *faults.tickets())
    faults.change(incident_id, fixedAt=faults.at(5 * MINUTE_MS))
    assert "Does it work again?" in faults.street.get(page).text
    faults.street.post(f"{page}/works", {"key": "k" * 32})
    assert "Does it work again?" not in faults.street.get(page).text


def test_newer_words_replace_those_that_wait_and_other_letters_stay(faults: Faults) -> None:
    faults.street.asked()
    incident_id = faults.incident()
    faults.gather(incident_id, *faults.tickets())
    assert len(faults.letters("confirmation")) == 1
    for hours in (2, 3, 4):
        faults.change(incident_id, eta=faults.at(hours * HOUR_MS))
    [(_, _, text)] = faults.letters()
    assert moment(faults.street.clock.now_ms() + 4 * HOUR_MS, ZoneInfo("Europe/Berlin")) in text
    [(due,)] = faults.street.rows("SELECT next_at FROM letter WHERE kind = 'notice'")
    assert due == faults.street.clock.now_ms() + HOUR_MS
    faults.change(incident_id, title="Other words")
    assert len(faults.letters()) == 1
    assert len(faults.letters("confirmation")) == 1


def test_what_is_merged_or_closed_is_not_told_of_an_eta_and_a_later_ticket_is(faults: Faults) -> None:
    for email in ("one@mail.example", "two@mail.example"):
        faults.street.asked(email=email, subject=email)
    incident_id = faults.incident()
    one, _ = faults.tickets()
    faults.gather(incident_id, *faults.tickets())
    faults.street.edit(one, "status", "closed")
    faults.change(incident_id, eta=faults.at(HOUR_MS))
    assert [to for to, _, _ in faults.letters()] == ["two@mail.example"]
    told = [json.loads(body) for (body,) in faults.street.rows("SELECT body_text FROM message WHERE kind = 'event'")]
    assert [one["words"] for one in told if one["what"] == "incidentTold"] == ["Downloads fail"]


@ON_ONE
def test_the_banner_tells_what_is_known_and_hides_what_is_not_public(faults: Faults) -> None:
    street = faults.street
    page = street.asked()
    faults.incident(title="Internal <b>", isPublic=False)
    elsewhere = street.house.grants.add_category("Repairs")
    faults.incident(title="Elsewhere", isPublic=True, categoryIds={elsewhere: True})
    shown = faults.incident(
        title="Downloads <i>fail</i>", notice="Small files work.", isPublic=True, eta=faults.at(HOUR_MS)
    )
    for path in ("/", page):
        html = street.get(path).text
        assert "Downloads &lt;i&gt;fail&lt;/i&gt;" in html
        assert "Small files work." in html
        assert "We expect to repair it by Monday, 21 September 2026" in html
        assert "Internal" not in html
        assert ("Elsewhere" in html) is (path == "/")
    street.clock.advance(2 * HOUR_MS)
    assert "are still at it" in street.get("/").text
    faults.change(shown, fixedAt=faults.at())
    assert "Downloads" not in street.get("/").text


def test_told_when_it_is_fixed_without_a_ticket(faults: Faults) -> None:
    street = faults.street
    incident_id = faults.incident(isPublic=True)
    answers = {street.post(f"/incidents/{incident_id}/follow", {"email": "Zoe@Mail.example"}).text for _ in range(2)}
    answers.add(street.post("/incidents/i0/follow", {"email": "zoe@mail.example"}).text)
    assert len(answers) == 1
    [(to, _, text)] = faults.letters()
    link = CONFIRM.search(text)
    assert to.lower() == "zoe@mail.example"
    assert link is not None
    assert street.post(f"/incidents/{incident_id}/follow", {"email": "no address"}).status_code == 422
    assert "Downloads fail" in street.get(link[1]).text
    assert faults.one(incident_id)["followers"] == 0  # a look confirms nothing
    faults.change(incident_id, isPublic=False)
    assert (street.get(link[1]).status_code, street.post(link[1], {}).status_code) == (404, 404)
    faults.change(incident_id, isPublic=True)
    assert "We write to you once it is repaired" in street.post(link[1], {}).text
    assert faults.one(incident_id)["followers"] == 1
    faults.change(incident_id, eta=faults.at(HOUR_MS))
    faults.change(incident_id, fixedAt=faults.at())
    mailed = faults.letters()
    assert "your address is forgotten now" in mailed[-1][2]
    assert street.count("incident_follower") == 0
    faults.change(incident_id, fixedAt=None)
    assert faults.one(incident_id)["followers"] == 0
    assert street.get(link[1]).status_code == 404


@ON_ONE
def test_whoever_has_a_ticket_follows_with_one_click(faults: Faults) -> None:
    street = faults.street
    page = street.asked()
    incident_id = faults.incident(isPublic=True)
    assert "Tell me when it is repaired" in street.get(page).text
    for _ in range(2):
        assert street.post(f"{page}/follow", {"incident": incident_id}).status_code == 303
    assert "We tell you when it is repaired." in street.get(page).text
    assert faults.one(incident_id)["followers"] == 1
    street.post(f"{page}/follow", {"incident": "i0"})
    assert street.count("incident_follower") == 1


def test_addresses_that_nobody_confirmed_are_forgotten(faults: Faults) -> None:
    incident_id = faults.incident(isPublic=True)
    assert faults.street.house.faults.followers.ask(incident_id, "zoe@mail.example")
    faults.street.house.faults.followers.forget()
    assert faults.street.count("incident_follower") == 1
    faults.street.clock.advance(49 * HOUR_MS)
    faults.street.house.faults.followers.forget()
    assert faults.street.count("incident_follower") == 0


@ON_ONE
def test_what_makes_no_sense_is_refused_and_only_owners_tell_the_public_where_it_is_set_so(faults: Faults) -> None:
    key = faults.street.house.parts.ids.client_key
    base = {"title": "X", "since": faults.at()}
    for wrong in (
        {"title": " "},
        {"eta": faults.at(-HOUR_MS)},
        {"fixedAt": faults.at()},
        {"categoryIds": {"c1": True}},
        {"keeperId": "g0"},
    ):
        refusal = faults.ann.refusal("Incident", faults.team, {**base, "clientKey": key(), **wrong})
        assert refusal["type"] == "invalidProperties", wrong
        assert refusal["description"].endswith(".")
    faults.street.house.parts.settings.put("incident.agents_announce", "0")
    refusal = faults.ann.refusal("Incident", faults.team, {**base, "clientKey": key(), "isPublic": True})
    assert refusal["type"] == "forbidden"
    kept = faults.incident()
    assert faults.change(kept, isPublic=True)["notUpdated"][kept]["type"] == "forbidden"
    faults.street.house.people.add("Olga", PASSWORD, is_owner=True)
    olga = faults.street.caller("Olga")
    assert olga.call("Incident/set", accountId=faults.team, update={kept: {"isPublic": True}})["notUpdated"] is None
    assert faults.one(kept)["keeperId"] == faults.street.agent


@ON_ONE
def test_the_internal_thread_is_kept_once_each(faults: Faults) -> None:
    incident_id = faults.incident()
    key = faults.street.house.parts.ids.client_key()
    note = {"clientKey": key, "incidentId": incident_id, "text": "The disk is full."}
    first = faults.ann.create("IncidentNote", faults.team, note)["id"]
    assert faults.ann.create("IncidentNote", faults.team, note)["id"] == first
    [kept] = faults.ann.get("IncidentNote", faults.team)
    assert (kept["text"], kept["authorId"], kept["incidentId"]) == (
        "The disk is full.",
        faults.street.agent,
        incident_id,
    )
    wrong = {**note, "clientKey": faults.street.house.parts.ids.client_key(), "incidentId": "i0"}
    assert faults.ann.refusal("IncidentNote", faults.team, wrong)["type"] == "invalidProperties"


@ON_ONE
def test_a_ticket_goes_only_to_an_incident_that_is_there_and_a_merge_keeps_it(faults: Faults) -> None:
    for number in range(2):
        faults.street.asked(subject=f"Again {number}")
    one, other = faults.tickets()
    answer = faults.ann.call("Ticket/set", accountId=faults.billing, update={one: {"incidentId": "i0"}})
    assert answer["notUpdated"][one]["type"] == "invalidProperties"
    incident_id = faults.incident()
    faults.gather(incident_id, one)
    faults.ann.call("Ticket/set", accountId=faults.billing, update={one: {"mergedIntoId": other}})
    assert faults.ann.one("Ticket", faults.billing, other)["incidentId"] == incident_id
