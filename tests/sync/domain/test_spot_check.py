"""The owner's check: the limit to the millisecond, the order, the record's gaps."""

from hypothesis import given
from hypothesis import strategies as st

from sync.domain.spot_check import SOON_MS, Gap, Waiting, check, gaps

NOW = 1_800_000_000_000
MINUTE = 60_000
HOUR = 60 * MINUTE


def waiting(ticket: str, minutes: float, limit_ms: int = 2 * HOUR) -> Waiting:
    return Waiting(ticket, 1, "Late", "Ines R.", "c1", "Billing", None, NOW - round(minutes * MINUTE), limit_ms)


def test_too_long_begins_with_the_limit_itself() -> None:
    just = Waiting("t1", 1, "", "", "c1", "", None, NOW - 2 * HOUR, 2 * HOUR)
    early = Waiting("t2", 2, "", "", "c1", "", None, NOW - 2 * HOUR + 1, 2 * HOUR)
    report = check([early, just], new=0, at=NOW, as_of=NOW)
    assert [one.ticket.ticket_id for one in report.too_long] == ["t1"]
    assert [(one.ticket.ticket_id, one.left_ms) for one in report.soon] == [("t2", 1)]


def test_oldest_first_and_each_by_its_own_limit() -> None:
    report = check(
        [waiting("a", 130), waiting("b", 154), waiting("c", 64, HOUR), waiting("d", 111), waiting("e", 10)],
        new=2,
        at=NOW,
        as_of=NOW,
    )
    assert [one.ticket.ticket_id for one in report.too_long] == ["b", "a", "c"]
    assert [one.ticket.ticket_id for one in report.soon] == ["d"]
    assert (report.awaiting, report.new) == (5, 2)
    assert report.oldest is not None
    assert report.oldest.waited_ms == 154 * MINUTE
    assert report.oldest.left_ms == -34 * MINUTE


def test_nobody_waits() -> None:
    report = check([], new=0, at=NOW, as_of=None)
    assert report.oldest is None
    assert report.awaiting == 0


@given(st.lists(st.tuples(st.integers(0, 10**8), st.integers(1, 10**8)), max_size=30))
def test_every_ticket_is_counted_once_and_in_at_most_one_list(some: list[tuple[int, int]]) -> None:
    rows = [Waiting(f"t{n}", n, "", "", "c", "", None, NOW - age, limit) for n, (age, limit) in enumerate(some)]
    report = check(rows, new=0, at=NOW, as_of=NOW)
    late, soon = ({one.ticket.ticket_id for one in part} for part in (report.too_long, report.soon))
    assert report.awaiting == len(rows)
    assert not late & soon
    for row in rows:
        left = row.limit_ms - (NOW - row.since)
        assert (row.ticket_id in late) == (left <= 0)
        assert (row.ticket_id in soon) == (0 < left <= SOON_MS)


def test_a_missed_check_is_a_gap_and_a_late_one_is_not() -> None:
    quarter = 15 * MINUTE
    assert gaps([NOW, NOW + quarter, NOW + 2 * quarter + 5 * MINUTE], quarter, NOW + 3 * quarter) == ()
    times = [NOW, NOW + quarter, NOW + 5 * quarter]
    assert gaps(times[::-1], quarter, NOW + 6 * quarter) == (Gap(NOW + quarter, NOW + 5 * quarter),)


def test_silence_since_the_last_check_is_a_gap_too() -> None:
    assert gaps([NOW], 15 * MINUTE, NOW + HOUR) == (Gap(NOW, NOW + HOUR),)
    assert gaps([], 15 * MINUTE, NOW) == ()
