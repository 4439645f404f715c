"""How fast a category was answered lately, and who waits there now: what experience says about the next answer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

from sync.domain.calendar import BusinessCalendar
from sync.domain.times import DAY_MS
from sync.server.database import Database

LOOKED_BACK_MS: Final = 30 * DAY_MS
_MOST: Final = 1_000
_TOO_FEW: Final = 5
_SHARE: Final = 0.8
_ANSWERED: Final = """
SELECT t.created_at, (SELECT MIN(m.posted_at) FROM message m WHERE m.ticket_id = t.id AND m.kind = 'reply'), t.status
FROM ticket t WHERE t.category_id = ? AND t.created_at >= ? AND t.channel <> 'import' AND t.merged_into_id IS NULL
ORDER BY t.created_at DESC LIMIT ?
"""
_WAITING: Final = """
SELECT awaiting_since FROM ticket WHERE category_id = ? AND awaiting = 'team' AND awaiting_since IS NOT NULL
ORDER BY awaiting_since
"""

Wait = tuple[int, int, bool]


@dataclass(frozen=True, slots=True)
class Pace:
    """Lengths in ms of working time; None where too few were answered to tell.

    `usual` and `most`: in half and in four of five cases the first answer came within it. `each`: what one answer
    took while somebody waited. `waiting`: since when each ticket that awaits the team does so, in order, ms UTC.
    """

    usual: int | None = None
    most: int | None = None
    each: float | None = None
    waiting: tuple[int, ...] = ()

    def ahead(self, at: int) -> int:
        """How many have waited longer than who comes at that moment."""
        return bisect_left(self.waiting, at)

    def queue(self, at: int) -> int | None:
        """The working time until those are answered and one more.

        With a margin of the square root: answers of very different length (one standard deviation of exponential ones).
        """
        count = self.ahead(at) + 1
        return None if self.each is None else round((count + sqrt(count)) * self.each)


def pace_of(database: Database, calendar: BusinessCalendar, category_id: str, now: int) -> Pace:
    """As it is now. Call inside a transaction."""
    rows = database.select(_ANSWERED, (category_id, now - LOOKED_BACK_MS, _MOST))
    waiting = tuple(int(one[0]) for one in database.select(_WAITING, (category_id,)))
    if not rows:
        return Pace(waiting=waiting)
    ruler = calendar.ruler(min(int(one[0]) for one in rows), now)
    waits = [
        (ruler.at(created), ruler.at(now if answered is None else answered), answered is not None)
        for created, answered, status in rows
        if answered is not None or status != "closed"
    ]
    return pace_from(waits, waiting)


def pace_from(waits: Sequence[Wait], waiting: tuple[int, ...]) -> Pace:
    """From each ticket's begin, end and whether it was answered then, in working time.

    Who waits still counts as answered now where that is longer than most: so a jam shows before it is over.
    """
    answered = sorted(end - begin for begin, end, done in waits if done)
    if len(answered) < _TOO_FEW:
        return Pace(waiting=waiting)
    most = _percentile(answered, _SHARE)
    late = [end - begin for begin, end, done in waits if not done and end - begin > most]
    known = sorted(answered + late)
    busy = _covered((begin, end) for begin, end, _ in waits)
    return Pace(_percentile(known, 0.5), _percentile(known, _SHARE), busy / len(answered), waiting)


def _percentile(ordered: Sequence[int], share: float) -> int:
    """The value that this share of all does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _covered(spans: Iterable[tuple[int, int]]) -> int:
    """How long at least one of the spans lasted."""
    total, reached = 0, 0
    for begin, end in sorted(spans):
        total += max(0, end - max(begin, reached))
        reached = max(reached, end)
    return total
