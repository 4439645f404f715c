"""Nobody learns from an answer who has an account, who has asked before, or which private pages there are."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Literal

import pytest
import requests
from argon2 import PasswordHasher

from sync.server.app import build_app
from sync.server.house import House
from sync.server.web.pages import Pages
from sync.server.web.routes import PublicSide
from tests.rigs.asgi_adapter import AsgiAdapter
from tests.rigs.bureau import BASE, PASSWORD, HandClock
from tests.rigs.street import GOOD

NEVER_ISSUED = "A" * 43
VARYING = ("date",)


class CountingHasher(PasswordHasher):
    """A real one that counts what takes long."""

    verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  # argon2 calls it so
        type(self).verified += 1
        return super().verify(hash, password)


@pytest.fixture
def open_house(tmp_path: Path) -> Iterator[tuple[House, requests.Session]]:
    hasher = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    house = House.open(tmp_path / "server.sqlite", HandClock(), Random(3), hasher)
    house.grants.add_category("Billing")
    house.people.add("Ann", PASSWORD)
    house.people.deactivate(house.people.add("Ben", PASSWORD))
    try:
        with AsgiAdapter(build_app(house, PublicSide(house, Pages(lambda: "Help")).routes())) as adapter:
            yield house, adapter.session(BASE)
    finally:
        house.close()


def _seen(answer: requests.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in VARYING}
    return answer.status_code, headers, answer.content


def test_a_failed_sign_in_looks_and_costs_the_same_for_every_name(
    open_house: tuple[House, requests.Session],
) -> None:
    house, session = open_house
    answers, costs, entries = [], [], []
    for name, password in (
        ("Ann", "wrong"),
        ("Ben", PASSWORD),
        ("Nobody", "wrong"),
        ("", ""),
        ("x" * 3000, "y" * 3000),
    ):
        before, written = CountingHasher.verified, len(list(house.parts.audit.entries()))
        answers.append(
            _seen(session.post(f"{BASE}/auth/token", json={"name": name, "password": password, "device": "d"}))
        )
        costs.append(CountingHasher.verified - before)
        entries.append(len(list(house.parts.audit.entries())) - written)

    assert answers[0][0] == 401
    assert answers == [answers[0]] * 5
    assert costs == [1] * 5
    assert entries == [1] * 5


def test_empty_names_make_nobody_else_at_their_address_wait(open_house: tuple[House, requests.Session]) -> None:
    _, session = open_house
    for _ in range(6):
        session.post(f"{BASE}/auth/token", json={"name": "", "password": "x", "device": "d"})

    right = session.post(f"{BASE}/auth/token", json={"name": "Ann", "password": PASSWORD, "device": "d"})

    assert right.status_code == 201


def test_who_has_asked_before_is_answered_like_who_has_not(open_house: tuple[House, requests.Session]) -> None:
    _, session = open_house
    first = session.post(f"{BASE}/tickets", data=GOOD, allow_redirects=False)
    again = session.post(f"{BASE}/tickets", data=GOOD, allow_redirects=False)
    other = session.post(f"{BASE}/tickets", data=GOOD | {"email": "new@mail.example"}, allow_redirects=False)

    for answer in (again, other):
        assert answer.status_code == first.status_code == 303
        assert set(answer.headers) == set(first.headers)
        assert len(answer.headers["location"]) == len(first.headers["location"])
        assert answer.content == first.content


def test_private_pages_that_are_not_there_all_look_alike(open_house: tuple[House, requests.Session]) -> None:
    _, session = open_house
    page = session.post(f"{BASE}/tickets", data=GOOD, allow_redirects=False).headers["location"]
    wrong = [f"/t/{NEVER_ISSUED}", f"{page[:-1]}{'A' if page[-1] != 'A' else 'E'}", f"{page[:-4]}", "/t/x", "/t/%00"]

    answers = [_seen(session.get(BASE + path)) for path in wrong]
    files = [_seen(session.get(f"{BASE}{path}/files/b{'0' * 32}/x")) for path in (*wrong, page)]

    assert answers[0][0] == 404
    assert answers == [answers[0]] * len(wrong)
    assert files == [files[0]] * len(files)
