"""What became of FAQ entries: shown, opened, answered; once for each address and day, and nobody's address kept."""

from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from threading import Lock
from typing import Final, Literal

from sync.domain.times import DAY_MS
from sync.server.faq.tables import FaqDayRow, FaqRow, FaqSeenRow
from sync.server.parts import Parts

What = Literal["shown", "opened", "answered"]
COUNTED: Final[tuple[What, ...]] = ("shown", "opened", "answered")
_WEEK_MS: Final = 7 * DAY_MS
_FIRST_MONDAY_MS: Final = 4 * DAY_MS
_REMEMBERED: Final = 20_000
_DIGEST_BYTES: Final = 12
_SALT: Final = "SELECT salt FROM faq_day WHERE day = ?"
_WEEKLY: Final = """
INSERT INTO faq_week (entry_id, week, shown, opened, answered) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (week, entry_id) DO UPDATE SET shown = faq_week.shown + excluded.shown,
opened = faq_week.opened + excluded.opened, answered = faq_week.answered + excluded.answered
"""
_TOTAL: Final = """
UPDATE faq_entry SET shown = shown + ?, opened = opened + ?, answered = answered + ?, untold = ? WHERE id = ?
"""


def week_of(at_ms: int) -> int:
    """The Monday, 00:00 UTC, of the week in which the moment is; ms."""
    return at_ms - (at_ms - _FIRST_MONDAY_MS) % _WEEK_MS


class Counts:
    """Each call is a transaction of its own. Workstations learn of counts later (`Faq.tell_counts`): the public may
    not make them fetch at will."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._lock = Lock()
        self._lately: OrderedDict[tuple[int, str, str, str], None] = OrderedDict()

    def count(self, entry_ids: Sequence[str], what: What, address: str | None = None) -> int:
        """Count for each entry that this address was not counted for today; None: whoever. How many were counted."""
        day = self._parts.clock.now_ms() // DAY_MS
        fresh = [one for one in dict.fromkeys(entry_ids) if address is None or not self._known(day, one, what, address)]
        if not fresh:
            return 0
        counted = self._parts.database.write(lambda: self._counted(day, fresh, what, address))
        if address is not None:
            self._remember(day, fresh, what, address)
        return counted

    def _counted(self, day: int, entry_ids: Sequence[str], what: What, address: str | None) -> int:
        database, counted = self._parts.database, 0
        salt = None if address is None else self._salt(day)
        week = week_of(self._parts.clock.now_ms())
        for entry_id in sorted(entry_ids):
            if salt is not None:
                digest = _digest(salt, f"{what}\n{entry_id}\n{address}")
                if not database.insert_new(FaqSeenRow, {"day": day, "digest": digest}):
                    continue
            more = [int(what == one) for one in COUNTED]
            if database.execute(_TOTAL, (*more, True, entry_id)):
                database.execute(_WEEKLY, (entry_id, week, *more))
                counted += 1
        return counted

    def forget_days(self) -> None:
        """Whoever was counted before today is known no more."""
        day = self._parts.clock.now_ms() // DAY_MS

        def work() -> None:
            self._parts.database.run(FaqSeenRow.delete().where(FaqSeenRow.day < day))
            self._parts.database.run(FaqDayRow.delete().where(FaqDayRow.day < day))

        self._parts.database.write(work)

    def weeks(self, most: int) -> list[tuple[int, int, int, int]]:
        """(Monday in ms, shown, opened, answered) of the last weeks in which anything was counted, oldest first.

        Inside a transaction.
        """
        sums = ", ".join(f"SUM({one})" for one in COUNTED)
        sql = f"SELECT week, {sums} FROM faq_week WHERE week > ? GROUP BY week ORDER BY week"  # noqa: S608  # our own names
        since = week_of(self._parts.clock.now_ms()) - most * _WEEK_MS
        return [
            (int(week), int(shown), int(opened), int(answered))
            for week, shown, opened, answered in self._parts.database.select(sql, (since,))
        ]

    def untold(self, most: int = 500) -> list[str]:
        """Entries that were counted since the last call, which marks them told. Inside a write transaction."""
        database = self._parts.database
        found = [str(one[0]) for one in database.select("SELECT id FROM faq_entry WHERE untold LIMIT ?", (most,))]
        if found:
            database.run(FaqRow.update({FaqRow.untold: False}).where(FaqRow.id.in_(found)))
        return found

    def _salt(self, day: int) -> str:
        rows = self._parts.database.select(_SALT, (day,))
        if not rows:
            self._parts.database.insert_new(FaqDayRow, {"day": day, "salt": self._parts.secret().hex()})
            rows = self._parts.database.select(_SALT, (day,))
        return str(rows[0][0])

    def _known(self, day: int, entry_id: str, what: What, address: str) -> bool:
        with self._lock:
            return (day, entry_id, what, address) in self._lately

    def _remember(self, day: int, entry_ids: Sequence[str], what: What, address: str) -> None:
        with self._lock:
            for one in entry_ids:
                self._lately[day, one, what, address] = None
            while len(self._lately) > _REMEMBERED:
                self._lately.popitem(last=False)


def _digest(salt: str, said: str) -> str:
    return blake2b(said.encode(errors="replace"), key=bytes.fromhex(salt), digest_size=_DIGEST_BYTES).hexdigest()
