"""One run of the owner's check on the cache; for the window, the timer and the terminal alike."""

from collections.abc import Collection

from sync.cache.reader import Reader
from sync.cache.rows import CategoryRow, TicketRow
from sync.domain.errors import Offline
from sync.domain.records import SpotCheck
from sync.domain.spot_check import Report, Waiting, check
from sync.domain.times import DAY_MS


def run_check(reader: Reader, now: int, as_of: int | None) -> Report:
    """Judge what the cache holds of the categories followed.

    `as_of` is when it last heard the server (ms UTC); None: the cache's own word. Raises Offline while the tickets
    are still being copied: a figure of a part would be a false all-clear.
    """
    if not reader.is_whole():
        raise Offline("The tickets are still being loaded here, so nobody can tell yet. Check again in a moment.")
    categories = {row.id: row for row in reader.categories() if row.alerted}
    before = last_check(reader, now)
    since = before.at if before is not None else None
    waiting = [_waiting(row, categories[row.category_id]) for row in reader.awaiting_rows(list(categories))]
    as_of = as_of if as_of is not None else reader.counts().as_of
    return check(waiting, _new_since(reader, categories, since, now), now, as_of, since)


def last_check(reader: Reader, now: int) -> SpotCheck | None:
    """The newest recorded check of the last day."""
    checks = reader.spot_checks(now - DAY_MS)
    return max(checks, key=lambda one: one.at, default=None)


def _waiting(row: TicketRow, category: CategoryRow) -> Waiting:
    since = row.awaiting_since if row.awaiting_since is not None else row.created_at
    return Waiting(
        row.id,
        row.number,
        row.subject,
        row.requester_name,
        row.category_id,
        row.category_name,
        row.assignee_name,
        since,
        category.limit_ms,
    )


def _new_since(reader: Reader, categories: Collection[str], since: int | None, now: int) -> int:
    """How many tickets came since the check before (the last day, where there is none), answered or not."""
    since = since if since is not None else now - DAY_MS
    return sum(count for category, count in reader.came_since(since).items() if category in categories)
