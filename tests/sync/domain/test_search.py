"""The language of the search field: whatever is typed is a query."""

from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.records import Status
from sync.domain.search import Query, Term, parse
from sync.domain.times import HOUR_MS, from_utc_date


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("  !!  ", Query()),
        ("printer jam", Query(terms=(Term("printer"), Term("jam", prefix=True)))),
        ("printer ", Query(terms=(Term("printer"),))),
        ('"paper jam"', Query(terms=(Term("paper jam"),))),
        ('"paper ja', Query(terms=(Term("paper ja", prefix=True),))),
        ("from:", Query()),
        ("from: bob", Query(terms=(Term("bob", prefix=True),))),
        ('FROM:"Bob Smith"', Query(senders=(Term("Bob Smith", prefix=True),))),
        ("tag:vip category:Down", Query(tags=("vip",), categories=("Down",))),
        ("status:clo", Query(statuses=frozenset({Status.CLOSED}))),
        ("status:new status:open", Query(statuses=frozenset({Status.NEW, Status.OPEN}))),
        ("status:odd ", Query(terms=(Term("status odd"),))),
        ("http://x", Query(terms=(Term("http //x", prefix=True),))),
        ("#12", Query(terms=(Term("#12", prefix=True),), number=12)),
        ("12", Query(terms=(Term("12", prefix=True),), number=12)),
        ("12 a", Query(terms=(Term("12"), Term("a", prefix=True)))),
        ("before:2026-02-30", Query(terms=(Term("before 2026-02-30", prefix=True),))),
        ("after:soon ", Query(terms=(Term("after soon"),))),
    ],
)
def test_what_is_typed_is_taken_as_meant(text: str, query: Query) -> None:
    assert parse(text) == query
    assert parse(text).is_empty() == (query == Query())


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026", "2026-01-01"), ("2026-", "2026-01-01"), ("2026-3", "2026-03-01"), ("2026-03-17", "2026-03-17")],
)
def test_a_date_half_typed_is_its_beginning_in_the_agents_zone(text: str, day: str) -> None:
    start = from_utc_date(f"{day}T00:00:00Z")
    assert parse(f"after:{text}").after == start
    assert parse(f"before:{text}", timezone(timedelta(hours=2))).before == start - 2 * HOUR_MS


@given(st.text() | st.text('from:tagsubeo" -#0129'))
def test_nothing_raises(text: str) -> None:
    parse(text)
