"""Requester/export and Requester/erase: an owner hands out, or erases, what is kept of somebody."""

from __future__ import annotations

import io
import json
import zipfile

from sync.server.personal.scrubbing import is_owed
from tests.rigs.bureau import BASE, Bureau

SECRET = "Quetzalcoatl"


def test_an_owner_downloads_what_is_kept_of_a_requester(desk: Bureau, billing: str) -> None:
    desk.agent("Olga", owner=True)
    ticket = desk.file(billing, "Help", f"Words of {SECRET}").ticket
    olga = desk.caller("Olga")
    account = olga.account("Oversight")
    found = olga.call("Requester/export", accountId=account, requesterId=ticket.requester_id)
    assert (found["tickets"], found["messages"]) == (1, 1)
    answer = olga.session.get(f"{BASE}/jmap/download/{account}/{found['blobId']}/{found['name']}")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert SECRET in archive.read("messages.jsonl").decode()
        assert json.loads(archive.read("requester.json"))["email"] == "bob@example.org"
    deeds = [row for row in desk.house.parts.audit.entries() if row["what"] == "requesterExported"]
    assert [row["subject"] for row in deeds] == [ticket.requester_id]


def test_an_owner_erases_a_requester_and_agents_hear_of_it(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    desk.agent("Olga", owner=True)
    ticket = desk.file(billing, f"Help {SECRET}", f"Words of {SECRET}").ticket
    ann, olga = desk.caller("Ann"), desk.caller("Olga")
    here = ann.account("Billing")
    since = {name: ann.state(name, here) for name in ("Ticket", "Message", "Requester")}
    account = olga.account("Oversight")
    found = olga.call("Requester/erase", accountId=account, requesterId=ticket.requester_id)
    assert (found["tickets"], found["messages"], found["files"]) == (1, 1, 0)
    for name, state in since.items():
        assert ann.changes(name, here, state)["updated"] != []
        assert SECRET not in json.dumps(ann.get(name, here))
    assert is_owed(desk.house.parts.database)
    desk.house.upkeep.run()
    assert is_owed(desk.house.parts.database) == desk.house.parts.database.is_postgres


def test_nobody_else_may_and_nobody_is_told_who_is_there(desk: Bureau, billing: str) -> None:
    desk.agent("Ann", billing)
    desk.agent("Olga", owner=True)
    ticket = desk.file(billing, "Help").ticket
    ann, olga = desk.caller("Ann"), desk.caller("Olga")
    account = olga.account("Oversight")
    for name in ("Requester/export", "Requester/erase"):
        assert ann.error(name, accountId=account, requesterId=ticket.requester_id) == "accountNotFound"
        assert ann.error(name, accountId=ann.account("Billing"), requesterId=ticket.requester_id) == (
            "accountNotSupportedByMethod"
        )
        assert olga.error(name, accountId=account, requesterId="r" + "0" * 32) == "notFound"
