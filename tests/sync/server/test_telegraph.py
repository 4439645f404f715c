"""Between server processes: what a telegram holds, and that it arrives, over a broken connection too."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.server.telegram import MOST_OCTETS, Telegram, Told, read
from sync.server.telegraph import CHANNEL, NotifyTelegraph


class Listener:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.heard: list[Telegram] = []
        self.looks = 0
        self._changed = threading.Condition()

    def take_in(self, telegram: Telegram) -> None:
        with self._changed:
            self.heard.append(telegram)
            self._changed.notify_all()

    def look_again(self) -> None:
        with self._changed:
            self.looks += 1
            self._changed.notify_all()

    def wait(self, true: Callable[[], object]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: bool(true()), 20)


@pytest.fixture
def ear() -> Listener:
    """Who listens at the second telegraph."""
    return Listener()


@pytest.fixture
def two(fresh_postgres_url: str, ear: Listener) -> Iterator[tuple[NotifyTelegraph, NotifyTelegraph]]:
    """Two processes' telegraphs; the second listens."""
    with (
        closing(NotifyTelegraph(fresh_postgres_url, "one")) as one,
        closing(NotifyTelegraph(fresh_postgres_url, "two")) as two,
    ):
        one.start(ear, listens=False)
        two.start(ear, listens=True)
        ear.wait(lambda: ear.looks)
        yield one, two


def _cut(address: str) -> int:
    """End every connection of a telegraph; how many."""
    with psycopg.connect(address, autocommit=True) as connection:
        sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'deskbell telegraph'"
        return len(connection.execute(sql).fetchall())


def test_what_one_sends_the_other_hears(two: tuple[NotifyTelegraph, NotifyTelegraph], ear: Listener) -> None:
    sent = Telegram({"C1": Told([(4, 6)], {"Ticket": 6})}, [("C1", {"id": "a1", "kind": "new"})], ["g1"])
    two[0].post(sent)
    ear.wait(lambda: ear.heard)
    assert ear.heard == [Telegram({"C1": Told([(4, 6)], {"Ticket": 6})}, [("C1", {"id": "a1", "kind": "new"})], ["g1"])]


def test_nobody_hears_itself(two: tuple[NotifyTelegraph, NotifyTelegraph], ear: Listener) -> None:
    two[1].post(Telegram(ended=["own"]))
    two[0].post(Telegram(ended=["other"]))
    ear.wait(lambda: ear.heard)
    assert [one.ended for one in ear.heard] == [["other"]]


def test_notes_reach_who_subscribed_to_the_topic(two: tuple[NotifyTelegraph, NotifyTelegraph]) -> None:
    came = threading.Event()
    notes: list[object] = []

    def take_in(note: object) -> None:
        notes.append(note)
        came.set()

    two[1].subscribe("presence", take_in)
    two[0].send("weather", {"it": "rains"})
    two[0].send("presence", {"ticketId": "t1"})
    assert came.wait(20)
    assert notes == [{"ticketId": "t1"}]


def test_a_cut_connection_comes_back_and_looks(
    two: tuple[NotifyTelegraph, NotifyTelegraph], ear: Listener, fresh_postgres_url: str
) -> None:
    assert _cut(fresh_postgres_url) >= 2
    ear.wait(lambda: ear.looks == 2)
    two[0].post(Telegram({"C1": Told([(0, 1)], {"Ticket": 1})}))
    ear.wait(lambda: ear.heard)
    assert ear.heard[0].look or ear.heard[0].told


def test_a_payload_of_nobody_deafens_no_process(
    two: tuple[NotifyTelegraph, NotifyTelegraph], ear: Listener, fresh_postgres_url: str
) -> None:
    with psycopg.connect(fresh_postgres_url, autocommit=True) as connection:
        connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, "not ours"))
    two[0].post(Telegram(look=True))
    ear.wait(lambda: ear.heard)


def test_a_command_sends_what_it_did_as_it_ends(
    two: tuple[NotifyTelegraph, NotifyTelegraph], ear: Listener, fresh_postgres_url: str
) -> None:
    command = NotifyTelegraph(fresh_postgres_url, "command")
    command.post(Telegram(ended=["g1"]))
    command.post(Telegram(ended=["g2"]))
    assert not ear.heard
    command.close()
    ear.wait(lambda: ear.heard)
    assert ear.heard[0].ended == ["g1", "g2"]


_counts = st.dictionaries(st.sampled_from(["Ticket", "Message"]), st.integers(1, 10**12), max_size=2)
_spans = st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), min_size=1, max_size=3)
_told = st.dictionaries(st.text(min_size=1, max_size=40), st.builds(Told, _spans, _counts), max_size=40)
_rings = st.lists(
    st.tuples(st.text(max_size=40), st.dictionaries(st.text(max_size=9), st.text(max_size=90))), max_size=9
)
_notes = st.lists(st.tuples(st.sampled_from(["presence", "other"]), st.text(max_size=500)), max_size=30)
_ended = st.lists(st.text(min_size=1, max_size=33), max_size=300, unique=True)


@given(_told, _rings, _ended, _notes, st.booleans())
def test_every_telegram_fits_and_loses_nothing_but_to_a_look(
    told: dict[str, Told],
    rings: list[tuple[str, dict[str, str]]],
    ended: list[str],
    notes: list[tuple[str, str]],
    look: bool,
) -> None:
    telegram = Telegram(told, list(rings), list(ended), list(notes), look)
    payloads = list(telegram.payloads("me"))
    assert all(len(one.encode()) <= MOST_OCTETS for one in payloads)
    parts = [read(one) for one in payloads]
    assert {sender for sender, _ in parts} <= {"me"}
    assert [one for _, part in parts for one in part.ended] == ended
    assert [one for _, part in parts for one in part.notes] == notes
    if not any(part.look for _, part in parts):
        assert [(part.told, part.rings) for _, part in parts if part.told or part.rings] == (
            [(told, rings)] if told or rings else []
        )


def test_commits_told_out_of_order_make_one_span() -> None:
    telegram = Telegram({"C": Told([(4, 6)], {"Ticket": 6})})
    telegram.add(Telegram({"C": Told([(0, 4)], {"Ticket": 3, "Message": 4})}))
    telegram.add(Telegram({"C": Told([(9, 10)], {"Ticket": 10})}))
    assert telegram.told == {"C": Told([(0, 6), (9, 10)], {"Ticket": 10, "Message": 4})}


@pytest.mark.parametrize(
    "payload", ["", "[]", "{}", '{"by":"x","told":{"a":1},"rings":[],"ended":[],"notes":[],"look":0}']
)
def test_what_is_no_telegram_is_said_to_be_none(payload: str) -> None:
    with pytest.raises(ValueError, match="telegram"):
        read(payload)
