"""The event stream's reader, fed in pieces of any size."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.jmap.event_parser import Event, EventParser, EventTooLargeError


def read(octets: bytes, size: int = 1) -> list[Event]:
    """All events, the octets coming in pieces of that size."""
    parser = EventParser()
    found: list[Event] = []
    for start in range(0, len(octets), size):
        found += parser.feed(octets[start : start + size])
    return found


SAMPLE = (
    b"\xef\xbb\xbf: comment\r\nevent: state\r\nid: 7\r\ndata: a\r\ndata: b\r\n\r\n"
    b"event:ping\rdata:  x\r\rdata\n\ndata: \xe2\x98\x83\n\n"
)
EVENTS = [
    Event("state", "a\nb", "7"),
    Event("ping", " x", "7"),
    Event("message", "", "7"),
    Event("message", "\u2603", "7"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 1000])
def test_pieces_of_any_size_give_the_same_events(size: int) -> None:
    assert read(SAMPLE, size) == EVENTS


@given(st.lists(st.integers(1, len(SAMPLE) - 1), max_size=8))
def test_cuts_anywhere_give_the_same_events(cuts: list[int]) -> None:
    parser = EventParser()
    found: list[Event] = []
    edges = [0, *sorted(cuts), len(SAMPLE)]
    for start, end in pairwise(edges):
        found += parser.feed(SAMPLE[start:end])
    assert found == EVENTS


@given(st.binary(max_size=200))
def test_any_octets_are_read_without_failing(octets: bytes) -> None:
    assert read(octets, 3) == read(octets, 1000)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_every_line_end_counts_once(end: bytes) -> None:
    assert read(b"data: a" + end + b"data: b" + end + end) == [Event("message", "a\nb", "")]


def test_an_event_that_the_end_cuts_off_is_dropped() -> None:
    assert read(b"data: whole\n\ndata: cut\n") == [Event("message", "whole", "")]


def test_an_id_without_data_is_kept_and_dispatches_nothing() -> None:
    parser = EventParser("old")
    assert parser.last_event_id == "old"
    assert parser.feed(b"id: new\n\n") == []
    assert parser.last_event_id == "new"
    assert parser.feed(b"id: with\0nul\ndata: x\n\n") == [Event("message", "x", "new")]
    assert parser.feed(b"id\ndata: y\n\n") == [Event("message", "y", "")]


def test_retry_takes_digits_only() -> None:
    parser = EventParser()
    parser.feed(b"retry: soon\nretry: -1\n")
    assert parser.retry_ms is None
    parser.feed(b"retry: 2500\n")
    assert parser.retry_ms == 2500


def test_unknown_fields_and_comments_are_ignored() -> None:
    assert read(b":\n:: x\nfoo: bar\ndata: x\n data: y\n\n") == [Event("message", "x", "")]


def test_a_line_of_a_megabyte_is_read_byte_by_byte() -> None:
    words = b"x" * 1_000_000
    [event] = read(b"data: " + words + b"\n\n")
    assert len(event.data) == 1_000_000


@pytest.mark.parametrize("octets", [b"data: " + b"x" * 2000, b"data: xxxxxxxxx\n" * 200, b"x" * 2000])
def test_what_never_ends_is_refused(octets: bytes) -> None:
    parser = EventParser(max_octets=1000)
    with pytest.raises(EventTooLargeError):
        parser.feed(octets)
