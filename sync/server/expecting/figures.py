"""The intake week by week: how many asked, were answered before asking, had to remind, and what they thought of it."""

from __future__ import annotations

from typing import Final

from sync.domain.intake_figures import IntakeWeek
from sync.domain.times import DAY_MS
from sync.server.database import Database
from sync.server.faq.faq import Faq

WEEK_MS: Final = 7 * DAY_MS
_MONDAY_MS: Final = 4 * DAY_MS
"""1970 began on a Thursday."""
_TICKETS: Final = """
SELECT (created_at - ?) / ?, COUNT(*) FROM ticket
WHERE category_id IN (SELECT id FROM category) AND created_at >= ? AND channel <> 'import' GROUP BY 1
"""
_SAID: Final = "SELECT (at - ?) / ?, what, COUNT(*) FROM feedback WHERE at >= ? GROUP BY 1, 2"


def intake_weeks(database: Database, faq: Faq, count: int, now: int) -> list[IntakeWeek]:
    """The last weeks, the present one included, the oldest first. Inside a transaction."""
    this = (now - _MONDAY_MS) // WEEK_MS * WEEK_MS + _MONDAY_MS
    first = this - (count - 1) * WEEK_MS
    asked = {int(week): int(number) for week, number in database.select(_TICKETS, (first, WEEK_MS, first))}
    said: dict[tuple[int, str], int] = {}
    for week, what, number in database.select(_SAID, (first, WEEK_MS, first)):
        said[int(week), str(what)] = int(number)
    avoided = {week: answered for week, _, _, answered in faq.counts.weeks(count)}
    return [
        IntakeWeek(
            since=first + number * WEEK_MS,
            tickets=asked.get(number, 0),
            avoided=avoided.get(first + number * WEEK_MS, 0),
            reminders=said.get((number, "reminder"), 0),
            solved=said.get((number, "solved"), 0),
            good=said.get((number, "good"), 0),
            bad=said.get((number, "bad"), 0),
        )
        for number in range(count)
    ]
