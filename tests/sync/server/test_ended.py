"""A sign-in that ended says why, its streams end at once, and one's own password ends all others (PRODUCT B4)."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import requests

from sync.domain.times import DAY_MS
from tests.rigs.bureau import BASE, PASSWORD, Bureau, Caller, Events

NEW = "a better horse"


@pytest.fixture
def ann(desk: Bureau, billing: str) -> Caller:
    """Ann at her workstation."""
    desk.agent("Ann", billing)
    return desk.caller("Ann")


def ask(caller: Caller) -> requests.Response:
    return caller.session.get(f"{BASE}/.well-known/jmap")


def change(caller: Caller, old: str = PASSWORD, new: str = NEW) -> requests.Response:
    return caller.session.post(f"{BASE}/auth/password", json={"old": old, "new": new})


def read_to_the_end(events: Events) -> None:
    """Fails by the time limit of the stream's reader where there is none."""
    with suppress(EOFError):
        while True:
            events.block()


def revoked(desk: Bureau, caller: Caller) -> None:
    assert desk.house.sign_ins.revoke(caller.token["tokenId"])


def deactivated(desk: Bureau, _: Caller) -> None:
    desk.house.people.deactivate(desk.house.people.find("Ann")["id"])


def new_password(desk: Bureau, _: Caller) -> None:
    desk.house.people.set_password(desk.house.people.find("Ann")["id"], NEW)


ENDINGS: dict[str, Callable[[Bureau, Caller], None]] = {
    "revoked": revoked,
    "deactivated": deactivated,
    "passwordChanged": new_password,
}


@pytest.mark.parametrize("why", ENDINGS)
def test_the_holder_of_an_ended_sign_in_is_told_why_and_their_stream_ends(desk: Bureau, ann: Caller, why: str) -> None:
    events = ann.events()
    ENDINGS[why](desk, ann)
    read_to_the_end(events)
    answer = ask(ann)
    assert (answer.status_code, answer.json()["title"]) == (401, why)
    stranger = requests.Session()
    stranger.mount(BASE, desk.adapter)
    stranger.headers["Authorization"] = "Bearer nobody-ever-had-this"
    assert stranger.get(f"{BASE}/.well-known/jmap").json()["title"] == "unauthorized"


def test_a_sign_in_that_was_not_used_says_that_it_expired(desk: Bureau, ann: Caller) -> None:
    desk.clock.advance(91 * DAY_MS)
    assert ask(ann).json()["title"] == "expired"


def test_why_is_forgotten_when_the_token_would_have_expired_anyway(desk: Bureau, ann: Caller) -> None:
    revoked(desk, ann)
    desk.clock.advance(91 * DAY_MS)
    other = desk.caller("Ann")
    revoked(desk, other)
    assert ask(ann).json()["title"] == "unauthorized"
    assert ask(other).json()["title"] == "revoked"


def test_ones_own_password_ends_all_other_sign_ins_and_not_this_one(desk: Bureau, ann: Caller) -> None:
    other = desk.caller("Ann")
    events = other.events()
    assert change(ann).status_code == 204
    read_to_the_end(events)
    assert ask(ann).status_code == 200
    assert ask(other).json()["title"] == "passwordChanged"
    assert Caller(desk.adapter.session(BASE), "Ann", NEW).document()["accounts"]
    old: dict[str, Any] = {"name": "Ann", "password": PASSWORD, "device": "test"}
    assert ann.session.post(f"{BASE}/auth/token", json=old).status_code == 401
    deeds = [one["what"] for one in desk.house.parts.audit.entries()]
    assert deeds.count("passwordChanged") == 1


def test_a_wrong_old_password_and_an_unfit_new_one_change_nothing(desk: Bureau, ann: Caller) -> None:
    refused = change(ann, old="not it at all")
    assert (refused.status_code, refused.json()["type"]) == (422, "wrongPassword")
    assert change(ann, new="short").json()["type"] == "invalidProperties"
    assert ann.session.post(f"{BASE}/auth/password", json={"old": PASSWORD}).status_code == 400
    assert desk.caller("Ann").document()["accounts"]


def test_guessing_the_old_password_is_slowed_as_guessing_at_the_door_is(desk: Bureau, ann: Caller) -> None:
    tries = [change(ann, old=f"guess number {number}").status_code for number in range(4)]
    assert tries == [422, 422, 422, 429]
    slowed = change(ann)
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "1")


def test_who_is_nobody_changes_no_password(desk: Bureau, ann: Caller) -> None:
    revoked(desk, ann)
    answer = change(ann)
    assert (answer.status_code, answer.json()["type"]) == (401, "revoked")
    ann.session.headers.pop("Authorization")
    assert change(ann).json()["type"] == "denied"
