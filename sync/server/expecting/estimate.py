"""By when a question is answered: the latest of the aim, what was done lately and what the queue takes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sync.domain.calendar import BusinessCalendar
from sync.server.expecting.pace import Pace


class Ground(StrEnum):
    """What decided."""

    AIM = "aim"
    LATELY = "lately"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Estimate:
    """`by_ms`: ms UTC."""

    by_ms: int
    decided: Ground


def estimate(calendar: BusinessCalendar, pace: Pace, limit_ms: int, at: int, now: int) -> Estimate:
    """For a question of the moment `at`, as things stand `now`; `limit_ms`: the aim, in working time.

    Never sooner than four of five were answered lately, and never sooner than those who wait longer can be at the
    pace of the times in which somebody waited.
    """
    times = {
        Ground.AIM: calendar.add(at, limit_ms),
        Ground.LATELY: calendar.add(at, pace.most or 0),
        Ground.QUEUE: calendar.add(max(at, now), pace.queue(at) or 0) if pace.ahead(at) else at,
    }
    decided = max(times, key=lambda ground: times[ground])
    return Estimate(times[decided], decided)
