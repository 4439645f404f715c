"""Incidents as the house keeps them: opened and changed by agents, told to those who asked, alarmed when late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from sync.domain import limits, protocol
from sync.domain.errors import Rejected
from sync.domain.incidents import CAUSE_MAX, NOTICE_MAX, TITLE_MAX, Incident, shown_to
from sync.server import texts
from sync.server.audit import Actor, Deed
from sync.server.database import Row
from sync.server.incidents.tables import IncidentRow
from sync.server.incidents.telling import Telling
from sync.server.parts import Parts
from sync.server.tables import CategoryRow

_FRESH_S: Final = 5.0
_LATE: Final = "SELECT id FROM incident WHERE fixed_at IS NULL AND late_at IS NULL AND eta <= ? ORDER BY id"
_OPEN: Final = (IncidentRow.fixed_at.is_null()) & (IncidentRow.is_public == True)  # noqa: E712  # for Peewee


class Incidents:
    """Each public method is one transaction (or a part of the caller's) and raises Rejected."""

    def __init__(self, parts: Parts, telling: Telling) -> None:
        self._parts = parts
        self._telling = telling
        self._times_changed = 0
        self._seen: tuple[float, int, tuple[Incident, ...]] | None = None

    def find(self, incident_id: str) -> Incident | None:
        """That one."""
        query = IncidentRow.select().where(IncidentRow.id == incident_id)
        row = self._parts.database.read(lambda: self._parts.database.one(query))
        return None if row is None else incident_of(row)

    def shown(self, category_id: str | None, at: int) -> list[Incident]:
        """What requesters of a category, or anybody, are told of at that moment (ms UTC). Any thread; looked up every
        few seconds at most, at once after own changes: every look at the form asks."""
        seen, now = self._seen, self._parts.clock.monotonic()
        if seen is None or seen[1] != self._times_changed or not 0 <= now - seen[0] < _FRESH_S:
            changed, database = self._times_changed, self._parts.database
            rows = database.read(lambda: database.rows(IncidentRow.select().where(_OPEN)))
            seen = self._seen = now, changed, tuple(incident_of(row) for row in rows)
        return shown_to(seen[2], category_id, at)

    def open(self, wanted: Incident, by: Actor, client_key: str | None) -> Incident:
        """Keep a new one; `wanted.id` is its id."""
        now = self._parts.clock.now_ms()
        clean = self._clean(wanted)
        incident = replace(clean, keeper_id=clean.keeper_id or by.id, created_at=now, updated_at=now)
        row = {**row_of(incident), "client_key": client_key, "author_id": by.id}

        def work() -> Incident:
            self._parts.database.insert(IncidentRow, [row])
            return self._done(incident, Deed.INCIDENT_OPENED, by)

        return self._parts.journal.write(work)

    def change(self, before: Incident, wanted: Incident, by: Actor) -> Incident:
        """Other words or times. Another ETA, and the repair, are mailed to those who asked; each change once."""
        now = self._parts.clock.now_ms()
        clean = self._clean(wanted)
        moved = clean.eta != before.eta or clean.fixed_at is not None
        again = before.fixed_at is not None and clean.fixed_at is None
        after = replace(clean, updated_at=now, late_at=None if moved else before.late_at)
        after = replace(after, followers=0) if again else after  # they were told, and forgotten

        def work() -> Incident:
            self._write(after)
            if after.fixed_at is not None and before.fixed_at is None:
                self._telling.fixed(after)
            elif after.eta != before.eta and after.fixed_at is None:
                self._telling.eta_changed(after)
            elif again:
                self._telling.withdraw(after)
            return self._done(after, Deed.INCIDENT_CHANGED, by)

        return self._parts.journal.write(work)

    def look(self) -> int:
        """Note which ETAs have passed without a repair, each once; how many. Run every few seconds."""
        now, database = self._parts.clock.now_ms(), self._parts.database

        def work() -> int:
            late = [str(one[0]) for one in database.select(_LATE, (now,))]
            database.run(IncidentRow.update({IncidentRow.late_at: now}).where(IncidentRow.id.in_(late)))
            self._parts.journal.present(self._parts.accounts.team(), protocol.INCIDENT, *late)
            return len(late)

        if not database.read(lambda: database.select(_LATE, (now,))):
            return 0
        return self._parts.journal.write(work)

    def _write(self, incident: Incident) -> None:
        given = {IncidentRow._meta.fields[name]: value for name, value in row_of(incident).items() if name != "id"}
        self._parts.database.run(IncidentRow.update(given).where(IncidentRow.id == incident.id))

    def _done(self, incident: Incident, deed: Deed, by: Actor) -> Incident:
        self._parts.journal.present(self._parts.accounts.team(), protocol.INCIDENT, incident.id)
        detail = {"eta": incident.eta, "fixedAt": incident.fixed_at, "isPublic": incident.is_public}
        self._parts.audit.record(deed, by, incident.id, detail)
        self._times_changed += 1
        return incident

    def _clean(self, wanted: Incident) -> Incident:
        title = texts.short(wanted.title, TITLE_MAX, "title")
        if title is None:
            raise Rejected("The incident has no title. Say in a few words what is broken.", texts.INVALID)
        notice = limits.clean_text(wanted.notice).strip()
        if len(notice) > NOTICE_MAX:
            raise Rejected(f"The notice is longer than {NOTICE_MAX} characters. Shorten it.", texts.TOO_LARGE)
        cause = texts.short(wanted.cause, CAUSE_MAX, "cause") or ""
        if wanted.fixed_at is not None and wanted.fixed_at < wanted.since:
            raise Rejected("An incident is repaired after it began. Mend its times.", texts.INVALID)
        if wanted.eta is not None and wanted.eta < wanted.since:
            raise Rejected("The expected repair is before the incident began. Mend its times.", texts.INVALID)
        database = self._parts.database
        known = {row["id"] for row in database.read(lambda: database.rows(CategoryRow.select(CategoryRow.id)))}
        if not wanted.category_ids <= known:
            raise Rejected("There is no such category any more. Choose others.", texts.INVALID)
        return replace(wanted, title=title, notice=notice, cause=cause)


def incident_of(row: Mapping[str, Any]) -> Incident:
    """The incident that a row holds."""
    return Incident(
        id=row["id"],
        title=row["title"],
        since=row["since"],
        notice=row["notice"],
        eta=row["eta"],
        fixed_at=row["fixed_at"],
        cause=row["cause"],
        category_ids=frozenset(row["category_ids"]),
        is_public=bool(row["is_public"]),
        keeper_id=row["keeper_id"],
        late_at=row["late_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        followers=row["followers"],
        works=row["works"],
        broken=row["broken"],
    )


def row_of(incident: Incident) -> Row:
    """All columns that the incident itself says."""
    return {
        "id": incident.id,
        "title": incident.title,
        "notice": incident.notice,
        "since": incident.since,
        "eta": incident.eta,
        "fixed_at": incident.fixed_at,
        "cause": incident.cause,
        "category_ids": sorted(incident.category_ids),
        "is_public": incident.is_public,
        "keeper_id": incident.keeper_id,
        "late_at": incident.late_at,
        "created_at": incident.created_at,
        "updated_at": incident.updated_at,
        "followers": incident.followers,
        "works": incident.works,
        "broken": incident.broken,
    }
