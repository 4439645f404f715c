"""The connection as it runs, on its threads, against the server in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from pytestqt.qtbot import QtBot
from requests.adapters import BaseAdapter

from desktop.bridge import Bridge
from desktop.connection import Connection
from desktop.lanes import Home
from sync.cache.cache import Cache
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.engine.listener import CLEAN_END_SPREAD_S
from sync.engine.status import Condition
from tests.rigs.office import Office, office_in_process


class Cable(BaseAdapter):
    """A network that can be unplugged."""

    def __init__(self, inner: BaseAdapter) -> None:
        super().__init__()
        self._inner = inner
        self.there = True
        self.refused = 0
        self.streams = 0

    def send(self, request: requests.PreparedRequest, *args: Any, **named: Any) -> requests.Response:
        if not self.there:
            self.refused += 1
            raise requests.ConnectionError("unplugged")
        self.streams += request.path_url.startswith("/jmap/events")
        return self._inner.send(request, *args, **named)

    def close(self) -> None:
        """Nothing of its own."""


class ShortestBut:
    """Chance that always gives the shortest wait, save after the clean end of a stream: then the longest."""

    def uniform(self, a: float, b: float, /) -> float:
        """One of the two."""
        return b if b == CLEAN_END_SPREAD_S else a


@contextmanager
def connected(office: Office, cable: Cable, bridge: Bridge, folder: Path) -> Iterator[None]:
    """Ann's program runs."""
    clock, home = SystemClock(), Home()
    cache = Cache.open(folder, None, clock, IdFactory(clock))
    session = office.session(office.token("Ann"), cable)
    connection = Connection(session, cache, bridge, home, clock, lambda: None, ShortestBut())
    connection.start()
    try:
        yield
    finally:
        connection.stop()
        home.close()
        cache.close()


def test_after_an_outage_the_stream_is_back_with_the_first_answer(tmp_path: Path, qtbot: QtBot) -> None:
    bridge = Bridge()
    with office_in_process(tmp_path) as office:
        agent_id = office.agent("Ann", office.category("First"))
        assert office.transport is not None
        cable = Cable(office.transport)
        with connected(office, cable, bridge, tmp_path / "Ann"):
            qtbot.waitUntil(lambda: bridge.status is not None and bridge.status.condition is Condition.ONLINE)
            qtbot.waitUntil(lambda: cable.streams == 1)
            qtbot.waitUntil(lambda: office.house.hub.streams() == 1)
            cable.there = False
            office.house.hub.end(agent_id)
            qtbot.waitUntil(lambda: bridge.status is not None and bridge.status.condition is Condition.OFFLINE)
            cable.there = True
            qtbot.waitUntil(lambda: cable.streams == 2, timeout=45_000)
            qtbot.waitUntil(lambda: bridge.status is not None and bridge.status.condition is Condition.ONLINE)
    assert cable.refused > 0
