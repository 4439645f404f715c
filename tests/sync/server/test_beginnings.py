"""So many streams may be about to begin at once; who comes beyond that is told to come again soon."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from sync.jmap.beginnings import Beginnings
from tests.rigs.bureau import BASE, Bureau, Events, bureau

MOST = 64
EVENTS = f"{BASE}/jmap/events?types=*&closeafter=no&ping=0"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Beginnings]:
    """The counts of the servers that are opened in this test."""
    made: list[Beginnings] = []

    def note(one: Beginnings) -> None:
        one.under_way = 0
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
