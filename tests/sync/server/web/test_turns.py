"""The public side has threads and a queue of its own: it is told to wait before an agent has to."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
import requests

from sync.server.app import build_app
from sync.server.house import House
from sync.server.web.pages import Pages
from sync.server.web.routes import PublicSide
from sync.server.web.turns import Share
from tests.rigs.asgi_adapter import AsgiAdapter
from tests.rigs.bureau import BASE, PASSWORD, QUICK_HASHER, Caller, HandClock
from tests.rigs.street import GOOD


class Jam:
    """A server whose public side has two threads, both stuck in a write that somebody else holds up."""

    def __init__(self, house: House, share: Share) -> None:
        self.house = house
        side = PublicSide(house, Pages(lambda: "Help"), share=share)
        self.app = build_app(house, side.routes())
        self._held, self._free = threading.Event(), threading.Event()

    def hold(self) -> None:
        """Until `free`; runs in a thread of its own."""

        def work() -> None:
            self._held.set()
            self._free.wait(60)

        self.house.parts.database.write(work)

    def wait_until_held(self) -> None:
        assert self._held.wait(60)

    def free(self) -> None:
        self._free.set()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House.open(tmp_path / "server.sqlite", HandClock(), Random(3), QUICK_HASHER)
    opened.people.add("Olga", PASSWORD, is_owner=True)
    opened.grants.add_category("Billing")
    yield opened
    opened.close()


def _refused(session: requests.Session) -> requests.Response:
    """Ask for the form until the queue is full."""
    while True:
        try:
            answer = session.get(f"{BASE}/", timeout=0.2)
        except requests.ReadTimeout:
            continue
        if answer.status_code != 200:
            return answer


@pytest.mark.parametrize(("share", "status"), [(Share(2, 4, 100, 0.01), 503), (Share(2, 100, 5, 0.01), 429)])
def test_a_jam_of_the_public_side_is_its_own(house: House, share: Share, status: int) -> None:
    jam = Jam(house, share)
    with AsgiAdapter(jam.app) as adapter, ThreadPoolExecutor(8) as pool:
        try:
            olga = Caller(adapter.session(BASE), "Olga")
            holding = pool.submit(jam.hold)
            jam.wait_until_held()
            posts = [
                pool.submit(adapter.session(BASE).post, f"{BASE}/tickets", data=GOOD, allow_redirects=False)
                for _ in range(3)
            ]
            refused = _refused(adapter.session(BASE))

            assert refused.status_code == status
            assert int(refused.headers["retry-after"]) > 0
            assert refused.headers["connection"] == "close"
            assert "One moment" in refused.text
            account = olga.account("Billing")
            assert olga.get("Category", account)[0]["name"] == "Billing"
        finally:
            jam.free()
        holding.result()
        assert [one.result().status_code for one in posts] == [303] * 3
