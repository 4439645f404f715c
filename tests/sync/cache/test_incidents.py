"""Incidents on the workstation: known without a network, tickets gathered offline, surges that last."""

from typing import Any

from sync.cache.incidents import Gathered
from sync.domain.actions import EditTicket
from sync.domain.incidents import Incident
from sync.domain.times import HOUR_MS, to_utc_date
from tests.rigs.fed_cache import BILLING, START, TEAM, FedCache, access, account


def incident(number: int, **changes: Any) -> dict[str, Any]:
    at = to_utc_date(START + number * HOUR_MS)
    row: dict[str, Any] = {
        "id": f"i{number:032x}", "title": f"Incident {number}", "notice": "", "since": at, "eta": None,
        "fixedAt": None, "cause": "", "categoryIds": {}, "isPublic": False, "keeperId": None, "lateAt": None,
        "createdAt": at, "updatedAt": at, "followers": 0, "works": 0, "broken": 0,
    }  # fmt: skip
    return {**row, **changes}


def note(number: int, incident_id: str) -> dict[str, Any]:
    return {
        "id": f"n{number:032x}", "incidentId": incident_id, "authorId": None, "text": f"Note {number}",
        "at": to_utc_date(START + number),
    }  # fmt: skip


def surge(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "id": f"x{number:032x}", "categoryId": BILLING, "since": to_utc_date(START), "endedAt": None, "count": 42,
        "minutes": 20, "usual": 5,
    }  # fmt: skip
    return {**row, **changes}


def test_incidents_are_read_running_ones_first_and_follow_the_server(desk: FedCache) -> None:
    desk.cache.save_access(access(BILLING))
    over = incident(3, fixedAt=to_utc_date(START + 9 * HOUR_MS))
    due = incident(1, eta=to_utc_date(START + 5 * HOUR_MS))
    told = desk.page({"Incident": [over, due, incident(2)]}, of=TEAM, replace=True)
    assert told.changes.everything
    assert [one.title for one in desk.reader.incidents()] == ["Incident 2", "Incident 1", "Incident 3"]
    first = incident(1)["id"]
    assert desk.page({"IncidentNote": [note(2, first), note(1, first)]}, of=TEAM).changes.incidents
    assert [one.text for one in desk.reader.incident_notes(first)] == ["Note 1", "Note 2"]
    assert desk.reader.incident(first) == Incident(
        first, "Incident 1", START + HOUR_MS, eta=START + 5 * HOUR_MS, created_at=START + HOUR_MS,
        updated_at=START + HOUR_MS,
    )  # fmt: skip
    desk.page({"Incident": [incident(4)]}, of=TEAM, replace=True)
    assert [one.title for one in desk.reader.incidents()] == ["Incident 4"]
    assert desk.reader.incident_notes(first) == []


def test_a_ticket_is_gathered_offline_and_counted(desk: FedCache) -> None:
    desk.fill(1, 2)
    one = f"t{1:032x}"
    edit = EditTicket(desk.ids.client_key(), one, {"incidentId": "i1"}, {"incidentId": None}, START)
    desk.cache.put(edit)
    detail = desk.reader.ticket(one)
    assert detail is not None
    assert (detail.incident_id, detail.base["incidentId"]) == ("i1", None)
    assert desk.reader.gathered("i1") == Gathered(1, 1)
    assert desk.reader.tickets_of_incident("i1", open_only=True) == [one]
    assert desk.reader.tickets_of_incident("i2") == []


def test_a_surge_is_known_while_it_lasts(desk: FedCache) -> None:
    desk.cache.save_access(access(BILLING))
    assert desk.page({"Surge": [surge(1)]}, of=account(BILLING)).changes.surges
    [lasting] = desk.reader.surges()
    assert (lasting.category_id, lasting.count, lasting.usual) == (BILLING, 42, 5)
    desk.page({"Surge": [surge(1, endedAt=to_utc_date(START + HOUR_MS))]}, of=account(BILLING))
    assert desk.reader.surges() == []
