"""Every deed and every property of every object, tried; a property without a row fails."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sync.server.app import data_types
from tests.rigs.bureau import PASSWORD, Caller
from tests.rigs.cast import Cast
from tests.sync.server.access.table import DEEDS, PROPERTIES, rows

AT = "2026-09-01T10:00:00Z"
DEED_ROWS = rows(DEEDS, 3)
PROPERTY_ROWS = {name: cells for (name,), cells in rows(PROPERTIES).items()}
WRITTEN = sorted({name for name, _, _ in DEED_ROWS})
ACCOUNT = {name: "oversight" if name == "Category" else kind for name, kind, _ in DEED_ROWS}
ROLE = {"agent": "with", "owner": "owner"}


def test_every_property_has_its_row_and_every_row_its_property(cast: Cast) -> None:
    types = data_types(cast.bureau.house)
    declared = {f"{one.name}.{name}" for one in types if not one.read_only for name in one.properties}
    assert declared == set(PROPERTY_ROWS)
    assert {one.name for one in types if not one.read_only} == set(WRITTEN)


class Objects:
    """Makes what is to be tried on."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.number = 0

    def values(self, name: str) -> dict[str, Any]:
        """What a new object must have."""
        key, ticket_id = self.cast.bureau.key(), self.cast.ticket_id
        self.number += 1
        match name:
            case "Ticket":
                return self.cast.bureau.call_note(self.cast.category)
            case "Message":
                return self.cast.bureau.words(ticket_id)
            case "Category":
                return {"name": f"Category {self.number}"}
            case "FaqEntry":
                return {"clientKey": key, "question": f"Question {self.number}", "answer": "This way."}
            case "Incident":
                return {"clientKey": key, "title": f"Fault {self.number}", "since": AT}
            case "IncidentNote":
                return {"clientKey": key, "incidentId": self.made("Incident", "with"), "text": "The disk is full."}
            case "AgentAccess":
                given = {self.cast.category: True}
                return {"name": f"Agent {self.number}", "password": PASSWORD, "categoryIds": given}
            case "OpenTicketCap":
                place = self.cast.bureau.house.grants.add_category(f"Capped {self.number}")
                return {"categoryId": place, "most": 3}
            case "Closing":
                return {"name": f"Closed {self.number}", "startsAt": AT, "endsAt": "2026-09-04T10:00:00Z"}
            case "SpotCheck":
                return {"clientKey": key, "at": AT, "asOf": AT, "awaiting": 1, "new": 1, "tooLong": 0}
            case "ReadMark":
                return {"ticketId": f"t{self.number:032x}", "lastSeq": 1}
            case "QuickNote":
                return {"clientKey": key, "text": "Jotted down", "createdAt": AT}
            case _:
                words = {"clientKey": key, "ticketId": ticket_id, "kind": "note", "bodyText": "Held"}
                return {**words, "composedAt": AT, "reason": "notFound"}

    def made(self, name: str, role: str) -> str:
        """The id of a new object, made by whoever may."""
        if (name, ACCOUNT[name], "create") == ("Category", "category", "create"):
            return self.cast.category
        maker = self.cast.callers[role]
        return str(maker.create(name, self.cast.account(role, ACCOUNT[name]), self.values(name))["id"])

    def another(self, name: str, role: str, property_name: str) -> Any:
        """A value for that property that is another than the present one, and fits."""
        match f"{name}.{property_name}":
            case "SpotCheck.awaiting":
                return 2
            case "FaqEntry.status":
                return "published"
            case "FaqEntry.categoryIds" | "Closing.categoryIds" | "Incident.categoryIds":
                return {self.cast.category: True}
            case "Ticket.mergedIntoId":
                return self.made("Ticket", role)
            case "Ticket.links":
                return {self.cast.ticket_id: True}
            case "Ticket.followUpOf":
                return self.cast.ticket_id
            case "Ticket.categoryId" | "OpenTicketCap.categoryId":
                return self.cast.bureau.house.grants.add_category(f"Elsewhere {self.number}")
            case "Ticket.incidentId" | "IncidentNote.incidentId":
                return self.made("Incident", "with")
            case "Incident.keeperId" | "Ticket.assigneeId":
                return self.cast.bureau.house.people.find("with")["id"]
            case "Ticket.requester":
                return {"name": "Zoe"}
            case "Ticket.firstMessage":
                return {"bodyText": "Other words", "composedAt": AT}
            case "AgentAccess.categoryIds":
                return {}
            case "AgentAccess.secondLineIds":
                return {self.cast.category: True}
            case "AgentAccess.reassignTo":
                return self.cast.bureau.house.people.find("with")["id"]
        return SAMPLES[property_name]


