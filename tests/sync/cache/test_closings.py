"""Closings on the workstation: known without a network, gone when they are gone at the server."""

from typing import Any

from sync.domain.times import DAY_MS, to_utc_date
from tests.rigs.fed_cache import BILLING, START, TEAM, FedCache, access


def closing(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "id": f"z{number:032x}", "name": f"Closing {number}", "notice": "", "categoryIds": {},
        "startsAt": to_utc_date(START + number * DAY_MS), "endsAt": to_utc_date(START + (number + 1) * DAY_MS),
    }  # fmt: skip
    return {**row, **changes}


def test_closings_are_read_in_their_order_and_follow_the_server(desk: FedCache) -> None:
    desk.cache.save_access(access(BILLING))
    desk.page({"Closing": [closing(2, categoryIds={BILLING: True}), closing(1)]}, of=TEAM, replace=True)
    first, second = desk.reader.closings()
    assert (first.name, first.starts_at, first.ends_at) == ("Closing 1", START + DAY_MS, START + 2 * DAY_MS)
    assert first.concerns(None)
    assert (second.concerns(None), second.concerns(BILLING)) == (False, True)
    gone = {"Closing": [first.id]}
    assert desk.page({"Closing": [closing(2, notice="Call us.")]}, gone, of=TEAM).changes.closings
    assert [one.notice for one in desk.reader.closings()] == ["Call us."]
    desk.page({"Closing": [closing(3)]}, of=TEAM, replace=True)
    assert [one.name for one in desk.reader.closings()] == ["Closing 3"]
