"""When arrivals are a surge: a count against the usual level of that hour and weekday, by a stated statistic (F4).

An arrival is a new ticket or a further message of a requester, counted in the category where its ticket is now. The
level comes from the counts of windows about the same moment of each of the last weeks. Its mean is the median of the
weeks' means (so that one wild week says nothing), no lower than FLOOR. Its dispersion (variance over mean, as arrivals
come in bunches: who asks adds words, who is answered writes back) is that of all those counts but the wildest week's,
times MARGIN, since few weeks tell it badly, and no lower than LEAST_DISPERSION. A count is improbable where a negative
binomial of that mean and variance gives so many or more with a probability below ALARM; that is low because the watch
looks often. It ends with hysteresis: only after the count was ordinary (a probability above CALM) at each look for
QUIET_MS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log
from statistics import fmean, median
from typing import Final

from sync.domain.times import DAY_MS, MINUTE_MS

WINDOW_MS: Final = 20 * MINUTE_MS
AROUND: Final = 9
"""So many windows about the same moment of a past week tell of it."""
WEEKS: Final = 8
WEEKS_NEEDED: Final = 3
ALARM: Final = 1e-6
CALM: Final = 0.05
QUIET_MS: Final = 20 * MINUTE_MS
FEWEST: Final = 10
"""Fewer are never a surge, however quiet it is else."""
UNKNOWN: Final = 40
"""Where too few weeks are known, so many in one window are a surge."""
FLOOR: Final = 0.5
LEAST_DISPERSION: Final = 1.5
MARGIN: Final = 1.5
RATIO: Final = 2.0
"""A surge is so many times the usual, however regular that is."""


@dataclass(frozen=True, slots=True)
class Level:
    """Arrivals in a window as they usually are; `dispersion` is variance over mean."""

    mean: float
    dispersion: float = LEAST_DISPERSION


def usual(weeks: Sequence[Sequence[int]]) -> Level | None:
    """The level by the counts of each past week about this hour; None where too few weeks are known."""
    known = [week for week in weeks if week]
    if len(known) < WEEKS_NEEDED:
        return None
    means = sorted((fmean(week), number) for number, week in enumerate(known))
    level = median(mean for mean, _ in means)
    wildest = means[-1][1]
    calm = [count for number, week in enumerate(known) if number != wildest for count in week]
    mean = max(fmean(calm), FLOOR)
    spread = sum((count - mean) ** 2 for count in calm) / max(len(calm) - 1, 1)
    return Level(max(level, FLOOR), max(MARGIN * spread / mean, LEAST_DISPERSION))


def probability(count: int, level: Level) -> float:
    """Of so many or more arrivals in one window, at that level."""
    if count <= 0:
        return 1.0
    shape = level.mean / (level.dispersion - 1)
    success = 1 / level.dispersion
    fewer = 0.0
    for k in range(count):
        fewer += exp(lgamma(k + shape) - lgamma(shape) - lgamma(k + 1) + shape * log(success) + k * log(1 - success))
    return max(1.0 - fewer, 0.0)


def begins(count: int, level: Level | None) -> bool:
    """Whether so many in the last window are a surge."""
    if level is None:
        return count >= UNKNOWN
    return count >= max(FEWEST, RATIO * level.mean) and probability(count, level) < ALARM


def is_calm(count: int, level: Level | None) -> bool:
    """Whether so many in the last window are ordinary again."""
    if level is None:
        return count < UNKNOWN // 2
    return count < FEWEST or probability(count, level) > CALM


def past_windows(now: int, first: int) -> list[list[tuple[int, int]]]:
    """For each of the last weeks the windows (from, to; ms UTC) about this moment; none from before `first`."""
    weeks: list[list[tuple[int, int]]] = []
    for week in range(1, WEEKS + 1):
        end = now - week * 7 * DAY_MS
        spans = [(end + step * WINDOW_MS - WINDOW_MS, end + step * WINDOW_MS) for step in _steps()]
        weeks.append(spans if spans[0][0] >= first else [])
    return weeks


def _steps() -> range:
    return range(-(AROUND // 2), AROUND - AROUND // 2)
