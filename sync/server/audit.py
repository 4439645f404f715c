"""The audit log: who did what that matters for access and for what is gone; appended to, chained, never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from hashlib import sha256
from typing import Any, Final

import orjson

from sync.domain.clock import Clock
from sync.domain.times import DAY_MS
from sync.jmap.access import Principal
from sync.server.database import Database, Row
from sync.server.ledger import AuditPruned, AuditRow

_PIECE: Final = 1_000
_LOCK: Final = "SELECT pg_advisory_xact_lock(7237002)"
_HOW_MANY: Final = "SELECT COUNT(*) FROM audit_entry WHERE id <= ?"
_YEAR_MS, _MONTH_MS = 365 * DAY_MS, 30 * DAY_MS
_NOTHING_BEFORE: Final = b""


class Deed(StrEnum):
    """What is written down. The names are those of the export; none is ever given another meaning."""

    SIGN_IN_SUCCEEDED = "signInSucceeded"
    SIGN_IN_FAILED = "signInFailed"
    SIGN_OUT = "signOut"
    TOKEN_REVOKED = "tokenRevoked"
    GRANT = "grant"
    REVOKE = "revoke"
    CATEGORY_ADDED = "categoryAdded"
    CATEGORY_CHANGED = "categoryChanged"
    AGENT_ADDED = "agentAdded"
    AGENT_CHANGED = "agentChanged"
    AGENT_DEACTIVATED = "agentDeactivated"
    CAP_CHANGED = "openTicketCapChanged"
    OWNER_CHANGED = "ownerChanged"
    PASSWORD_CHANGED = "passwordChanged"
    EXPORT = "export"
    IMPORT = "import"
    BACKUP = "backup"
    RESTORE = "restore"
    TICKET_DELETED = "ticketDeleted"
    TICKET_MERGED = "ticketMerged"
    REQUESTER_EXPORTED = "requesterExported"
    REQUESTER_ERASED = "requesterErased"
    SETTING_CHANGED = "settingChanged"
    FAQ_PUBLISHED = "faqPublished"
    FAQ_CHANGED = "faqChanged"
    FAQ_UNPUBLISHED = "faqUnpublished"
    FAQ_DELETED = "faqDeleted"
    CLOSING_ADDED = "closingAdded"
    CLOSING_CHANGED = "closingChanged"
    CLOSING_REMOVED = "closingRemoved"
    PRIVATE_LINK_RENEWED = "privateLinkRenewed"
    INCIDENT_OPENED = "incidentOpened"
    INCIDENT_CHANGED = "incidentChanged"
    AUDIT_PRUNED = "auditPruned"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: an agent by id and name as it was then, or somebody without an account (`id` None)."""

    id: str | None
    name: str

    @staticmethod
    def of(principal: Principal) -> Actor:
        """A signed-in agent."""
        return Actor(principal.id, principal.username)


ADMINISTRATOR: Final = Actor(None, "administrator")
"""Whoever may run deskbell-server at a terminal."""
THE_SERVER: Final = Actor(None, "server")


class Audit:
    """Writes and reads the log. `record` belongs into the transaction of the deed: neither is there without the other.

    Entries are numbered without gaps; each holds the SHA-256 of itself and of the one before (`chain`). Writers of the
    log wait for one another, since a chain has one end.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def record(self, what: Deed, actor: Actor, subject: str, detail: Mapping[str, Any] | None = None) -> None:
        """Append one entry. `subject`: the id of what it was done to; `detail`: no secrets and no words of a ticket."""
        self._database.write(lambda: self._append(what, actor, subject, dict(detail or {})))

    def entries(self, since: int = 0) -> Iterator[Row]:
        """Every entry since that moment (ms UTC), oldest first, read in pieces."""
        after = 0
        while rows := self._database.read(partial(self._piece, after, since)):
            yield from rows
            after = rows[-1]["id"]

    def keep(self, years: int) -> int:
        """Forget what is older, about once a month and never unsaid; 0: keep everything. How many entries went."""
        limit = self._clock.now_ms() - years * _YEAR_MS
        oldest = self._database.read(lambda: self._database.one(AuditRow.select().order_by(AuditRow.id)))
        if not years or oldest is None or oldest["at"] > limit - _MONTH_MS:
            return 0
        return self.prune(limit)

    def prune(self, before: int) -> int:
        """Forget what is older than that moment (ms UTC), and write down that it was forgotten; how many entries."""

        def work() -> int:
            self._lock()
            last = self._database.one(AuditRow.select().where(AuditRow.at < before).order_by(AuditRow.id.desc()))
            if last is None:
                return 0
            condition = AuditRow.id <= last["id"]
            count = int(self._database.select(_HOW_MANY, (last["id"],))[0][0])
            self._database.run(AuditPruned.delete())
            self._database.insert(AuditPruned, [{"below": last["id"] + 1, "chain": last["chain"]}])
            self._append(Deed.AUDIT_PRUNED, THE_SERVER, str(last["id"]), {"entries": count})
            self._database.run(AuditRow.delete().where(condition))
            return count

        return self._database.write(work)

    def _append(self, what: Deed, actor: Actor, subject: str, detail: dict[str, Any]) -> None:
        self._lock()
        last = self._database.whole_row(AuditRow, "ORDER BY t.id DESC", ()) or _beginning(self._database)
        row: Row = {
            "id": last["id"] + 1,
            "at": self._clock.now_ms(),
            "actor_id": actor.id,
            "actor_name": actor.name,
            "what": what.value,
            "subject": subject,
            "detail": detail,
        }
        self._database.insert(AuditRow, [{**row, "chain": _link(bytes(last["chain"]), row)}])

    def _lock(self) -> None:
        if self._database.is_postgres:
            self._database.select(_LOCK)

    def _piece(self, after: int, since: int) -> list[Row]:
        wanted = (AuditRow.id > after) & (AuditRow.at >= since)
        return self._database.rows(AuditRow.select().where(wanted).order_by(AuditRow.id).limit(_PIECE))


def audit_faults(database: Database) -> Iterator[str]:
    """A sentence where the chain is broken: an entry was changed, taken out or put in. Inside a transaction."""
    last = _beginning(database)
    while rows := database.rows(AuditRow.select().where(AuditRow.id > last["id"]).order_by(AuditRow.id).limit(_PIECE)):
        for row in rows:
            if row["id"] != last["id"] + 1:
                yield f"the audit log has no entry between {last['id']} and {row['id']}"
            elif bytes(row["chain"]) != _link(bytes(last["chain"]), row):
                yield f"entry {row['id']} of the audit log was changed, or the one before it"
            last = row


def _beginning(database: Database) -> Row:
    """What the first entry that is still there is chained to."""
    pruned = database.one(AuditPruned.select())
    if pruned is None:
        return {"id": 0, "chain": _NOTHING_BEFORE}
    return {"id": pruned["below"] - 1, "chain": pruned["chain"]}


def _link(before: bytes, row: Row) -> bytes:
    said = [row[name] for name in ("id", "at", "actor_id", "actor_name", "what", "subject", "detail")]
    return sha256(before + orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).digest()
