"""Incidents with their notes, and surges, as rows: kept here, so that they are known without a network (PRODUCT D9)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.cache import wire
from sync.cache.closings import ClosingReader
from sync.cache.store import Store
from sync.cache.work import Work
from sync.domain.incidents import Incident, IncidentNote
from sync.domain.protocol import INCIDENT, INCIDENT_NOTE, SURGE

Row = Mapping[str, Any]

_INCIDENT = (
    "id, title, since, notice, eta, fixed_at, cause, category_ids, is_public, keeper_id, late_at, created_at, "
    "updated_at, followers, works, broken"
)


@dataclass(frozen=True, slots=True)
class Surge:
    """Far more arrivals in a category than usual; times in ms UTC. `count` in so many `minutes`, where `usual` is."""

    id: str
    category_id: str
    since: int
    ended_at: int | None
    count: int
    minutes: int
    usual: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """How many of an incident's tickets are here, and how many of those are not closed."""

    tickets: int
    open: int


def take_incidents(store: Store, work: Work) -> None:
    """The rows of a page. Inside the caller's transaction."""
    rows, account, seen = work.page.rows, work.account, work.seen
    store.many(
        f"INSERT OR REPLACE INTO incident ({_INCIDENT}, account, seen) VALUES ({', '.join('?' * 18)})",
        ((*_incident_values(row), account, seen) for row in rows.get(INCIDENT, ())),
    )
    store.many(
        "INSERT OR REPLACE INTO incident_note (id, account, incident_id, author_id, text, at, seen) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (row["id"], account, row["incidentId"], row.get("authorId"), row["text"], wire.ms(row["at"]), seen)
            for row in rows.get(INCIDENT_NOTE, ())
        ),
    )
    store.many(
        "INSERT OR REPLACE INTO surge (id, account, category_id, since, ended_at, count, minutes, usual, seen) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                row["id"], account, row["categoryId"], wire.ms(row["since"]), wire.optional_ms(row.get("endedAt")),
                row["count"], row["minutes"], row["usual"], seen,
            )
            for row in rows.get(SURGE, ())
        ),
    )  # fmt: skip


def _incident_values(row: Row) -> tuple[Any, ...]:
    get = row.get
    return (
        row["id"], row["title"], wire.ms(row["since"]), row["notice"], wire.optional_ms(get("eta")),
        wire.optional_ms(get("fixedAt")), get("cause") or "", json.dumps(sorted(row["categoryIds"])),
        int(row["isPublic"]), get("keeperId"), wire.optional_ms(get("lateAt")), wire.ms(row["createdAt"]),
        wire.ms(row["updatedAt"]), get("followers") or 0, get("works") or 0, get("broken") or 0,
    )  # fmt: skip


class IncidentReader(ClosingReader):
    """What every agent may read of incidents; surges of the categories that they see."""

    def incidents(self) -> list[Incident]:
        """All of them, those that run first, then the newest first."""
        rows = self._store.rows(f"SELECT {_INCIDENT} FROM incident ORDER BY fixed_at IS NOT NULL, since DESC, id")
        return [_incident(row) for row in rows]

    def incident(self, incident_id: str) -> Incident | None:
        """That one."""
        row = self._store.one(f"SELECT {_INCIDENT} FROM incident WHERE id = ?", (incident_id,))
        return None if row is None else _incident(row)

    def incident_notes(self, incident_id: str) -> list[IncidentNote]:
        """Its internal thread, the oldest first."""
        rows = self._store.rows(
            "SELECT id, incident_id, author_id, text, at FROM incident_note WHERE incident_id = ? ORDER BY at, id",
            (incident_id,),
        )
        return [IncidentNote(*row) for row in rows]

    def gathered(self, incident_id: str) -> Gathered:
        """How many of its tickets this person sees."""
        row = self._store.one(
            "SELECT count(*), count(*) FILTER (WHERE status <> 'closed') FROM ticket WHERE incident_id = ? "
            "AND merged_into_id IS NULL",
            (incident_id,),
        )
        return Gathered(*row) if row is not None else Gathered(0, 0)

    def tickets_of_incident(self, incident_id: str, *, open_only: bool = False) -> list[str]:
        """The ids of those, the oldest first."""
        rows = self._store.rows(
            "SELECT id FROM ticket WHERE incident_id = ? AND merged_into_id IS NULL AND (NOT ? OR status <> 'closed') "
            "ORDER BY created_at, id",
            (incident_id, int(open_only)),
        )
        return [str(one) for (one,) in rows]

    def surges(self) -> list[Surge]:
        """Those that last, the oldest first."""
        rows = self._store.rows(
            "SELECT id, category_id, since, ended_at, count, minutes, usual FROM surge WHERE ended_at IS NULL "
            "ORDER BY since, id"
        )
        return [Surge(*row) for row in rows]


def _incident(row: Sequence[Any]) -> Incident:
    return Incident(
        id=row[0], title=row[1], since=row[2], notice=row[3], eta=row[4], fixed_at=row[5], cause=row[6],
        category_ids=frozenset(json.loads(row[7])), is_public=bool(row[8]), keeper_id=row[9], late_at=row[10],
        created_at=row[11], updated_at=row[12], followers=row[13], works=row[14], broken=row[15],
    )  # fmt: skip
