"""So many streams may be about to begin at once; who comes beyond that is told when to come again."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from sync.jmap.beginnings import LATEST_S, SOONEST_S, Beginning, Beginnings
from tests.rigs.bureau import BASE, Bureau, Events, HandClock, bureau

MOST = 256
EVENTS = f"{BASE}/jmap/events?types=*&closeafter=no&ping=0"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Beginnings]:
    """The counts of the servers that are opened in this test."""
    made: list[Beginnings] = []
    as_it_is = Beginnings.__init__

    def note(one: Beginnings, most: int, monotonic: Callable[[], float]) -> None:
        as_it_is(one, most, monotonic)
        made.append(one)

    monkeypatch.setattr(Beginnings, "__init__", note)
    return made


@pytest.fixture
def desk(server_database: str, counted: list[Beginnings]) -> Iterator[Bureau]:
    """A server, and its count."""
    with bureau(server_database) as opened:
        yield opened


def _to_the_end(stream: Events) -> None:
    while True:
        stream.block()


def test_a_stream_that_has_begun_counts_no_more(desk: Bureau, counted: list[Beginnings]) -> None:
    desk.agent("Ann")
    ann = desk.caller("Ann")
    [count] = counted
    count.under_way = MOST - 1
    with closing(ann.events()) as first, closing(ann.events()) as second:
        desk.house.hub.end_all()
        for stream in (first, second):
            with pytest.raises(EOFError):
                _to_the_end(stream)
    assert count.under_way == MOST - 1


def test_beyond_the_limit_one_is_told_to_wait_and_calls_go_on(desk: Bureau, counted: list[Beginnings]) -> None:
    desk.agent("Ann")
    ann = desk.caller("Ann")
    [count] = counted
    count.under_way = MOST
    answer = ann.session.get(EVENTS)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert ann.account("Personal")
    count.under_way = 0
    ann.events().close()


def test_what_is_refused_was_no_beginning(desk: Bureau, counted: list[Beginnings]) -> None:
    desk.agent("Ann")
    ann = desk.caller("Ann")
    ann.session.headers["Authorization"] = "Bearer nobody"
    assert ann.session.get(EVENTS).status_code == 401
    assert counted[0].under_way == 0


@pytest.mark.parametrize("together", [1, 50])
def test_whoever_is_turned_away_is_given_a_turn_of_their_own(together: int) -> None:
    """1,000 turned away where 125 begin a second: one after the other, and a quarter slower than that."""
    clock = HandClock()
    here = Beginnings(MOST, clock.monotonic)
    for _ in range(400 // together):
        begun = [Beginning(here) for _ in range(together)]
        for one in begun:
            clock.advance(8)
            one.end()
    turns = [here.next_turn() for _ in range(1000)]
    assert turns == sorted(turns)
    assert turns[0] == SOONEST_S
    assert turns[-1] == pytest.approx(SOONEST_S + 10, abs=1)


@pytest.mark.parametrize(("took_ms", "last"), [(0, 4), (3_600_000, 14)])
def test_what_took_no_time_or_an_hour_counts_within_bounds(took_ms: int, last: int) -> None:
    clock = HandClock()
    here = Beginnings(MOST, clock.monotonic)
    for _ in range(1000):
        begun = Beginning(here)
        clock.advance(took_ms)
        begun.end()
    assert [here.next_turn() for _ in range(1001)][-1] == pytest.approx(last, abs=1)


def test_no_turn_is_later_than_two_minutes_and_turns_that_are_over_are_forgotten() -> None:
    clock = HandClock()
    here = Beginnings(MOST, clock.monotonic)
    assert [here.next_turn() for _ in range(40_000)][-1] == LATEST_S
    clock.advance(500_000)
    assert here.next_turn() == SOONEST_S
