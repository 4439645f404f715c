"""Each twentieth round compares how much is here with how much there is; a planted loss is found and mended once."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from sync.cache.cache import Cache
from sync.connectors.central import CentralConnector
from sync.connectors.central.accounts import TYPES
from sync.connectors.port import Poll
from sync.domain.actions import CreateTicket, PostMessage
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind
from sync.engine.agreement import EVERY
from sync.engine.engine import Engine, Nudge
from sync.engine.reports import Disagreed, Report
from tests.rigs.office import Office, office_in_process


@dataclass
class Station:
    """A workstation, a round at a time."""

    office: Office
    clock: Any
    cache: Cache
    engine: Engine
    reports: list[Report] = field(default_factory=list)
    wait: float = 0.0

    def rest(self) -> None:
        """Step until the engine wants to wait."""
        for _ in range(200):
            self.wait = self.engine.step(Nudge.TIMER).wait_seconds
            if self.wait > 0:
                return
        raise AssertionError("the engine does not come to rest")

    def rounds(self, count: int = EVERY) -> None:
        """So many polls, each in its time."""
        for _ in range(count):
            self.clock.pass_(self.wait + 0.001)
            self.rest()

    def disagreed(self) -> list[Disagreed]:
        return [one for one in self.reports if isinstance(one, Disagreed)]

    def lose(self, sql: str) -> None:
        """Rows that vanish without anybody's doing."""
        with self.cache._store.transaction():
            assert self.cache._store.execute(sql).rowcount > 0

    def count(self, table: str) -> int:
        return int(self.cache._store.value(f"SELECT count(*) FROM {table}"))  # noqa: S608  # the test's own words


@pytest.fixture
def station(tmp_path: Path, clock: Any) -> Iterator[Station]:
    """Ann's, with two categories of three tickets each, at rest."""
    with office_in_process(tmp_path, clock, random.Random(5)) as office:
        categories = [office.category(name) for name in ("First", "Second")]
        office.agent("Ann", *categories)
        for number in range(6):
            office.file(categories[number % 2], f"Ticket {number}", email=f"r{number}@mail.example")
        cache = Cache.open(tmp_path / "Ann", None, clock, IdFactory(clock))
        made: list[Report] = []
        connector = CentralConnector(office.session(office.token("Ann")))
        engine = Engine(cache, connector, clock, random.Random(1), made.append)
        found = Station(office, clock, cache, engine, made)
        found.rest()
        yield found
        cache.close()


LOSSES = {
    "Message": "DELETE FROM message WHERE key = "
    "(SELECT min(key) FROM message WHERE account = (SELECT min(account) FROM message))",
    "Ticket": "DELETE FROM ticket WHERE key = (SELECT min(key) FROM ticket)",
    "Requester": "DELETE FROM requester WHERE id = (SELECT min(id) FROM requester)",
    "Agent": "DELETE FROM agent",
    "CategoryGrant": "DELETE FROM category_grant",
}


@pytest.mark.parametrize("kind", LOSSES)
def test_a_lost_row_is_found_told_and_loaded_again(station: Station, kind: str) -> None:
    tables = ("ticket", "message", "requester", "agent", "category_grant", "category")
    before = {table: station.count(table) for table in tables}
    station.lose(LOSSES[kind])
    station.rounds()
    [told] = station.disagreed()
    assert set(told.types) == {kind}
    here, there = told.types[kind]
    assert (here < there, told.mends) == (True, True)
    assert {table: station.count(table) for table in tables} == before
    station.rounds()
    assert len(station.disagreed()) == 1


def test_what_differs_again_is_told_and_not_loaded_again(station: Station) -> None:
    for mends in (True, False, False):
        station.lose(LOSSES["Message"])
        station.rounds()
        assert station.disagreed()[-1].mends is mends
        assert station.disagreed()[-1].sentence.endswith(".")
    assert station.count("message") == 6 - 2


def test_own_words_and_what_goes_on_are_no_difference(station: Station, clock: Any) -> None:
    house = station.office.house
    ids = IdFactory(clock, random.Random(9))
    for number in range(3 * EVERY):
        category = house.grants.categories()[number % 2]["id"]
        filed = station.office.file(category, f"More {number}")
        note = PostMessage(ids.client_key(), filed.ticket.id, MessageKind.NOTE, "Seen", clock.now_ms())
        new = CreateTicket(ids.client_key(), ids.new("t"), category, "Called", "Twice", clock.now_ms(), "Eve")
        station.rounds(1)
        station.cache.put(note)
        station.cache.put(new)
        station.office.answer(filed.ticket.id, "And again")
        station.rounds(1)
    assert station.disagreed() == []
    assert station.count("ticket") == 6 + 2 * 3 * EVERY


def test_only_each_twentieth_round_counts(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    connector = station.engine._connector
    poll = connector.poll

    def noted(cursors: Any, counting: bool = False) -> Poll:
        asked.append(counting)
        return poll(cursors, counting)

    monkeypatch.setattr(connector, "poll", noted)
    station.rounds(2 * EVERY)
    assert (len(asked), sum(asked)) == (2 * EVERY, 2)


def test_what_does_not_fit_into_the_round_is_counted_in_a_later_one(station: Station) -> None:
    connector = station.engine._connector
    access = connector.access()
    assert isinstance(connector, CentralConnector)
    cursors = [(one, station.cache.cursor(one.id)) for one in access.accounts]
    counted = {(account, name) for account, totals in connector.poll(cursors, True).totals.items() for name in totals}
    questions = sum(len(TYPES[one.kind]) for one in access.accounts)  # room for two counts beside them
    connector._access = replace(access, limits={**access.limits, "maxCallsInRequest": questions + 2})
    requests, met = [0], set[tuple[str, str]]()
    run = connector._api.run
    connector._api.run = lambda *given: requests.__setitem__(0, requests[0] + 1) or run(*given)  # type: ignore[method-assign]  # counts
    for _ in range(12):
        totals = connector.poll(cursors, True).totals
        in_this = {(account, name) for account, found in totals.items() for name in found}
        assert in_this < counted
        met |= in_this
    assert requests == [12]
    assert met == counted
