"""Made histories replayed: what was said when a question came, beside when it was really answered."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest

from sync.domain.calendar import OFFICE_HOURS, BusinessCalendar
from sync.domain.times import DAY_MS, HOUR_MS, MINUTE_MS
from sync.server.expecting.estimate import estimate
from sync.server.expecting.pace import LOOKED_BACK_MS, pace_from

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = round(datetime(2026, 9, 1, tzinfo=BERLIN).timestamp()) * 1000
DAYS = 70
LIMIT = 2 * HOUR_MS


def history(seed: int, load: float, surge: float) -> tuple[BusinessCalendar, list[tuple[int, int]]]:
    """(came, answered) of each question, one after the other by one team; `load`: work that comes to work that can be
    done, `surge`: the same for three days in the middle."""
    calendar, random = BusinessCalendar(BERLIN, OFFICE_HOURS), Random(seed)
    each = 20 * MINUTE_MS
    found: list[tuple[int, int]] = []
    came, free = BEGIN, BEGIN
    while came < BEGIN + DAYS * DAY_MS:
        now_load = surge if 35 * DAY_MS <= came - BEGIN < 38 * DAY_MS else load
        came += round(random.expovariate(1 / (each * 3 / now_load)))  # day and night; a third of the time is worked
        free = calendar.add(max(came, free), round(random.expovariate(1 / each)) + 1)
        found.append((came, free))
    return calendar, found


def kept(calendar: BusinessCalendar, told: list[tuple[int, int]], *, experience: bool = True) -> float:
    """The share of questions of the second half that were answered by when it was said."""
    share = asked = 0
    for number in range(len(told) // 2, len(told), 7):
        came, answered = told[number]
        known = [one for one in told[:number] if one[0] >= came - LOOKED_BACK_MS]
        ruler = calendar.ruler(known[0][0], came)
        waits = [(ruler.at(a), ruler.at(min(b, came)), b <= came) for a, b in known]
        pace = pace_from(waits if experience else [], tuple(a for a, b in known if b > came))
        asked += 1
        share += answered <= estimate(calendar, pace, LIMIT, came, came).by_ms
    return share / asked


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("load", "surge"), [(0.6, 0.6), (0.8, 0.8), (0.8, 3.0)])
def test_what_is_said_is_kept_in_four_of_five_cases(seed: int, load: float, surge: float) -> None:
    assert kept(*history(seed, load, surge)) >= 0.8


def test_the_policy_alone_would_promise_what_the_past_denies() -> None:
    busy = history(2, 0.9, 3.0)
    assert kept(*busy, experience=False) < 0.6
    assert kept(*busy) >= 0.8


def test_a_jam_is_believed_before_it_is_over() -> None:
    hour = HOUR_MS
    calm = [(n * hour, n * hour + hour, True) for n in range(20)]
    jam = [(20 * hour, 60 * hour, False)] * 10
    slow, quick = pace_from(calm + jam, ()), pace_from(calm, ())
    assert quick.most == hour
    assert slow.most == 40 * hour
    assert pace_from(calm[:4] + jam, ()).most is None  # too few to tell


def test_who_waited_longer_is_ahead() -> None:
    pace = pace_from([(n, n + 10, True) for n in range(10)], (5, 7, 9))
    assert [pace.ahead(at) for at in (5, 6, 9, 10)] == [0, 1, 2, 3]
    assert bisect_right(pace.waiting, 9) == 3
