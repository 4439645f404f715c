"""Ids, times, limits of texts, and actions that are valid once built."""

import random
import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain import ids, limits, times
from sync.domain.actions import (
    AttachQuickNote,
    CreateTicket,
    EditTicket,
    MarkRead,
    PostMessage,
    SaveQuickNote,
    Words,
    words_of,
)
from sync.domain.records import MessageKind


class Clock:
    """Says the times that it was given, the last one again and again."""

    def __init__(self, *moments: int) -> None:
        self.moments = list(moments)

    def now_ms(self) -> int:
        return self.moments.pop(0) if len(self.moments) > 1 else self.moments[0]

    def monotonic(self) -> float:
        return 0.0


def test_an_id_is_a_uuid_of_version_7_with_its_time() -> None:
    factory = ids.IdFactory(Clock(1_790_000_000_123), random.Random(1))
    made = factory.new(ids.TICKET)
    value = uuid.UUID(made[1:])
    assert (made[0], len(made), value.version, value.variant) == ("t", 33, 7, uuid.RFC_4122)
    assert value.int >> 80 == 1_790_000_000_123
    assert uuid.UUID(factory.client_key()).version == 7


@pytest.mark.parametrize("moments", [(5,), (9, 8, 7, 6), (1, 1, 2, 1)])
def test_ids_of_a_factory_rise_whatever_the_clock_does(moments: tuple[int, ...]) -> None:
    factory = ids.IdFactory(Clock(*moments), random.Random(2))
    made = [factory.new("t") for _ in range(6000)]
    assert made == sorted(set(made))


@given(st.integers(0, times.from_utc_date("9999-12-31T23:59:59.999Z")))
def test_a_time_is_the_same_after_travelling(ms: int) -> None:
    text = times.to_utc_date(ms)
    assert times.from_utc_date(text) == ms
    assert re.search(r"\.0*Z", text) is None


@pytest.mark.parametrize(
    ("text", "ms"),
    [("1970-01-01T00:00:01Z", 1000), ("1970-01-01T00:00:00.5Z", 500), ("1970-01-01T00:00:00.1239Z", 123)],
)
def test_fractions_are_read_to_the_millisecond(text: str, ms: int) -> None:
    assert times.from_utc_date(text) == ms


@pytest.mark.parametrize(
    "text", ["", "1970-01-01", "1970-01-01T00:00:00", "1970-13-01T00:00:00Z", "1970-01-01T00:00:00+00:00"]
)
def test_what_is_no_utc_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        times.from_utc_date(text)


def test_a_line_is_one_line_and_a_text_keeps_each_word() -> None:
    assert limits.clean_line("  a\r\nb\tc\0d  ") == "a b c d"
    assert limits.clean_text("a\r\nb\rc\n\td\0e") == "a\nb\nc\n\td\N{REPLACEMENT CHARACTER}e"
    assert limits.clean_text("שלום 🖨️ é") == "שלום 🖨️ é"


@given(st.text())
def test_a_cleaned_text_can_be_stored_and_is_clean(text: str) -> None:
    limits.clean_text(text).encode()
    assert limits.clean_text(limits.clean_text(text)) == limits.clean_text(text)
    assert "\n" not in limits.clean_line(text)


@pytest.mark.parametrize(
    ("wanted", "base"),
    [({}, {}), ({"status": "open"}, {}), ({"subject": "x"}, {"subject": "y"}), ({"tags/a": "yes"}, {"tags/a": None})],
)
def test_an_edit_that_no_server_takes_cannot_be_built(wanted: dict[str, str], base: dict[str, str | None]) -> None:
    with pytest.raises(ValueError, match=r"."):
        EditTicket("k", "t", wanted, base, 1)


@pytest.mark.parametrize("kind", [MessageKind.INBOUND, MessageKind.EVENT])
def test_an_agent_writes_replies_and_notes_only(kind: MessageKind) -> None:
    with pytest.raises(ValueError, match="replies and notes"):
        PostMessage("k", "t", kind, "x", 1)


def test_empty_things_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="empty message"):
        PostMessage("k", "t", MessageKind.NOTE, " \n", 1)
    with pytest.raises(ValueError, match="subject"):
        CreateTicket("k", "t", "c", " ", "body", 1, "Eve")
    with pytest.raises(ValueError, match="empty note"):
        SaveQuickNote("k", " ", 1)


def test_the_words_of_an_action_are_what_a_person_wrote() -> None:
    assert words_of(PostMessage("k", "t", MessageKind.REPLY, "Hi", 1)) == Words("Hi", "reply", "t")
    assert words_of(CreateTicket("k", "t", "c", "Subject", "Body", 1, "Eve")) == Words("Subject\n\nBody", "ticket")
    assert words_of(SaveQuickNote("k", "Jot", 1)) == Words("Jot", "quickNote")
    assert words_of(AttachQuickNote("k", "q", "t", "Jot", 1)) == Words("Jot", "note", "t")
    assert words_of(MarkRead("k", "t", 1)) is None
