"""The board of who is where: leases, their ends, several devices, and what travels between processes."""

from collections.abc import Sequence
from typing import Any

import pytest

from sync.domain.presence import LEASE_MS, TYPING_MS, Doing
from sync.jmap.feed import Extra
from sync.server.presence import CROWD, MOST_DEVICES, Board
from tests.rigs.bureau import HandClock

CATEGORY, OTHER = "C1-1", "C2-1"
TICKET = "t1"


class Ear:
    """A board, its clock, and what its streams heard."""

    def __init__(self, clock: HandClock | None = None) -> None:
        self.clock = clock or HandClock()
        self.heard: list[Extra] = []
        self.board = Board(self.clock, self._hear)

    def _hear(self, extras: Sequence[Extra]) -> None:
        self.heard.extend(extras)

    def said(self) -> list[tuple[Any, ...]]:
        """Account, ticket, agent, doing and what is left of each event since the last look."""
        heard, self.heard = self.heard, []
        return [
            tuple(one.data[name] for name in ("accountId", "ticketId", "agentId", "doing", "leftMs")) for one in heard
        ]


@pytest.fixture
def ear() -> Ear:
    return Ear()


def test_a_lease_is_told_holds_for_half_a_minute_and_its_end_is_told(ear: Ear) -> None:
    until = ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.LOOKING)
    assert until == ear.clock.now + LEASE_MS
    assert ear.said() == [(CATEGORY, TICKET, "ann", "looking", LEASE_MS)]
    ear.clock.advance(LEASE_MS - 1)
    ear.board.sweep()
    assert ear.said() == []
    ear.clock.advance(1)
    ear.board.sweep()
    assert ear.said() == [(CATEGORY, TICKET, "ann", None, 0)]
    assert len(ear.board) == 0
    assert ear.board.standing([CATEGORY]) == []


def test_typing_ends_before_looking_does(ear: Ear) -> None:
    ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.TYPING)
    assert ear.said() == [(CATEGORY, TICKET, "ann", "typing", LEASE_MS)]
    ear.clock.advance(TYPING_MS)
    ear.board.sweep()
    assert ear.said() == [(CATEGORY, TICKET, "ann", "looking", LEASE_MS - TYPING_MS)]


def test_a_renewal_is_told_once_it_makes_a_difference(ear: Ear) -> None:
    ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.LOOKING)
    ear.said()
    ear.clock.advance(900)
    ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.LOOKING)
    assert ear.said() == []
    ear.clock.advance(15_000)
    ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.LOOKING)
    assert ear.said() == [(CATEGORY, TICKET, "ann", "looking", LEASE_MS)]


def test_a_device_is_in_one_place_only(ear: Ear) -> None:
    ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.TYPING)
    ear.said()
    ear.board.say("ann", "laptop", OTHER, "t2", Doing.LOOKING)
    assert ear.said() == [(CATEGORY, TICKET, "ann", None, 0), (OTHER, "t2", "ann", "looking", LEASE_MS)]
    assert len(ear.board) == 1


def test_an_agent_on_two_devices_is_one_until_both_have_left(ear: Ear) -> None:
    ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.LOOKING)
    ear.board.say("ann", "desk", CATEGORY, TICKET, Doing.TYPING)
    assert [one[3] for one in ear.said()] == ["looking", "typing"]
    ear.board.leave("desk")
    assert [one[3] for one in ear.said()] == ["looking"]
    ear.board.leave("laptop")
    assert [one[3] for one in ear.said()] == [None]
    ear.board.leave("laptop")
    assert ear.said() == []


def test_an_agent_has_so_many_devices_and_no_more(ear: Ear) -> None:
    for number in range(MOST_DEVICES + 3):
        ear.clock.advance(1)
        ear.board.say("ann", f"device {number}", CATEGORY, f"t{number}", Doing.LOOKING)
    ear.board.say("ben", "his", CATEGORY, TICKET, Doing.LOOKING)
    assert len(ear.board) == MOST_DEVICES + 1
    there = {one.data["ticketId"] for one in ear.board.standing([CATEGORY])}
    assert there == {TICKET, *(f"t{number}" for number in range(3, MOST_DEVICES + 3))}


