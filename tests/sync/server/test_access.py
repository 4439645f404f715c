"""Who sees what: grants, revokes, owners, and that the invisible and the missing look alike (PRODUCT B)."""

import json

import pytest

from tests.rigs.bureau import BASE, Bureau, Caller

MISSING = "b" + "0" * 32


def test_a_grant_opens_an_account_and_a_revoke_closes_it(desk: Bureau, billing: str) -> None:
    ann_id = desk.agent("Ann")
    ann = desk.caller("Ann")
    before, personal = ann.document(), ann.account("Personal")
    state = ann.state("CategoryGrant", personal)

    assert desk.house.grants.grant(ann_id, billing)
    assert not desk.house.grants.grant(ann_id, billing)
    during = ann.document()
    account = ann.account("Billing")
    [grant] = ann.get("CategoryGrant", personal)
    assert (grant["categoryId"], grant["accountId"]) == (billing, account)
    assert ann.changes("CategoryGrant", personal, state)["created"] == [grant["id"]]
    assert ann.one("Category", account, billing)["agentIds"] == [ann_id]

    assert desk.house.grants.revoke(ann_id, billing)
    assert ann.changes("CategoryGrant", personal, state)["destroyed"] == []
    assert ann.error("Ticket/get", accountId=account, ids=None) == "accountNotFound"
    after = ann.document()
    assert after["accounts"] == before["accounts"]
    assert after["state"] == before["state"] != during["state"]


def test_a_revoke_unassigns(desk: Bureau, billing: str) -> None:
    ann_id = desk.agent("Ann", billing)
    desk.agent("Olga", owner=True)
    ann, olga = desk.caller("Ann"), desk.caller("Olga")
    account = ann.account("Billing")
    ticket_id = desk.file(billing).ticket.id
    ann.call("Ticket/set", accountId=account, update={ticket_id: {"assigneeId": ann_id}})
    state = olga.state("Ticket", account)

    desk.house.grants.revoke(ann_id, billing)

    assert olga.one("Ticket", account, ticket_id)["assigneeId"] is None
    assert olga.changes("Ticket", account, state)["updated"] == [ticket_id]
    told = [json.loads(one["bodyText"]) for one in olga.get("Message", account) if one["kind"] == "event"]
    assert (told[-1]["what"], told[-1]["to"]) == ("assigneeId", None)


def test_owners_see_every_category_and_the_checks_and_agents_do_not(desk: Bureau, billing: str, repairs: str) -> None:
    desk.agent("Ann", billing)
    desk.agent("Olga", owner=True)
    names = {
        name: {one["name"] for one in desk.caller(name).document()["accounts"].values()} for name in ("Ann", "Olga")
    }

    assert names["Ann"] == {"Team", "Personal", "Billing"}
    assert names["Olga"] == {"Team", "Personal", "Billing", "Repairs", "Oversight"}


def test_the_team_reads_names_only_and_writes_nothing(desk: Bureau, billing: str, repairs: str) -> None:
    ann_id, ben_id = desk.agent("Ann", billing), desk.agent("Ben", repairs)
    ann = desk.caller("Ann")
    team = ann.account("Team")

    assert {one["id"]: one["name"] for one in ann.get("Agent", team)} == {ann_id: "Ann", ben_id: "Ben"}
    assert {one["name"]: one["agentIds"] for one in ann.get("Category", team)} == {"Billing": [], "Repairs": []}
    for name in ("Agent", "Category"):
        assert ann.error(f"{name}/set", accountId=team, destroy=[ann_id]) in ("accountReadOnly", "unknownMethod")


def test_nobody_opens_a_colleagues_personal_account(desk: Bureau) -> None:
    desk.agent("Ann")
    desk.agent("Ben")
    ann, ben = desk.caller("Ann"), desk.caller("Ben")
    jotted = {"clientKey": desk.key(), "text": "Mine", "createdAt": "2026-09-01T10:00:00Z"}
    personal = ann.account("Personal")
    ann.create("QuickNote", personal, jotted)

    assert ben.error("QuickNote/get", accountId=personal, ids=None) == "accountNotFound"
    assert ben.get("QuickNote", ben.account("Personal")) == []


