"""People and categories as owners keep them (PRODUCT B4): who sees it, what may be changed, what follows at once."""

import json
from collections.abc import Mapping
from typing import Any, cast

import pytest

from sync.server.audit import Deed
from sync.server.migrations import people_for_owners
from tests.rigs.bureau import BASE, PASSWORD, Bureau, Caller, Events


@pytest.fixture
def olga(desk: Bureau) -> Caller:
    """The only owner."""
    desk.agent("Olga", owner=True)
    return desk.caller("Olga")


def _update(caller: Caller, agent_id: str, patch: Mapping[str, object], **more: object) -> dict[str, Any]:
    """The SetError; empty where it was done."""
    found = caller.call("AgentAccess/set", accountId=caller.account("Oversight"), update={agent_id: patch}, **more)
    return cast(dict[str, Any], (found["notUpdated"] or {}).get(agent_id, {}))


def test_owners_read_grants_roles_and_devices(desk: Bureau, billing: str, olga: Caller) -> None:
    ann_id = desk.agent("Ann", billing)
    ann = desk.caller("Ann")

    seen = olga.one("AgentAccess", olga.account("Oversight"), ann_id)

    assert (seen["name"], seen["isOwner"], seen["active"]) == ("Ann", False, True)
    assert seen["categoryIds"] == {billing: True}
    assert [one["device"] for one in seen["devices"].values()] == ["test"]
    assert list(seen["devices"]) == [ann.token["tokenId"]]
    assert seen["lastSeenAt"] is not None
    assert (seen["password"], seen["reassignTo"]) == (None, None)
    assert "Oversight" not in {one["name"] for one in ann.document()["accounts"].values()}


def test_everything_that_changes_access_is_told_to_owners(desk: Bureau, billing: str, olga: Caller) -> None:
    account = olga.account("Oversight")
    ann_id = desk.agent("Ann")
    for change in (
        lambda: desk.house.grants.grant(ann_id, billing),
        lambda: desk.house.grants.revoke(ann_id, billing),
        lambda: desk.caller("Ann"),
        lambda: desk.house.people.set_password(ann_id, "another horse"),
        lambda: desk.house.people.set_owner(ann_id, True),
        lambda: desk.house.people.deactivate(ann_id),
    ):
        state = olga.state("AgentAccess", account)
        change()
        assert ann_id in olga.changes("AgentAccess", account, state)["updated"]


def test_a_new_agent_signs_in_with_the_first_password_and_sees_what_was_ticked(
    desk: Bureau, billing: str, olga: Caller
) -> None:
    account = olga.account("Oversight")
    values = {"name": "Ann", "password": PASSWORD, "categoryIds": {billing: True}}
    made = olga.create("AgentAccess", account, values)

    assert {one["name"] for one in desk.caller("Ann").document()["accounts"].values()} == {
        "Team", "Personal", "Billing",
    }  # fmt: skip
    assert olga.one("AgentAccess", account, made["id"])["password"] is None
    assert olga.refusal("AgentAccess", account, {**values, "name": " ann "})["type"] == "nameTaken"
    short = olga.refusal("AgentAccess", account, {"name": "Ben", "password": "short"})
    assert "8 to 1000" in short["description"]
    assert olga.refusal("AgentAccess", account, {"name": "Ben"})["properties"] == ["password"]


def test_ticks_are_patches_with_their_base(desk: Bureau, billing: str, repairs: str, olga: Caller) -> None:
    ann_id = desk.agent("Ann", billing)
    patch = {f"categoryIds/{billing}": None, f"categoryIds/{repairs}": True}
    base = {f"categoryIds/{billing}": True, f"categoryIds/{repairs}": None}

    assert _update(olga, ann_id, patch, ifUnchangedBy={ann_id: base}) == {}
    assert olga.one("AgentAccess", olga.account("Oversight"), ann_id)["categoryIds"] == {repairs: True}
    late = _update(olga, ann_id, {f"categoryIds/{billing}": True}, ifUnchangedBy={ann_id: base})
    assert late["type"] == "stateMismatch"
    unknown = _update(olga, ann_id, {"categoryIds/c0": True})
    assert unknown["properties"] == ["categoryIds"]


