"""Signing in and out, waits after wrong passwords, tokens that end."""

import requests

from sync.domain.times import DAY_MS, HOUR_MS
from tests.rigs.bureau import BASE, PASSWORD, Bureau

WRONG = "wrong password"


def _try(desk: Bureau, name: str, password: str = WRONG) -> requests.Response:
    return desk.adapter.session(BASE).post(
        f"{BASE}/auth/token", json={"name": name, "password": password, "device": "d"}
    )


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(desk: Bureau) -> None:
    desk.agent("Ann")

    wrong, unknown = _try(desk, "Ann"), _try(desk, "Nobody")

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.json() == unknown.json()
    assert set(wrong.json()) == {"type", "detail"}


def test_wrong_passwords_make_one_wait_longer_and_longer(desk: Bureau) -> None:
    desk.agent("Ann")
    for name in ("Ann", "Nobody"):
        waits = []
        for _ in range(8):
            answer = _try(desk, name)
            if answer.status_code == 429:
                waits.append(int(answer.headers["retry-after"]))
                assert str(waits[-1]) in answer.json()["detail"]
                desk.clock.advance(waits[-1] * 1000)
        assert waits == [1, 2, 4], name


def test_the_right_password_ends_the_waiting_and_is_not_heard_before(desk: Bureau) -> None:
    desk.agent("Ann")
    for _ in range(3):
        _try(desk, "Ann")

    assert _try(desk, "Ann", PASSWORD).status_code == 429
    desk.clock.advance(1000)
    assert _try(desk, " ann\t", PASSWORD).status_code == 201
    assert _try(desk, "Ann").status_code == 401


def test_many_names_from_one_address_make_it_wait_too(desk: Bureau) -> None:
    desk.agent("Ann")
    desk.house.parts.settings.put("sign_in.free_tries_of_address", "5")
    for number in range(4):
        assert _try(desk, f"Name {number}").status_code == 401
        assert _try(desk, "Ann", PASSWORD).status_code == 201

    assert _try(desk, "Name 4").status_code == 401
    assert _try(desk, "Ann", PASSWORD).status_code == 429
    desk.clock.advance(2 * HOUR_MS)
    assert [_try(desk, f"Later {number}").status_code for number in range(4)] == [401] * 4


def test_a_token_lasts_90_days_from_its_last_use(desk: Bureau) -> None:
    desk.agent("Ann")
    ann = desk.caller("Ann")
    for _ in range(3):
        desk.clock.advance(89 * DAY_MS)
        assert ann.document()["username"] == "Ann"

    desk.clock.advance(90 * DAY_MS)
    answer = ann.session.get(f"{BASE}/.well-known/jmap")

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_tokens_are_listed_and_revoked_and_not_stored(desk: Bureau) -> None:
    agent_id = desk.agent("Ann")
    first, second = desk.caller("Ann"), desk.caller("Ann")
    listed = desk.house.sign_ins.all(agent_id)
    assert {one["id"] for one in listed} == {first.token["tokenId"], second.token["tokenId"]}
    assert listed[0]["device"] == "test"

    assert desk.house.sign_ins.revoke(first.token["tokenId"])
    assert second.session.delete(f"{BASE}/auth/token").status_code == 204

    for one in (first, second):
        assert one.session.get(f"{BASE}/.well-known/jmap").status_code == 401
    third = desk.caller("Ann").token["token"]
    database = desk.house.parts.database
    stored = database.read(lambda: database.select("SELECT token_hash FROM token"))
    assert len(stored) == 1
    assert third.encode() not in bytes(stored[0][0])


def test_who_leaves_is_signed_out_at_once(desk: Bureau, billing: str) -> None:
    agent_id = desk.agent("Ann", billing)
    ann = desk.caller("Ann")

    desk.house.people.deactivate(agent_id)

    assert ann.session.get(f"{BASE}/.well-known/jmap").status_code == 401
    assert _try(desk, "Ann", PASSWORD).status_code == 401


def test_a_new_password_signs_every_device_out(desk: Bureau) -> None:
    agent_id = desk.agent("Ann")
    ann = desk.caller("Ann")

    desk.house.people.set_password(agent_id, "another password")

    assert ann.session.get(f"{BASE}/.well-known/jmap").status_code == 401
    assert _try(desk, "Ann", "another password").status_code == 201


def test_what_is_no_sign_in_is_said_to_be_none(desk: Bureau) -> None:
    session = desk.adapter.session(BASE)
    for octets in (b"", b"[]", b'{"name": 5, "password": "x"}', b'{"name": "x"}', b"\xff"):
        assert session.post(f"{BASE}/auth/token", data=octets).status_code == 400
    assert session.post(f"{BASE}/auth/token", data=b"x" * 20_000).status_code == 413
    assert _try(desk, "A\x00nn").status_code == 401
    for header in ("", "Bearer", "Bearer  ", "Basic abc", "Bearer \xff"):
        answer = session.get(f"{BASE}/.well-known/jmap", headers={"Authorization": header})
        assert answer.status_code == 401
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_old_wait_is_forgotten(desk: Bureau) -> None:
    _try(desk, "Nobody")
    desk.clock.advance(25 * HOUR_MS)

    desk.house.upkeep.run()

    database = desk.house.parts.database
    assert database.read(lambda: database.select("SELECT key FROM sign_in_delay")) == []
