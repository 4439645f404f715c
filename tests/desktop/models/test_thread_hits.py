"""Where words stand in a thread."""

import pytest

from desktop.models.thread import Entry, State
from desktop.models.thread_hits import MOST, Hit, Needle, hits
from sync.domain.records import MessageKind


def entry(key: str, body: str) -> Entry:
    return Entry(key, MessageKind.NOTE, "Internal note", "Tom B.", "13:24", State.SENT, body, "lock")


@pytest.mark.parametrize(
    ("needle", "text", "spans"),
    [
        ("log", "Log, LOG and catalog", [(0, 3), (5, 8), (17, 20)]),
        ("benoit", "Ask Benoît.", [(4, 10)]),
        ("Straße", "straße STRASSE", [(0, 6)]),
        ("aa", "aaaa", [(0, 2), (2, 4)]),
        ("a.c", "abc a.c", [(4, 7)]),
        ("x", "🛎️x", [(2, 3)]),
        ("", "anything", []),
    ],
)
def test_capitals_and_accents_do_not_matter(needle: str, text: str, spans: list[tuple[int, int]]) -> None:
    assert Needle(needle).spans(text) == spans


def test_in_reading_order() -> None:
    thread = [entry("m1", "one log"), entry("m2", "none"), entry("m3", "log and log")]
    assert hits(thread, Needle("log")) == [Hit("m1", 0), Hit("m3", 0), Hit("m3", 1)]


def test_of_too_many_the_newest_are_kept() -> None:
    found = hits([entry("m1", "a" * 600), entry("m2", "a" * 600)], Needle("a"))
    assert len(found) == MOST
    assert sum(hit.entry_id == "m2" for hit in found) == 600
    assert found[0] == Hit("m1", 0)
