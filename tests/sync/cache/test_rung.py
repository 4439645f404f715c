"""A chime sounds once, whatever the workstation's clock says."""

from dataclasses import replace

from sync.domain.records import ArrivalKind, Priority, TicketArrival
from sync.domain.times import DAY_MS
from tests.rigs.fed_cache import DOWNLOADS, FedCache, account

AT = 1_790_000_000_000
FIRST = TicketArrival("a1", "t1", "m1", ArrivalKind.NEW, Priority.NORMAL, None, AT)


def rung(desk: FedCache, arrival: TicketArrival) -> bool:
    """Whether this one may ring; it is told then."""
    fresh = desk.cache.mark_rung(account(DOWNLOADS), arrival)
    desk.cache.told([arrival.id])
    return fresh


def test_a_clock_set_ahead_by_years_lets_nothing_ring_twice(desk: FedCache) -> None:
    desk.fill()
    assert rung(desk, FIRST)
    desk.clock.now += 5 * 365 * DAY_MS
    desk.reopen()
    assert not rung(desk, FIRST)


def test_what_no_server_shows_any_more_is_forgotten(desk: FedCache) -> None:
    desk.fill()
    assert rung(desk, FIRST)
    assert rung(desk, replace(FIRST, id="a2", at=AT + 61 * DAY_MS))
    desk.reopen()
    assert rung(desk, FIRST)