def test_the_only_owner_stays_one(desk: Bureau, olga: Caller) -> None:
    olga_id = desk.house.people.find("Olga")["id"]
    for patch in ({"isOwner": False}, {"active": False}):
        refused = _update(olga, olga_id, patch)
        assert refused["type"] == "lastOwner"
    assert "only owner" in str(refused)

    ann_id = desk.agent("Ann", owner=True)
    assert _update(olga, ann_id, {"isOwner": False}) == {}
    assert _update(olga, ann_id, {"isOwner": True}) == {}
    assert _update(olga, olga_id, {"isOwner": False}) == {}
    assert "Oversight" not in {one["name"] for one in olga.document()["accounts"].values()}


def test_a_device_is_signed_out_and_nothing_else_is_done_to_devices(desk: Bureau, olga: Caller) -> None:
    ann_id = desk.agent("Ann")
    first, second = desk.caller("Ann"), desk.caller("Ann")
    stream = first.events()
    try:
        assert _update(olga, ann_id, {f"devices/{first.token['tokenId']}": None}) == {}
        with pytest.raises(EOFError):
            _read_to_its_end(stream)
    finally:
        stream.close()
    assert first.session.get(f"{BASE}/.well-known/jmap").status_code == 401
    assert second.document()["username"] == "Ann"
    planted = {f"devices/o{'0' * 32}": {"device": "mine"}}
    refused = _update(olga, ann_id, planted)
    assert refused["properties"] == ["devices"]


def test_leaving_is_one_action(desk: Bureau, billing: str, repairs: str, olga: Caller) -> None:
    ann_id, ben_id = desk.agent("Ann", billing, repairs), desk.agent("Ben", billing)
    ann = desk.caller("Ann")
    in_billing, in_repairs = desk.file(billing).ticket.id, desk.file(repairs).ticket.id
    for category, ticket_id in (("Billing", in_billing), ("Repairs", in_repairs)):
        ann.call("Ticket/set", accountId=ann.account(category), update={ticket_id: {"assigneeId": ann_id}})

    for nobody in (ann_id, "g" + "0" * 32):
        refused = _update(olga, ann_id, {"active": False, "reassignTo": nobody})
        assert "active colleague" in str(refused["description"])
    assert _update(olga, ann_id, {"active": False, "reassignTo": ben_id}) == {}

    assert ann.session.get(f"{BASE}/.well-known/jmap").status_code == 401
    seen = olga.one("AgentAccess", olga.account("Oversight"), ann_id)
    assert (seen["active"], seen["categoryIds"], seen["devices"]) == (False, {}, {})
    assert olga.one("Ticket", olga.account("Billing"), in_billing)["assigneeId"] == ben_id
    assert olga.one("Ticket", olga.account("Repairs"), in_repairs)["assigneeId"] is None
    told = [
        json.loads(one["bodyText"]) for one in olga.get("Message", olga.account("Billing")) if one["kind"] == "event"
    ]
    assert (told[-1]["to"], told[-1]["by"]) == (ben_id, desk.house.people.find("Olga")["id"])

    assert _update(olga, ann_id, {"active": True}) == {}
    assert desk.caller("Ann").document()["username"] == "Ann"


def test_a_closed_ticket_goes_to_nobody(desk: Bureau, billing: str, olga: Caller) -> None:
    ann_id, ben_id = desk.agent("Ann", billing), desk.agent("Ben", billing)
    ticket_id, account = desk.file(billing).ticket.id, olga.account("Billing")
    olga.call("Ticket/set", accountId=account, update={ticket_id: {"assigneeId": ann_id}})
    olga.call("Ticket/set", accountId=account, update={ticket_id: {"status": "closed"}})

    desk.house.people.deactivate(ann_id, ben_id)

    assert olga.one("Ticket", account, ticket_id)["assigneeId"] is None


