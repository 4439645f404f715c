"""The owner's check: who waits too long, who soon will, and where the record of checks has gaps (PRODUCT F1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sync.domain.times import MINUTE_MS

SOON_MS = 45 * MINUTE_MS
MINUTES = 15
MINUTES_LEAST = 1
MINUTES_MOST = 120


@dataclass(frozen=True, slots=True)
class Waiting:
    """One ticket that awaits the team. `since` in ms UTC, `limit_ms` its category's; None for no number or nobody."""

    ticket_id: str
    number: int | None
    subject: str
    requester: str
    category_id: str
    category: str
    responsible: str | None
    since: int
    limit_ms: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One waiting ticket, judged: how long it has waited, and how much is left of its limit (negative: over)."""

    ticket: Waiting
    waited_ms: int
    left_ms: int


@dataclass(frozen=True, slots=True)
class Report:
    """What one check found. `as_of` is the age of the data, `since` the check before it; times in ms UTC.

    `too_long` and `soon` hold the longest waiting first.
    """

    at: int
    as_of: int | None
    since: int | None
    awaiting: int
    new: int
    too_long: tuple[Finding, ...]
    soon: tuple[Finding, ...]

    @property
    def oldest(self) -> Finding | None:
        """The ticket that has waited the longest of those beyond their limit."""
        return self.too_long[0] if self.too_long else None


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without a check, longer than the interval allows (ms UTC)."""

    start: int
    end: int


def check(waiting: Iterable[Waiting], new: int, at: int, as_of: int | None, since: int | None = None) -> Report:
    """Judge everything that waits. A ticket is too long once it has waited its limit, to the millisecond."""
    findings = sorted(
        (Finding(one, at - one.since, one.limit_ms - (at - one.since)) for one in waiting),
        key=lambda finding: (finding.ticket.since, finding.ticket.ticket_id),
    )
    return Report(
        at=at,
        as_of=as_of,
        since=since,
        awaiting=len(findings),
        new=new,
        too_long=tuple(one for one in findings if one.left_ms <= 0),
        soon=tuple(one for one in findings if 0 < one.left_ms <= SOON_MS),
    )


def gaps(checks: Sequence[int], interval_ms: int, until: int) -> tuple[Gap, ...]:
    """Where more than one and a half intervals passed between checks, or since the last; `checks` in any order."""
    times = [*sorted(one for one in checks if one <= until), until]
    most = interval_ms + interval_ms // 2
    return tuple(Gap(start, end) for start, end in pairwise(times) if end - start > most)
