"""Closings as the house keeps them: announced, changed and taken back by owners, with an entry in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sync.domain import ids, limits, protocol
from sync.domain.closings import NOTICE_MAX, Closing
from sync.domain.errors import Rejected
from sync.server import texts
from sync.server.audit import ADMINISTRATOR, Actor, Deed
from sync.server.database import Row
from sync.server.expecting.tables import ClosingRow
from sync.server.parts import Parts
from sync.server.tables import CategoryRow

_LONGEST_YEARS: Final = 2
_YEAR_MS: Final = 366 * 86_400_000


class Closings:
    """Each public method is one transaction (or a part of the caller's) and raises Rejected. `by`: who did it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.times_changed = 0
        """How often this process has changed one: what was computed before holds no longer."""

    def all(self) -> list[Closing]:
        """Every closing that is kept, the first one first."""
        query = ClosingRow.select().order_by(ClosingRow.starts_at, ClosingRow.id)
        return [closing_of(row) for row in self._parts.database.read(lambda: self._parts.database.rows(query))]

    def find(self, closing_id: str) -> Closing:
        """That one."""
        found = next((one for one in self.all() if one.id == closing_id), None)
        if found is None:
            raise Rejected("There is no such closing. `deskbell-server closing list` shows them.", texts.INVALID)
        return found

    def add(self, wanted: Closing, by: Actor = ADMINISTRATOR) -> Closing:
        """Announce one; it gets an id. The very same again, by who saw no answer, is the one that is there."""
        row = {**self._row(wanted), "id": self._parts.ids.new(ids.CLOSING)}

        def work() -> Closing:
            alike = [one for one in self.all() if replace(one, id=row["id"]) == closing_of(row)]
            if alike:
                return alike[0]
            self._parts.database.insert(ClosingRow, [row])
            return self._done(closing_of(row), Deed.CLOSING_ADDED, by)

        return self._parts.journal.write(work)

    def change(self, wanted: Closing, by: Actor = ADMINISTRATOR) -> Closing:
        """Other times, words or categories for the closing of that id."""
        row = self._row(wanted)

        def work() -> Closing:
            given = {ClosingRow._meta.fields[name]: value for name, value in row.items() if name != "id"}
            self._parts.database.run(ClosingRow.update(given).where(ClosingRow.id == wanted.id))
            return self._done(closing_of(row), Deed.CLOSING_CHANGED, by)

        return self._parts.journal.write(work)

    def remove(self, closing_id: str, by: Actor = ADMINISTRATOR) -> None:
        """Take one back: it counts no more, not even for what is past."""

        def work() -> None:
            self._parts.database.run(ClosingRow.delete().where(ClosingRow.id == closing_id))
            self._parts.journal.gone(self._parts.accounts.team(), protocol.CLOSING, closing_id)
            self._parts.audit.record(Deed.CLOSING_REMOVED, by, closing_id)
            self.times_changed += 1

        self.find(closing_id)
        self._parts.journal.write(work)

    def _done(self, closing: Closing, deed: Deed, by: Actor) -> Closing:
        self._parts.journal.present(self._parts.accounts.team(), protocol.CLOSING, closing.id)
        self._parts.audit.record(deed, by, closing.id, {"startsAt": closing.starts_at, "endsAt": closing.ends_at})
        self.times_changed += 1
        return closing

    def _row(self, wanted: Closing) -> Row:
        if wanted.starts_at >= wanted.ends_at:
            raise Rejected("A closing ends after it begins. Mend its times.", texts.INVALID)
        if wanted.ends_at - wanted.starts_at > _LONGEST_YEARS * _YEAR_MS:
            raise Rejected(f"A closing lasts {_LONGEST_YEARS} years at most. Mend its times.", texts.INVALID)
        notice = limits.clean_text(wanted.notice).strip()
        if len(notice) > NOTICE_MAX:
            raise Rejected(f"The notice is longer than {NOTICE_MAX} characters. Shorten it.", texts.TOO_LARGE)
        known = {row["id"] for row in self._parts.database.read(self._categories)}
        if not wanted.category_ids <= known:
            raise Rejected("There is no such category any more. Choose others.", texts.INVALID)
        return {
            "id": wanted.id,
            "name": texts.name(wanted.name),
            "notice": notice,
            "starts_at": wanted.starts_at,
            "ends_at": wanted.ends_at,
            "category_ids": sorted(wanted.category_ids),
        }

    def _categories(self) -> list[Row]:
        return self._parts.database.rows(CategoryRow.select(CategoryRow.id))


def closing_of(row: Mapping[str, Any]) -> Closing:
    """The closing that a row holds."""
    return Closing(
        row["id"], row["name"], row["starts_at"], row["ends_at"], frozenset(row["category_ids"]), row["notice"]
    )
