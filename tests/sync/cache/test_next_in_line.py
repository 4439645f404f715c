"""Who is next in line, at the workstation: known while it stands, and gone with its ticket and its category."""

from typing import Any

from sync.domain.people import NextInLine
from sync.domain.times import HOUR_MS, to_utc_date
from tests.rigs.fed_cache import BILLING, DOWNLOADS, PERSONAL, START, FedCache, access, account


def next_of(number: int, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": f"u{number:032x}", "arrivalId": f"a{number:032x}", "ticketId": f"t{number:032x}",
        "agentIds": {"g-cleo": True}, "at": to_utc_date(START), "reachedAt": None,
    }  # fmt: skip
    return {**row, **changes}


def test_it_is_known_until_it_is_over(desk: FedCache) -> None:
    desk.cache.save_access(access(BILLING))
    assert desk.page({"NextInLine": [next_of(1)]}, of=account(BILLING)).changes.lines
    expected = NextInLine(f"u{1:032x}", f"a{1:032x}", f"t{1:032x}", BILLING, START, frozenset({"g-cleo"}))
    assert desk.reader.next_in_line(START) == [expected]
    assert desk.reader.next_in_line(START + 1) == []
    desk.page({"NextInLine": [next_of(1, reachedAt=to_utc_date(START + HOUR_MS))]}, of=account(BILLING))
    assert desk.reader.next_in_line(START) == []


def test_it_leaves_with_its_ticket_its_category_and_when_the_server_says_so(desk: FedCache) -> None:
    desk.cache.save_access(access(BILLING, DOWNLOADS))
    desk.fill(1, 2)
    desk.page({"NextInLine": [next_of(number) for number in (1, 2, 3)]}, of=account(DOWNLOADS))
    desk.page({"NextInLine": [next_of(4)]}, of=account(BILLING))

    def here() -> set[str]:
        return {one.id for one in desk.reader.next_in_line(0)}

    desk.page({}, {"Ticket": [f"t{1:032x}"], "NextInLine": [f"u{2:032x}"]}, of=account(DOWNLOADS))
    assert here() == {f"u{3:032x}", f"u{4:032x}"}
    desk.cache.save_access(access(BILLING))
    assert here() == {f"u{4:032x}"}


def test_the_second_line_neither_rings_nor_counts(desk: FedCache) -> None:
    desk.fill(1)
    assert desk.reader.counts().awaiting == 1
    grant = {"id": "w1", "categoryId": DOWNLOADS, "accountId": account(DOWNLOADS)}
    desk.page({"CategoryGrant": [{**grant, "secondLine": True}]}, of=PERSONAL)
    assert desk.reader.granted() == frozenset()
    assert desk.reader.counts().awaiting == 0
    assert [one.alerted for one in desk.reader.categories() if one.id == DOWNLOADS] == [False]
    desk.page({"CategoryGrant": [{**grant, "secondLine": False}]}, of=PERSONAL)
    assert desk.reader.granted() == {DOWNLOADS}
    assert desk.reader.counts().awaiting == 1
