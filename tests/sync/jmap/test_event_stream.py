"""The event stream's timing: pings, re-checks, endings; with a feed and a clock that the test holds."""

import asyncio
import json
from dataclasses import dataclass, field

import pytest

from sync.jmap.access import Principal
from sync.jmap.errors import RequestError
from sync.jmap.event_id import KnownStates
from sync.jmap.event_parser import Event, EventParser
from sync.jmap.event_stream import EventStream, StreamOptions, parse_options
from sync.jmap.feed import News, States
from sync.jmap.limits import Limits

ANN = Principal("ann", "ann@toys.example")


@dataclass
class ScriptedFeed:
    """A feed that moves the clock: each wait either gives the next news or lets its seconds pass."""

    script: list[News | None]
    present: States = field(default_factory=lambda: {"A1": {"Todo": "s1"}})
    allowed: list[bool] = field(default_factory=list)
    now: float = 100.0
    waits: list[float] = field(default_factory=list)
    closed: int = 0

    async def subscribe(self, principal: Principal) -> "ScriptedFeed":
        assert principal is ANN
        return self

    async def states(self, principal: Principal) -> States:
        assert principal is ANN
        return self.present

    async def still_allowed(self, principal: Principal) -> bool:
        assert principal is ANN
        return self.allowed.pop(0)

    async def wait(self, seconds: float) -> News | None:
        self.waits.append(seconds)
        news = self.script.pop(0) if self.script else News(ended=True)
        if news is None:
            self.now += seconds
        return news

    def close(self) -> None:
        self.closed += 1


def run(feed: ScriptedFeed, options: StreamOptions, last: str = "") -> list[Event]:
    """All events of the stream until it ends."""

    async def whole() -> bytes:
        stream = EventStream(feed, ANN, options, last, lambda: feed.now, 2500)
        return b"".join([piece async for piece in stream.octets()])

    parser = EventParser()
    events = parser.feed(asyncio.run(whole()))
    assert feed.closed == 1
    assert parser.retry_ms == 2500
    return events


def options(ping: int = 0, types: frozenset[str] | None = None, close: bool = False) -> StreamOptions:
    return StreamOptions(types, close, ping)


def test_a_ping_comes_when_its_time_has_passed_since_the_last_event() -> None:
    """7.3 "the server MUST send an event called ping whenever this time elapses since the previous event was sent"."""
    feed = ScriptedFeed([None, None, News({"A1": {"Todo": "s2"}}), None])
    events = run(feed, options(ping=15))
    assert [event.type for event in events] == ["ping", "ping", "state", "ping"]
    assert feed.waits == [15, 15, 15, 15, 15]


def test_a_ping_tells_its_interval_and_sets_no_id() -> None:
    """7.3 "This MUST NOT set a new event id."; "a JSON object containing an interval property"."""
    [ping, state, again] = run(ScriptedFeed([None, News({"A1": {"Todo": "s2"}}), None]), options(ping=15))
    assert json.loads(ping.data) == {"interval": 15}
    assert ping.id != state.id
    assert again.id == state.id


def test_zero_means_no_ping() -> None:
    """7.3 "If the value is 0, the server MUST NOT send ping events."."""
    feed = ScriptedFeed([None, None], allowed=[True, True])
    assert run(feed, options()) == []
    assert feed.waits[0] == 60


def test_news_of_other_types_do_not_put_off_the_ping() -> None:
    feed = ScriptedFeed([News({"A1": {"Pin": "s2"}}), None])
    assert [event.type for event in run(feed, options(ping=15, types=frozenset({"Todo"})))] == ["ping"]


def test_the_right_to_listen_is_asked_again_every_minute() -> None:
    feed = ScriptedFeed([None] * 9, allowed=[True, False])
    events = run(feed, options(ping=20))
    assert [event.type for event in events] == ["ping"] * 6
    assert feed.now == 220
    assert feed.script == [None] * 3


def test_an_end_comes_after_what_was_waiting() -> None:
    events = run(ScriptedFeed([News({"A1": {"Todo": "s2"}}, ended=True), None]), options())
    assert [event.type for event in events] == ["state"]


@pytest.mark.parametrize(
    ("asked", "used"), [("0", 0), ("1", 5), ("5", 5), ("15", 15), ("300", 300), ("301", 300), ("9" * 30, 300)]
)
def test_the_ping_interval_is_put_within_the_limits(asked: str, used: int) -> None:
    """7.3 "MUST NOT have a minimum allowed value higher than 30 or a maximum allowed value less than 300"."""
    found = parse_options({"types": "*", "closeafter": "no", "ping": asked}, Limits())
    assert found == StreamOptions(None, False, used)


def test_limits_beyond_what_the_rfc_allows_are_a_bug() -> None:
    with pytest.raises(ValueError, match="ping"):
        Limits(ping_min=31)
    with pytest.raises(ValueError, match="ping"):
        Limits(ping_max=299)


def test_options_must_all_be_there() -> None:
    for query in ({}, {"types": "*"}, {"types": "*", "closeafter": "no"}, {"closeafter": "no", "ping": "0"}):
        with pytest.raises(RequestError):
            parse_options(query, Limits())


def many(accounts: int, types: int, state: str = "s1") -> dict[str, dict[str, str]]:
    return {f"A{n}": {f"Type{one}": state for one in range(types)} for n in range(accounts)}


@pytest.mark.parametrize(("accounts", "types"), [(0, 0), (1, 1), (50, 12), (100, 12), (600, 12)])
def test_an_event_id_knows_every_state_and_fits_a_header(accounts: int, types: int) -> None:
    """7.3 "a new event id that encodes the entire server state visible to the user"."""
    present = many(accounts, types)
    known = KnownStates(present)
    event_id = known.event_id()
    assert len(event_id) < 5600
    assert known.missed(event_id, present) == {}


@pytest.mark.parametrize("accounts", [3, 100])
def test_what_changed_since_an_event_id_is_found(accounts: int) -> None:
    before = KnownStates(many(accounts, 12)).event_id()
    present = many(accounts, 12)
    present["A2"] = {**present["A2"], "Type3": "s2"}
    present["new"] = {"Type1": "s9"}
    missed = KnownStates(present).missed(before, present)
    assert missed.keys() == {"A2", "new"}
    assert missed["A2"]["Type3"] == "s2"
    if accounts == 3:
        assert missed["A2"] == {"Type3": "s2"}


def test_what_was_missed_is_in_the_first_event() -> None:
    last = KnownStates({"A1": {"Todo": "s0", "Pin": "s1"}}).event_id()
    feed = ScriptedFeed([], present={"A1": {"Todo": "s1", "Pin": "s1"}})
    [event] = run(feed, options(close=True), last)
    assert json.loads(event.data)["changed"] == {"A1": {"Todo": "s1"}}
    assert feed.waits == []


def test_a_server_that_stops_says_when_to_come_again() -> None:
    async def whole(news: News) -> bytes:
        feed = ScriptedFeed([news])
        stream = EventStream(feed, ANN, options(), "", lambda: feed.now, 2500)
        return b"".join([piece async for piece in stream.octets()])

    last = asyncio.run(whole(News({"A1": {"Todo": "s2"}}, ended=True, come_back_ms=750)))
    assert last.endswith(b"\n\nretry: 750\n\n")
    assert asyncio.run(whole(News(ended=True))).count(b"retry:") == 1
