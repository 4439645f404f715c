"""The watch over surges: each category's last minutes against the same hour of the last weeks (PRODUCT F4)."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from typing import Final

from sync.domain import ids, protocol
from sync.domain.surge import FEWEST, QUIET_MS, WINDOW_MS, Level, begins, is_calm, past_windows, usual
from sync.domain.times import DAY_MS, MINUTE_MS
from sync.server.database import Row
from sync.server.incidents.tables import SurgeRow
from sync.server.parts import Parts

_FRESH_S: Final = 5.0
_KEPT_DAYS: Final = 400
# A CROSS JOIN, so that SQLite begins with the few of that time and not with all tickets.
_LATELY: Final = """
SELECT t.category_id, COUNT(*) FROM arrival a CROSS JOIN ticket t
WHERE t.id = a.ticket_id AND a.kind IN ('new', 'inbound') AND a.at > ? AND a.at <= ? GROUP BY t.category_id
"""
# Arrivals are not kept for so long: what requesters wrote is. Each new ticket of theirs begins with such a message.
_ARRIVALS: Final = """
SELECT m.posted_at FROM message m CROSS JOIN ticket t
WHERE t.id = m.ticket_id AND m.kind = 'inbound' AND m.posted_at > ? AND m.posted_at <= ? AND t.category_id = ?
ORDER BY m.posted_at
"""
_FIRST: Final = "SELECT MIN(created_at) FROM ticket WHERE category_id = ?"
_CATEGORY: Final = "SELECT name FROM category WHERE id = ?"


class Surges:
    """Run every half a minute by the process that leads. It counts arrivals as PRODUCT means the word: new tickets and
    further words of requesters, so that a flood is seen also where a cap leads it to tickets that are open. An import,
    however large, is no surge, but what came then tells what is usual."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._restless: dict[str, int] = {}
        self._times_changed = 0
        self._seen: tuple[float, int, dict[str, str]] | None = None

    def look(self) -> int:
        """Note what has begun, grown or ended; how many of them."""
        now, database = self._parts.clock.now_ms(), self._parts.database
        counts, open_ones = database.read(lambda: (self._lately(now), self._open()))
        changed = 0
        for category_id in sorted({*counts, *open_ones}):
            count = counts.get(category_id, 0)
            kept = open_ones.get(category_id)
            if kept is not None or count >= FEWEST:
                level = database.read(partial(self._level, category_id, now))
                changed += self._judge(category_id, count, level, kept, now)
        return changed

    def at(self, category_id: str | None) -> list[str]:
        """The names of the categories that are flooded now: of that one, or of all. Any thread; looked up every few
        seconds at most, at once after own changes: every look at the form asks."""
        seen, now = self._seen, self._parts.clock.monotonic()
        if seen is None or seen[1] != self._times_changed or not 0 <= now - seen[0] < _FRESH_S:
            seen = self._seen = now, self._times_changed, self._parts.database.read(self._names)
        return [name for one, name in sorted(seen[2].items()) if category_id in (None, one)]

    def _names(self) -> dict[str, str]:
        select = self._parts.database.select
        return {one: str(row[0]) for one in self._open() for row in select(_CATEGORY, (one,))}

    def notice(self, category_id: str | None) -> str | None:
        """A sentence for requesters while there are far more questions than usual; None else, or where it is off."""
        names = self.at(category_id)
        if not names or not self._parts.settings.number("surge.announce"):
            return None
        about = f" about {' and '.join(names)}" if category_id is None else ""
        return f"Far more people than usual write to us{about} just now. An answer may take longer."

    def forget(self) -> None:
        """What is over for more than a year."""
        before = self._parts.clock.now_ms() - _KEPT_DAYS * DAY_MS
        self._parts.database.write(
            lambda: self._parts.database.run(SurgeRow.delete().where(SurgeRow.ended_at < before))
        )

    def _judge(self, category_id: str, count: int, level: Level | None, kept: Row | None, now: int) -> int:
        if kept is None:
            return self._begin(category_id, count, level, now) if begins(count, level) else 0
        if not is_calm(count, level):
            self._restless[category_id] = now
        last = self._restless.setdefault(category_id, now)
        if now - last >= QUIET_MS:
            return self._change(kept, {SurgeRow.ended_at: now})
        return self._change(kept, {SurgeRow.count: count}) if count > kept["count"] else 0

    def _begin(self, category_id: str, count: int, level: Level | None, now: int) -> int:
        row = {
            "id": self._parts.ids.new(ids.SURGE),
            "category_id": category_id,
            "since": now,
            "ended_at": None,
            "count": count,
            "minutes": WINDOW_MS // MINUTE_MS,
            "usual": 0.0 if level is None else level.mean,
        }
        self._restless[category_id] = now

        def work() -> int:
            if category_id in self._open():
                return 0
            self._parts.database.insert(SurgeRow, [row])
            self._told(category_id, str(row["id"]))
            return 1

        return self._parts.journal.write(work)

    def _change(self, kept: Row, given: dict[object, int]) -> int:
        def work() -> int:
            self._parts.database.run(SurgeRow.update(given).where(SurgeRow.id == kept["id"]))
            self._told(kept["category_id"], kept["id"])
            return 1

        return self._parts.journal.write(work)

    def _told(self, category_id: str, surge_id: str) -> None:
        account = self._parts.accounts.of_category(category_id)
        if account is not None:
            self._parts.journal.present(account, protocol.SURGE, surge_id)
        self._times_changed += 1

    def _lately(self, now: int) -> dict[str, int]:
        rows = self._parts.database.select(_LATELY, (now - WINDOW_MS, now))
        return {str(category_id): int(count) for category_id, count in rows}

    def _open(self) -> dict[str, Row]:
        rows = self._parts.database.rows(SurgeRow.select().where(SurgeRow.ended_at.is_null()))
        return {row["category_id"]: row for row in rows}

    def _level(self, category_id: str, now: int) -> Level | None:
        database = self._parts.database
        [(first,)] = database.select(_FIRST, (category_id,))
        weeks: list[list[int]] = []
        for spans in past_windows(now, now if first is None else int(first)):
            if not spans:
                weeks.append([])
                continue
            found = [int(one[0]) for one in database.select(_ARRIVALS, (spans[0][0], spans[-1][1], category_id))]
            weeks.append([bisect_left(found, end + 1) - bisect_left(found, start + 1) for start, end in spans])
        return usual(weeks)