SAMPLES: dict[str, Any] = {
    "title": "Another fault", "since": "2026-09-02T10:00:00Z", "eta": "2026-09-03T10:00:00Z",
    "fixedAt": "2026-09-03T11:00:00Z", "cause": "Disk full", "isPublic": True, "lateAt": AT, "followers": 3, "works": 3,
    "broken": 3,
    "reminders": 3, "rating": "good", "notice": "Call if urgent.", "startsAt": "2026-09-02T10:00:00Z",
    "endsAt": "2026-09-03T10:00:00Z",
    "question": "Another question", "answer": "Another way.", "language": "de", "slug": "another", "shown": 9,
    "opened": 9, "answered": 9,
    "clientKey": "key-another", "number": 77, "subject": "Another", "status": "open", "priority": "high",
    "channel": "phone", "site": "shop", "requesterId": "r" + "0" * 32, "awaiting": "requester", "awaitingSince": AT,
    "createdAt": "2026-09-02T10:00:00Z", "updatedAt": AT, "closedAt": AT, "resolution": "Paid back",
    "outcome": "solved", "tags": {"refund": True}, "lastSeq": 9, "messageId": "m" + "0" * 32,
    "ticketId": "t" + "9" * 32,
    "seq": 9, "kind": "reply", "authorId": "g" + "0" * 32, "bodyText": "Other words",
    "composedAt": "2026-09-02T10:00:00Z",
    "postedAt": AT, "attachments": [], "originalBlobId": "b" + "0" * 32, "baseSeq": 1,
    "name": "Another name", "agentIds": ["g" + "0" * 32],
    "limitMs": 3_600_000, "isOwner": True, "active": False, "devices": {}, "lastSeenAt": AT,
    "password": "another horse",
    "byAgentId": "g" + "0" * 32, "at": "2026-09-02T10:00:00Z", "asOf": "2026-09-02T10:00:00Z", "new": 2,
    "most": 2, "until": AT, "ledTimes": 7, "description": "Invoices and refunds",
    "tooLong": 2, "oldestTicketId": "t" + "9" * 32, "text": "Jotted down otherwise", "reason": "closed",
}  # fmt: skip


@pytest.fixture
def objects(cast: Cast) -> Objects:
    return Objects(cast)


def outcome(answer: dict[str, Any], deed: str) -> dict[str, Any] | None:
    """The SetError of the only object, None where it was done."""
    errors = answer[{"create": "notCreated", "update": "notUpdated", "destroy": "notDestroyed"}[deed]]
    return None if errors is None else next(iter(errors.values()))


def try_deed(objects: Objects, name: str, kind: str, deed: str, role: str) -> str:
    """yes, or the refusal; the object is the owner's making where the caller may not make one."""
    caller, account_id = objects.cast.callers[role], objects.cast.account(role, kind)
    in_category = (name, kind) == ("Category", "category")
    if deed == "create":
        arguments: dict[str, Any] = {"create": {"k": objects.values(name)}}
    else:
        maker = role if ACCOUNT[name] == "own" or name in ("Ticket", "Message") else "owner"
        object_id = objects.cast.category if in_category else objects.made(name, maker)
        changed = CHANGE.get(name, {})
        arguments = {"update": {object_id: changed}} if deed == "update" else {"destroy": [object_id]}
    response = caller.calls((f"{name}/set", {"accountId": account_id, **arguments}))[0]
    if response[0] == "error":
        return "closed" if response[1]["type"] == "accountNotFound" else str(response[1]["type"])
    refusal = outcome(response[1], deed)
    return "yes" if refusal is None else str(refusal["type"])


