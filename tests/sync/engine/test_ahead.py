"""A page of a first copy that was asked for before it was its turn; real cache, real server in this process."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from sync.cache.cache import Cache
from sync.cache.rows import Sort, View
from sync.connectors.central import CentralConnector
from sync.connectors.port import Page
from sync.domain.actions import PostMessage
from sync.domain.errors import DeskbellError
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind
from sync.engine.ahead import Begin, Fetch
from sync.engine.engine import Engine
from sync.engine.status import Condition
from tests.rigs.office import Office, office_in_process

TICKETS = 130


class Line(BaseAdapter):
    """A network that may be cut."""

    def __init__(self, inner: BaseAdapter) -> None:
        super().__init__()
        self._inner = inner
        self.is_cut = False

    def send(self, *arguments: Any, **named: Any) -> requests.Response:
        """One request."""
        if self.is_cut:
            raise requests.ConnectionError("cut")
        return self._inner.send(*arguments, **named)

    def close(self) -> None:
        """Nothing of its own."""


@dataclass
class Eager:
    """Fetches at once, as another thread would at best; how much was shown when a page was asked for."""

    shown: Callable[[], int]
    asked_at: list[int] = field(default_factory=list)

    def __call__(self, fetch: Fetch) -> Fetch:
        self.asked_at.append(self.shown())
        try:
            page = fetch()
        except DeskbellError as error:
            failure = error

            def failed() -> Page:
                raise failure

            return failed
        return lambda: page


@dataclass
class Copying:
    """A workstation about to make its first copy of two pages of tickets."""

    office: Office
    clock: Any
    line: Line
    cache: Cache

    def engine(self, begin: Begin) -> Engine:
        connector = CentralConnector(self.office.session(self.office.token("Ann"), self.line))
        return Engine(self.cache, connector, self.clock, random.Random(1), lambda _: None, begin)

    def shown(self) -> int:
        """How many tickets."""
        reader = self.cache.reader()
        try:
            return len(reader.ticket_ids(View("all"), Sort()))
        finally:
            reader.close()

    def note(self) -> None:
        """Ann writes a note on a ticket that is here."""
        reader = self.cache.reader()
        (row,) = reader.ticket_rows(reader.ticket_ids(View("all"), Sort())[:1])
        reader.close()
        key = IdFactory(self.clock).client_key()
        self.cache.put(PostMessage(key, row.id, MessageKind.NOTE, "Called her.", self.clock.now_ms()))


@pytest.fixture
def copying(tmp_path: Path, clock: Any) -> Iterator[Copying]:
    with office_in_process(tmp_path, clock, random.Random(5)) as office:
        category = office.category("First")
        office.agent("Ann", category)
        for number in range(TICKETS):
            office.file(category, f"Ticket {number}")
            clock.pass_(1)
        assert office.transport is not None
        with_cache = Cache.open(tmp_path / "Ann", None, clock, IdFactory(clock))
        yield Copying(office, clock, Line(office.transport), with_cache)
        with_cache.close()


def _until(engine: Engine, is_so: Callable[[], bool]) -> None:
    for _ in range(100):
        if is_so():
            return
        engine.step()
    raise AssertionError("it never came to that")


def test_the_next_page_is_asked_for_before_the_one_before_it_is_stored(copying: Copying) -> None:
    eager = Eager(copying.shown)
    engine = copying.engine(eager)
    _until(engine, lambda: copying.shown() > 0)
    assert eager.asked_at
    assert set(eager.asked_at) == {0}
    _until(engine, lambda: copying.shown() == TICKETS and engine.status.loading is None)
    while engine.step().wait_seconds == 0.0:
        assert engine.status.condition is Condition.ONLINE
    assert copying.shown() == TICKETS


@pytest.mark.parametrize("sends", [False, True])
def test_after_something_was_sent_the_page_is_asked_for_again(copying: Copying, sends: bool) -> None:
    used = []

    def noting(fetch: Fetch) -> Fetch:
        def fetched() -> Page:
            used.append(copying.shown())
            return fetch()

        return fetched

    engine = copying.engine(noting)
    _until(engine, lambda: 0 < copying.shown() < TICKETS)
    before = len(used)
    if sends:
        copying.note()
    engine.step()
    assert (len(used) == before) is sends


def test_a_failure_is_met_where_the_page_is_used_and_the_copy_goes_on(copying: Copying) -> None:
    eager = Eager(copying.shown)
    cuts = iter([True])

    def failing(fetch: Fetch) -> Fetch:
        copying.line.is_cut = next(cuts, False)
        try:
            return eager(fetch)
        finally:
            copying.line.is_cut = False

    engine = copying.engine(failing)
    met = []
    for _ in range(2):
        engine.step()
        met.append(engine.status.condition)
    assert met == [Condition.ONLINE, Condition.OFFLINE]
    copying.clock.pass_(600)
    _until(engine, lambda: copying.shown() == TICKETS)
    assert engine.status.condition is Condition.ONLINE
