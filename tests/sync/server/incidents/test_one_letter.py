"""Whoever is told of an incident gets one letter for all their tickets that are gathered, and none that is stale."""

from __future__ import annotations

import pytest

from sync.domain.times import HOUR_MS, MINUTE_MS
from tests.rigs.faults import CONFIRM, PAGE, Faults
from tests.rigs.street import Street

ON_ONE = pytest.mark.parametrize("server_database", ["sqlite"], indirect=True)
"""What does not depend on the database."""
ZOE = "zoe@mail.example"


@pytest.fixture
def faults(street: Street) -> Faults:
    return Faults(street)


def gathered(faults: Faults, count: int, **more: object) -> str:
    """An incident with so many tickets of Zoe's, and one of somebody else's; an hour after the last confirmation."""
    for number in range(count):
        faults.street.asked(email=ZOE, subject=f"Download {number}", text=f"It stops at {number} %")
    faults.street.asked(email="bob@mail.example", subject="Mine", text="It stops too")
    incident_id = faults.incident(**more)
    faults.gather(incident_id, *faults.tickets())
    faults.street.clock.advance(HOUR_MS + MINUTE_MS)
    return incident_id


def to_zoe(faults: Faults) -> list[tuple[str, str]]:
    return [(subject, text) for to, subject, text in faults.letters() if to == ZOE]


def test_one_letter_names_all_tickets_of_an_address_with_the_link_of_each(faults: Faults) -> None:
    incident_id = gathered(faults, 4)
    faults.change(incident_id, eta=faults.at(HOUR_MS))
    [(subject, text)] = to_zoe(faults)
    assert subject == "Your 4 requests: news of the repair: Downloads fail"
    assert "your requests #1, #2, #3 and #4 belong to a fault" in text
    faults.street.clock.advance(HOUR_MS + MINUTE_MS)
    faults.street.house.parts.database.write(
        lambda: faults.street.house.parts.database.execute("UPDATE letter SET state = 'done', settled_at = 1")
    )
    faults.change(incident_id, fixedAt=faults.at())
    subject, text = to_zoe(faults)[-1]
    assert len(to_zoe(faults)) == 2
    assert subject == "Your 4 requests: repaired: Downloads fail"
    pages = PAGE.findall(text)
    assert len(set(pages)) == 4
    for number, page in enumerate(pages, start=1):
        shown = faults.street.get(page).text
        assert f"Ticket #{number}," in shown
        assert "Does it work again?" in shown
    told = faults.street.rows("SELECT COUNT(*) FROM message WHERE kind = 'event' AND body_text LIKE '%incidentFixed%'")
    assert told == [(5,)]
    assert [subject for to, subject, _ in faults.letters() if to != ZOE][-1] == (
        "Your request #5: repaired: Downloads fail"
    )


def test_newer_words_take_the_place_of_the_one_letter_that_waits(faults: Faults) -> None:
    incident_id = gathered(faults, 3)
    for hours in (2, 3):
        faults.change(incident_id, eta=faults.at(hours * HOUR_MS))
    assert len(to_zoe(faults)) == 1
    faults.street.edit(faults.tickets()[2], "status", "closed")
    faults.change(incident_id, eta=faults.at(4 * HOUR_MS))
    [(_, text)] = to_zoe(faults)
    assert "your requests #1 and #2 belong to a fault" in text
    faults.change(incident_id, fixedAt=faults.at())
    [(subject, text)] = to_zoe(faults)
    assert subject == "Your 3 requests: repaired: Downloads fail"
    assert len(PAGE.findall(text)) == 3


@ON_ONE
def test_of_a_repair_that_did_not_hold_nobody_is_told_late(faults: Faults) -> None:
    faults.street.asked(email=ZOE)
    incident_id = faults.incident()
    faults.gather(incident_id, *faults.tickets())
    faults.change(incident_id, fixedAt=faults.at())
    assert len(to_zoe(faults)) == 1  # it waits for the hour
    faults.change(incident_id, fixedAt=None)
    assert to_zoe(faults) == []
    assert len(faults.letters("confirmation")) == 1


@ON_ONE
def test_where_no_address_of_the_pages_is_known_the_answer_goes_to_the_newest_ticket(faults: Faults) -> None:
    incident_id = gathered(faults, 2)
    faults.street.house.parts.settings.put("public_url", "")
    faults.change(incident_id, fixedAt=faults.at())
    [(_, text)] = to_zoe(faults)
    assert "just answer this mail" in text
    [(ticket_id,)] = faults.street.rows("SELECT ticket_id FROM letter WHERE to_key = ? AND kind = 'notice'", ZOE)
    assert ticket_id == faults.tickets()[1]


def test_whoever_follows_and_has_a_ticket_too_is_told_once(faults: Faults) -> None:
    incident_id = gathered(faults, 1, isPublic=True)
    faults.street.house.faults.followers.follow(incident_id, "Zoe@Mail.example")
    faults.street.house.faults.followers.follow(incident_id, "else@mail.example")
    faults.change(incident_id, fixedAt=faults.at())
    assert sorted(to for to, _, _ in faults.letters()) == ["bob@mail.example", "else@mail.example", ZOE]
    assert "Your request #1: repaired" in to_zoe(faults)[0][0]
    assert faults.street.count("incident_follower") == 0


@ON_ONE
def test_a_link_that_waits_to_confirm_an_address_does_not_go_out_once_it_is_over(faults: Faults) -> None:
    faults.street.asked(email=ZOE)
    incident_id, other = faults.incident(isPublic=True), faults.incident(isPublic=True)
    for one in (incident_id, other):
        assert faults.street.house.faults.followers.ask(one, ZOE)
    assert len(to_zoe(faults)) == 2
    assert all(CONFIRM.search(text) for _, text in to_zoe(faults))
    faults.change(incident_id, fixedAt=faults.at())
    [(_, text)] = to_zoe(faults)
    link = CONFIRM.search(text)
    assert link is not None
    assert faults.street.get(link[1]).status_code == 200  # of the other one
