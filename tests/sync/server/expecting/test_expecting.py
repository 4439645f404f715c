"""When to expect an answer: policy, calendar, closings and what was done lately; on both databases."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sync.domain.closings import Closing
from sync.domain.errors import Rejected
from sync.domain.times import DAY_MS, HOUR_MS, MINUTE_MS
from tests.rigs.bureau import Bureau

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()) * 1000


@pytest.fixture
def house(desk: Bureau) -> Bureau:
    """A house in Bavaria, open from nine to five, on a Monday morning."""
    for name, value in (("calendar.zone", "Europe/Berlin"), ("calendar.country", "DE-BY")):
        desk.house.parts.settings.put(name, value)
    desk.clock.now = at("2026-11-23T10:07")
    return desk


def answered(desk: Bureau, category_id: str, begin: int, after: int) -> None:
    """A ticket of that moment, answered so much later; the clock is moved along."""
    desk.clock.now = begin
    ticket = desk.file(category_id).ticket
    desk.clock.now = begin + after

    def work() -> None:
        desk.house.parts.database.execute(
            "INSERT INTO message (id, ticket_id, seq, kind, body_text, composed_at, posted_at, attachments) "
            "VALUES (?, ?, 2, 'reply', 'Yes', ?, ?, '[]')",
            (desk.house.parts.ids.new("m"), ticket.id, desk.clock.now, desk.clock.now),
        )
        desk.house.parts.database.execute("UPDATE ticket SET awaiting = 'requester' WHERE id = ?", (ticket.id,))

    desk.house.parts.database.write(work)


def test_without_experience_the_policy_counts_on_the_calendar(house: Bureau, billing: str) -> None:
    expected = house.house.expecting.answer(billing, house.clock.now)
    assert expected.by_ms == at("2026-11-23T12:15")
    assert expected.sentence == "We answer by Monday, 23 November 2026, 12:15 CET."
    assert expected.because == ("Our aim is an answer within 2 hours of working time.",)
    house.house.parts.settings.put("calendar.hours", "Mo-Fr 09:00-11:00")
    assert house.house.expecting.answer(billing, house.clock.now).by_ms == at("2026-11-24T10:15")


def test_a_holiday_is_said(house: Bureau, billing: str) -> None:
    house.clock.now = at("2027-01-06T11:00")
    expected = house.house.expecting.answer(billing, house.clock.now)
    assert expected.by_ms == at("2027-01-07T11:00")
    assert expected.sentence.endswith("11:00 CET; that day is a holiday.")
    assert any(one.startswith("Wednesday, 6 January 2027 is a holiday: ") for one in expected.because)


def test_a_closing_moves_the_answer_of_its_categories_only(house: Bureau, billing: str, repairs: str) -> None:
    wanted = Closing("", "Stock-taking", at("2026-11-23T00:00"), at("2026-11-25T00:00"), frozenset({billing}))
    stored = house.house.closings.add(wanted)
    expecting = house.house.expecting
    assert expecting.answer(billing, house.clock.now).by_ms == at("2026-11-25T11:00")
    assert "(Stock-taking)" in expecting.answer(billing, house.clock.now).sentence
    assert expecting.answer(repairs, house.clock.now).by_ms == at("2026-11-23T12:15")
    [told] = expecting.closings(billing, house.clock.now)
    assert told.sentence == "Stock-taking: nobody is here until Tuesday, 24 November 2026."
    assert expecting.closings(repairs, house.clock.now) == expecting.closings(None, house.clock.now) == []
    house.house.closings.remove(stored.id)
    assert expecting.answer(billing, house.clock.now).by_ms == at("2026-11-23T12:15")


def test_closings_that_overlap_are_each_told_and_ended_ones_are_gone(house: Bureau, billing: str) -> None:
    closings = house.house.closings
    closings.add(Closing("", "Christmas", at("2026-12-24T00:00"), at("2026-12-28T00:00")))
    closings.add(Closing("", "Office move", at("2026-12-27T12:00"), at("2027-01-02T00:00"), notice="Call if urgent."))
    closings.add(Closing("", "Far away", at("2027-06-01T00:00"), at("2027-06-02T00:00")))
    names = [one.name for one in house.house.expecting.closings(billing, at("2026-12-20T10:00"))]
    assert names == ["Christmas", "Office move"]
    [left] = house.house.expecting.closings(billing, at("2026-12-28T00:00"))
    assert (left.name, left.notice) == ("Office move", "Call if urgent.")
    assert left.sentence == "Office move: nobody is here until Saturday, 2 January 2027, 00:00 CET."
    assert house.house.expecting.answer(billing, at("2026-12-24T09:00")).by_ms == at("2027-01-04T11:00")


def test_what_was_done_lately_counts_where_it_was_slower(house: Bureau, billing: str, repairs: str) -> None:
    begin = at("2026-11-16T09:00")
    for number in range(10):
        answered(house, billing, begin + number * MINUTE_MS, 6 * HOUR_MS)
    house.clock.now = at("2026-11-23T10:07")
    expected = house.house.expecting.answer(billing, house.clock.now)
    assert expected.by_ms == at("2026-11-23T16:15")
    assert "Lately four of five questions were answered within 6 hours of working time." in expected.because
    assert house.house.expecting.answer(repairs, house.clock.now).by_ms == at("2026-11-23T12:15")


def test_a_queue_counts_for_those_behind_it(house: Bureau, billing: str) -> None:
    begin = at("2026-11-16T09:00")
    for number in range(10):
        answered(house, billing, begin + number * 30 * MINUTE_MS, 30 * MINUTE_MS)
    house.clock.now = at("2026-11-23T09:00")
    first = house.file(billing).ticket
    for _ in range(7):
        house.clock.advance(MINUTE_MS)
        house.file(billing)
    house.clock.now = at("2026-11-23T10:07")
    expecting = house.house.expecting
    behind, ahead = expecting.answer(billing, house.clock.now), expecting.answer(billing, first.created_at)
    assert behind.by_ms == at("2026-11-24T09:30")  # nine answers and the margin of three, each 36.7 minutes
    assert "More people than usual wait for an answer." in behind.because
    assert ahead.by_ms < behind.by_ms


def test_what_is_late_says_so(house: Bureau, billing: str) -> None:
    ticket = house.file(billing).ticket
    house.clock.advance(3 * HOUR_MS)
    expected = house.house.expecting.answer(billing, ticket.created_at)
    assert (
        expected.sentence == "We wanted to answer by Monday, 23 November 2026, 12:15 CET, and are late. We are sorry."
    )


def test_the_look_into_the_database_is_a_minute_old_at_most(house: Bureau, billing: str) -> None:
    expecting, select, asked = house.house.expecting, house.house.parts.database.select, []
    house.house.parts.database.select = lambda *words: asked.append(words) or select(*words)  # type: ignore[method-assign,func-returns-value]  # counted on its way
    first = expecting.answer(billing, house.clock.now)
    looks = len(asked)
    house.clock.advance(59_000)
    assert expecting.answer(billing, house.clock.now - 59_000) == first
    assert len(asked) == looks
    house.clock.advance(2_000)
    expecting.answer(billing, house.clock.now)
    assert len(asked) > looks


@pytest.mark.parametrize(
    "wanted",
    [
        Closing("", "", 0, DAY_MS),
        Closing("", "Backwards", DAY_MS, DAY_MS),
        Closing("", "For ever", 0, 4_000 * DAY_MS),
        Closing("", "Where?", 0, DAY_MS, frozenset({"c" + "0" * 32})),
        Closing("", "Long", 0, DAY_MS, notice="x" * 1_001),
    ],
)
def test_what_is_no_closing(house: Bureau, wanted: Closing) -> None:
    with pytest.raises(Rejected, match=r".+\."):
        house.house.closings.add(wanted)
    assert house.house.closings.all() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("calendar.zone", "Europe/Atlantis"), ("calendar.hours", "always"), ("calendar.country", "XX"),
     ("calendar.zone", "../etc/passwd")],
)  # fmt: skip
def test_a_calendar_that_cannot_be_used_is_not_set(house: Bureau, name: str, value: str) -> None:
    with pytest.raises(Rejected, match=r".+\."):
        house.house.parts.settings.put(name, value)