def test_leases_end_where_an_agent_may_not_look_any_more(ear: Ear) -> None:
    ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.LOOKING)
    ear.board.say("ann", "desk", OTHER, "t2", Doing.LOOKING)
    ear.board.say("ben", "his", CATEGORY, TICKET, Doing.LOOKING)
    ear.said()
    ear.board.keep("ann", [OTHER])
    assert ear.said() == [(CATEGORY, TICKET, "ann", None, 0)]
    assert len(ear.board) == 2


def test_with_its_last_stream_a_device_is_gone(ear: Ear) -> None:
    for _ in range(2):
        ear.board.stream_began("laptop")
    ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.LOOKING)
    ear.board.stream_ended("laptop")
    assert len(ear.board) == 1
    ear.board.stream_ended("laptop")
    assert len(ear.board) == 0


def test_what_one_process_hears_the_others_know_whatever_their_clocks_say() -> None:
    here, there = Ear(), Ear(HandClock(now_ms=5))
    here.board.on_publish = there.board.take_in
    here.board.say("ann", "laptop", CATEGORY, TICKET, Doing.TYPING)
    assert there.said() == here.said() == [(CATEGORY, TICKET, "ann", "typing", LEASE_MS)]
    here.board.leave("laptop")
    assert there.said() == here.said() == [(CATEGORY, TICKET, "ann", None, 0)]
    here.board.say("ann", "laptop", CATEGORY, TICKET, Doing.LOOKING)
    there.clock.advance(LEASE_MS)
    there.board.sweep()  # the process that said it may be gone
    assert len(there.board) == 0


def test_in_a_crowd_news_go_out_together_the_newest_of_each(ear: Ear) -> None:
    for number in range(CROWD + 1):
        ear.board.stream_began(f"device {number}")
    for _ in range(100):
        ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.LOOKING)
        ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.TYPING)
    ear.board.say("ben", "his", CATEGORY, TICKET, Doing.LOOKING)
    assert ear.said() == []
    assert len(ear.board.standing([CATEGORY])) == 2
    ear.board.sweep()
    assert [one[2:4] for one in ear.said()] == [("ann", "typing"), ("ben", "looking")]
    ear.board.stream_ended("device 0")
    ear.board.leave("laptop")
    assert [one[2:4] for one in ear.said()] == [("ann", None)]


def test_a_device_that_leaves_at_another_process_than_it_came_to_is_gone() -> None:
    came, left, streams = Ear(), Ear(), Ear()
    came.board.on_publish = left.board.on_publish = streams.board.take_in
    came.board.say("ann", "laptop", CATEGORY, TICKET, Doing.LOOKING)
    left.board.leave("laptop")
    assert [one[3] for one in streams.said()] == ["looking", None]


def test_streams_that_end_are_told_to_other_processes_only_where_somebody_was() -> None:
    ear, published = Ear(), list[bytes]()
    ear.board.on_publish = published.append
    for device in ("laptop", "desk"):
        ear.board.stream_began(device)
    ear.board.say("ann", "laptop", CATEGORY, TICKET, Doing.LOOKING)
    for device in ("laptop", "desk"):
        ear.board.stream_ended(device)
    assert len(published) == 2


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"null",
        b'{"device": 5, "place": null, "leftMs": 30000, "typingMs": 0}',
        b'{"device": "d", "place": ["C1-1"], "leftMs": 30000, "typingMs": 0}',
        b'{"device": "d", "place": ["C1-1", "t1", 7], "leftMs": 30000, "typingMs": 0}',
        b'{"device": "d", "place": ["C1-1", "t1", "ann"], "leftMs": 3000000, "typingMs": 0}',
        b'{"device": "d", "place": ["C1-1", "t1", "ann"], "leftMs": "soon", "typingMs": 0}',
        b'{"device": "d"}',
        b'{"device": "' + b"d" * 3000 + b'", "place": null, "leftMs": 30000, "typingMs": 0}',
    ],
)
def test_a_damaged_payload_changes_nothing(ear: Ear, payload: bytes) -> None:
    ear.board.take_in(payload)
    assert len(ear.board) == 0
    assert ear.said() == []