def test_categories_are_made_and_renamed_by_owners_only(desk: Bureau, billing: str, olga: Caller) -> None:
    oversight = olga.account("Oversight")
    made = olga.create("Category", oversight, {"name": "Returns"})
    assert olga.refusal("Category", oversight, {"name": "returns"})["type"] == "nameTaken"
    renamed = olga.call("Category/set", accountId=oversight, update={made["id"]: {"name": "Sent back"}})
    assert renamed["notUpdated"] is None
    account = olga.account("Sent back")
    assert olga.one("Category", account, made["id"])["name"] == "Sent back"
    assert olga.one("Category", olga.account("Team"), made["id"])["name"] == "Sent back"

    desk.agent("Ann", billing)
    ann = desk.caller("Ann")
    assert ann.error("Category/set", accountId=oversight, create={"k": {"name": "Mine"}}) == "accountNotFound"
    assert ann.error("Category/set", accountId=ann.account("Team"), create={"k": {"name": "Mine"}}) == "accountReadOnly"
    for caller in (ann, olga):
        mine = caller.account("Billing")
        assert caller.refusal("Category", mine, {"name": "Mine"})["type"] == "forbidden"
        patched = caller.call("Category/set", accountId=mine, update={billing: {"name": "Mine"}})
        assert patched["notUpdated"][billing]["type"] == "forbidden"


def test_what_owners_do_is_written_down_with_their_name(desk: Bureau, billing: str, olga: Caller) -> None:
    account = olga.account("Oversight")
    made = olga.create("AgentAccess", account, {"name": "Ann", "password": PASSWORD, "categoryIds": {billing: True}})
    _update(olga, made["id"], {f"categoryIds/{billing}": None})
    _update(olga, made["id"], {"name": "Anna"})
    _update(olga, made["id"], {"password": "another horse"})
    _update(olga, made["id"], {"active": False})

    written = [one for one in desk.house.parts.audit.entries() if one["actor_name"] == "Olga"]
    assert [one["what"] for one in written if one["what"] != Deed.SIGN_IN_SUCCEEDED] == [
        Deed.AGENT_ADDED, Deed.GRANT, Deed.REVOKE, Deed.AGENT_CHANGED, Deed.PASSWORD_CHANGED, Deed.AGENT_DEACTIVATED,
    ]  # fmt: skip
    assert "horse" not in json.dumps([{**one, "chain": None} for one in written])


def test_an_older_database_shows_its_people_to_owners(desk: Bureau, billing: str, olga: Caller) -> None:
    """The step that came with this page, run on a database from before it."""
    account = olga.account("Oversight")
    ann_id = desk.agent("Ann", billing)
    database = desk.house.parts.database

    def before() -> None:
        database.execute("DELETE FROM object_state WHERE type = 'AgentAccess'")
        database.execute("DELETE FROM object_state WHERE type = 'Category' AND account = ?", (_number(desk),))
        for table in ("alert_receipt", "alert_device", "unreached_alert"):
            database.execute(f"DROP TABLE {table}")

    database.write(before)
    assert olga.get("AgentAccess", account) == []
    database.write(lambda: people_for_owners(database))
    assert ann_id in {one["id"] for one in olga.get("AgentAccess", account)}
    assert [one["id"] for one in olga.get("Category", account)] == [billing]
    state = olga.state("AgentAccess", account)
    desk.house.grants.revoke(ann_id, billing)
    assert olga.changes("AgentAccess", account, state)["updated"] == [ann_id]


def _read_to_its_end(stream: Events) -> None:
    while True:
        stream.block()


def _number(desk: Bureau) -> int:
    return desk.house.parts.database.read(lambda: desk.house.parts.accounts.oversight().number)
