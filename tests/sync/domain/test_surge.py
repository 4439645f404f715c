"""The statistic of a surge: what it says of known cases, and how often it cries wolf over quiet weeks and real days."""

from __future__ import annotations

from math import exp
from random import Random

import pytest

from sync.domain.surge import (
    AROUND,
    FEWEST,
    UNKNOWN,
    WEEKS,
    Level,
    begins,
    is_calm,
    past_windows,
    probability,
    usual,
)
from sync.domain.times import DAY_MS

JUDGED = 600
COMPLAINTS = {
    "Debt collection": (
        "30 104 55 47 124 112 150 123 87 50 43 112 132 111 122 136 39 39 104 122 167 155 155 68 45 147 177 "
        "192 149 115 51 41 149 159 155 164 147 65 54 137 129 156 136 112 51 28 101 142 177 164 145 54 47 129 "
        "166 168 157 96 50"
    ),
    "Mortgage": (
        "20 96 28 26 162 145 134 116 112 30 23 128 125 143 126 99 31 26 55 163 141 159 132 32 19 195 141 139 "
        "124 99 30 29 135 127 172 146 112 37 22 166 151 180 117 110 34 24 68 116 166 143 126 29 27 164 117 "
        "195 157 110 31"
    ),
    "Credit reporting": (
        "27 72 39 24 91 95 114 88 78 55 28 104 118 102 118 89 39 34 51 144 117 106 193 34 17 108 166 139 116 "
        "99 46 23 131 122 90 118 118 47 27 116 91 88 101 102 27 37 77 69 98 106 94 43 30 100 95 90 83 65 37"
    ),
    "Credit card": (
        "19 42 19 23 34 50 51 34 33 23 17 53 58 43 51 36 24 12 24 50 44 49 56 27 13 42 55 57 45 41 14 14 64 "
        "50 61 58 56 20 17 57 50 75 73 59 21 38 35 100 62 83 46 28 17 56 64 58 50 37 21"
    ),
}
"""Complaints that people made to an agency of the United States, each day of January and February 2015 (public)."""


def bunched(random: Random, mean: float, dispersion: float) -> int:
    """A negative binomial count: a Poisson one whose mean is itself drawn."""
    drawn = random.gammavariate(mean / (dispersion - 1), dispersion - 1)
    count, limit, product = 0, exp(-drawn), random.random()
    while product > limit:
        product *= random.random()
        count += 1
    return count


def test_the_tail_is_that_of_a_negative_binomial() -> None:
    level = Level(2.0, 2.0)  # r = 2, p = 1/2: P(0) = 1/4, P(1) = 1/4
    assert probability(0, level) == 1.0
    assert probability(1, level) == pytest.approx(0.75)
    assert probability(2, level) == pytest.approx(0.5)


def test_forty_two_where_five_are_usual_is_a_surge_and_ends_only_when_calm() -> None:
    level = usual([[5, 4, 6], [5, 5, 5], [3, 6, 5], [6, 4, 5], [5, 5, 4], [90, 80, 85], [5, 6, 5], [4, 5, 5]])
    assert level is not None
    assert 4 < level.mean < 6  # the wild week says nothing
    assert begins(42, level)
    assert not begins(11, level)
    assert not is_calm(14, level)
    assert is_calm(8, level)


def test_few_are_never_a_surge_and_without_history_only_many_are() -> None:
    assert not begins(FEWEST - 1, Level(0.5))
    assert begins(FEWEST + 4, Level(0.5))
    assert not begins(150, Level(100.0, 1.5))  # twice the usual at least
    assert usual([[1, 1, 1], [2, 2, 2]]) is None
    assert begins(UNKNOWN, None)
    assert not begins(UNKNOWN - 1, None)


def test_past_weeks_are_those_that_are_known() -> None:
    now = 100 * DAY_MS
    weeks = past_windows(now, now - 20 * DAY_MS)
    assert [bool(week) for week in weeks] == [True, True] + [False] * (WEEKS - 2)
    assert weeks[0][AROUND // 2][1] == now - 7 * DAY_MS


@pytest.mark.parametrize("mean", [0.3, 2.0, 12.0])
def test_quiet_weeks_do_not_alarm(mean: float) -> None:
    """Bunched arrivals, variance twice the mean, that no cause stands behind."""
    random = Random(11)
    alarms = 0
    for _ in range(JUDGED):
        weeks = [[bunched(random, mean, 2.0) for _ in range(AROUND)] for _ in range(WEEKS)]
        alarms += begins(bunched(random, mean, 2.0), usual(weeks))
    assert alarms == 0


def test_of_real_days_only_those_alarm_that_stand_out() -> None:
    """With days for windows, once three weeks are known: 2 of 152, each about twice what the same weekday ever was."""
    alarms = []
    for name, text in COMPLAINTS.items():
        days = [int(one) for one in text.split()]
        for day in range(21, len(days)):
            weeks = [[days[day - 7 * week]] for week in range(1, WEEKS + 1) if day >= 7 * week]
            if begins(days[day], usual(weeks)):
                alarms.append((name, day, days[day], max(max(weeks))))
    assert alarms == [("Credit reporting", 22, 193, 89), ("Credit card", 47, 100, 58)]