@pytest.fixture
def uploader(desk: Bureau, billing: str, repairs: str) -> Caller:
    """Ann, who sees both categories."""
    desk.agent("Ann", billing, repairs)
    return desk.caller("Ann")


def _upload(caller: Caller, account: str, octets: bytes = b"file" * 100_000) -> str:
    answer = caller.session.post(f"{BASE}/jmap/upload/{account}/", data=octets, headers={"Content-Type": "image/png"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["size"] == len(octets)
    return str(answer.json()["blobId"])


def _status(caller: Caller, account: str, blob_id: str) -> tuple[int, bytes]:
    answer = caller.session.get(f"{BASE}/jmap/download/{account}/{blob_id}/a.png?accept=image/png")
    return answer.status_code, answer.content


def test_a_file_is_seen_by_its_uploader_and_by_those_who_see_its_message(
    desk: Bureau, billing: str, repairs: str, uploader: Caller
) -> None:
    desk.agent("Ben", billing)
    desk.agent("Cleo", repairs)
    ben, cleo = desk.caller("Ben"), desk.caller("Cleo")
    account, ticket_id = uploader.account("Billing"), desk.file(billing).ticket.id
    blob_id = _upload(uploader, account)

    missing = _status(ben, account, MISSING)
    assert missing[0] == 404
    assert _status(ben, account, blob_id) == missing
    assert _status(uploader, account, blob_id) == (200, b"file" * 100_000)
    files = [{"blobId": blob_id, "name": "a\n.png", "type": "image/png"}]
    made = uploader.create("Message", account, desk.words(ticket_id, attachments=files))
    assert made["attachments"] == [{"blobId": blob_id, "name": "a .png", "type": "image/png", "size": 400_000}]
    assert _status(ben, account, blob_id)[0] == 200
    assert _status(cleo, cleo.account("Repairs"), blob_id)[0] == 404
    stolen = desk.words(desk.file(repairs).ticket.id, attachments=files)
    assert cleo.refusal("Message", cleo.account("Repairs"), stolen)["type"] == "blobNotFound"

    uploader.call("Ticket/set", accountId=account, update={ticket_id: {"categoryId": repairs}})
    assert _status(ben, account, blob_id) == missing
    assert _status(cleo, cleo.account("Repairs"), blob_id)[0] == 200


def test_a_file_that_nothing_refers_to_lives_a_day(desk: Bureau, billing: str, uploader: Caller) -> None:
    account, ticket_id = uploader.account("Billing"), desk.file(billing).ticket.id
    lone, used = _upload(uploader, account), _upload(uploader, account, b"used")
    files = [{"blobId": used, "name": "a", "type": "text/plain"}]
    uploader.create("Message", account, desk.words(ticket_id, attachments=files))

    desk.clock.advance(23 * 3_600_000)
    desk.house.blobs.forget_unused()
    assert _status(uploader, account, lone)[0] == 200
    desk.clock.advance(2 * 3_600_000)
    desk.house.blobs.forget_unused()

    assert _status(uploader, account, lone)[0] == 404
    assert _status(uploader, account, used) == (200, b"used")
    assert desk.house.parts.database.read(
        lambda: desk.house.parts.database.select("SELECT COUNT(*) FROM blob_chunk")
    ) == [(1,)]


def test_a_retry_that_uploaded_its_file_again_is_the_same_message(desk: Bureau, billing: str, uploader: Caller) -> None:
    account, ticket_id = uploader.account("Billing"), desk.file(billing).ticket.id
    values = desk.words(ticket_id)
    made = [
        uploader.create(
            "Message",
            account,
            {**values, "attachments": [{"blobId": _upload(uploader, account), "name": "a", "type": "text/plain"}]},
        )["id"]
        for _ in range(2)
    ]

    assert made[0] == made[1]


def test_too_big_a_file_leaves_nothing(desk: Bureau, uploader: Caller) -> None:
    account = uploader.account("Billing")
    answer = uploader.session.post(f"{BASE}/jmap/upload/{account}/", data=b"x" * 25_000_001)

    assert answer.status_code == 413
    assert "25000000" in answer.json()["detail"]
    database = desk.house.parts.database
    assert database.read(lambda: database.select("SELECT COUNT(*) FROM blob_chunk")) == [(0,)]