CHANGE: dict[str, dict[str, Any]] = {
    "Ticket": {"priority": "high"},
    "Message": {"bodyText": "Rewritten"},
    "Category": {"name": "Renamed"},
    "AgentAccess": {"name": "Renamed agent"},
    "Closing": {"name": "Closed otherwise"},
    "FaqEntry": {"question": "Asked otherwise"},
    "Incident": {"title": "Otherwise"},
    "IncidentNote": {"text": "Rewritten"},
    "SpotCheck": {"awaiting": 5},
    "OpenTicketCap": {"most": 5},
    "ReadMark": {"lastSeq": 5},
    "QuickNote": {"text": "Rewritten"},
    "HeldMessage": {"bodyText": "Rewritten"},
}


def test_each_deed_is_done_or_refused_as_the_table_says(objects: Objects) -> None:
    found = {
        (name, kind, deed): {who: try_deed(objects, name, kind, deed, ROLE[who]) for who in ROLE}
        for name, kind, deed in DEED_ROWS
    }
    assert found == DEED_ROWS


def whoever_may(name: str) -> str:
    return "owner" if ACCOUNT[name] == "oversight" or name == "Closing" else "with"


def property_cases() -> Iterator[tuple[str, str]]:
    for row in PROPERTY_ROWS:
        name, _, property_name = row.partition(".")
        yield name, property_name


Attempt = Callable[[Objects, Caller, str, str, str], dict[str, Any] | None]


def create_with(objects: Objects, caller: Caller, account_id: str, name: str, one: str) -> dict[str, Any] | None:
    values = objects.values(name)
    if f"{name}.{one}" == "AgentAccess.devices":
        values[one] = {"k" + "0" * 32: {"device": "mine"}}
    elif one not in values or one not in ("clientKey", "categoryId", "name", "ticketId"):
        values[one] = objects.another(name, whoever_may(name), one)
    return outcome(caller.call(f"{name}/set", accountId=account_id, create={"k": values}), "create")


def update_with(objects: Objects, caller: Caller, account_id: str, name: str, one: str) -> dict[str, Any] | None:
    object_id = objects.made(name, whoever_may(name))
    if f"{name}.{one}" == "AgentAccess.devices":
        objects.cast.bureau.caller(objects.cast.bureau.house.people.find(object_id)["name"])
    value = "form" if one == "channel" else objects.another(name, whoever_may(name), one)
    patch = {one: objects.cast.bureau.key() if one == "clientKey" else value}
    return outcome(caller.call(f"{name}/set", accountId=account_id, update={object_id: patch}), "update")


@pytest.mark.parametrize(("deed", "attempt"), [("create", create_with), ("update", update_with)])
def test_each_property_is_set_by_whom_the_table_says(objects: Objects, deed: str, attempt: Attempt) -> None:
    found = {}
    for name, one in property_cases():
        role = whoever_may(name)
        caller, account_id = objects.cast.callers[role], objects.cast.account(role, ACCOUNT[name])
        refusal = attempt(objects, caller, account_id, name, one)
        if refusal is not None and DEED_ROWS[(name, ACCOUNT[name], deed)]["owner"] == "yes":
            assert refusal["type"] == "invalidProperties", (name, one, refusal)
            assert one in refusal["properties"], (name, one, refusal)
        found[f"{name}.{one}"] = "-" if refusal is not None else deed
    assert found == {name: cells[deed] for name, cells in PROPERTY_ROWS.items()}
