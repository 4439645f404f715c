"""What only owners see, as rows: people with their access, alerts that reached nobody (PRODUCT A9, B4)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.cache import wire
from sync.cache.next_in_line import NextReader
from sync.cache.store import Store
from sync.cache.work import Work
from sync.domain.people import AgentAccess, Device, UnreachedAlert
from sync.domain.records import MessageKind

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply or note as it lies in its ticket; `at` in ms UTC."""

    ticket_id: str
    ticket_number: int | None
    ticket_subject: str
    kind: MessageKind
    text: str
    at: int


TYPES = frozenset({"AgentAccess", "UnreachedAlert"})


def take_overseen(store: Store, work: Work) -> None:
    """The rows of a page. Inside the caller's transaction."""
    account, seen = work.account, work.seen
    store.many(
        "INSERT OR REPLACE INTO agent_access VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_access_values(row, account, seen) for row in work.page.rows.get("AgentAccess", ())),
    )
    store.many(
        "INSERT OR REPLACE INTO unreached_alert VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                row["id"], account, row["arrivalId"], row["ticketId"], row["categoryId"], wire.ms(row["at"]),
                wire.optional_ms(row.get("reachedAt")), seen,
            )
            for row in work.page.rows.get("UnreachedAlert", ())
        ),
    )  # fmt: skip


def _access_values(row: Row, account: int, seen: int) -> Sequence[Any]:
    devices = [
        {"id": token_id, "name": one["device"], "from": wire.ms(one["signedInAt"]), "seen": wire.ms(one["lastSeenAt"])}
        for token_id, one in sorted(row["devices"].items())
    ]
    return (
        row["id"], account, row["name"], int(row["isOwner"]), int(row["active"]),
        json.dumps(sorted(row["categoryIds"])), json.dumps(devices), wire.optional_ms(row.get("lastSeenAt")), seen,
        json.dumps(sorted(row.get("secondLineIds") or {})),
    )  # fmt: skip


class OverseenReader(NextReader):
    """For owners; empty for everybody else."""

    def people(self) -> list[AgentAccess]:
        """Every agent by name, those who left too."""
        rows = self._store.rows(
            "SELECT id, name, is_owner, active, category_ids, devices, last_seen, second_line_ids FROM agent_access "
            "ORDER BY name COLLATE NOCASE, id"
        )
        return [
            AgentAccess(
                row[0],
                row[1],
                bool(row[2]),
                bool(row[3]),
                frozenset(json.loads(row[4])),
                tuple(Device(one["id"], one["name"], one["from"], one["seen"]) for one in json.loads(row[5])),
                row[6],
                frozenset(json.loads(row[7])),
            )
            for row in rows
        ]

    def unreached(self, since_ms: int) -> list[UnreachedAlert]:
        """Alerts of arrivals since then that reached nobody in time, the newest first."""
        rows = self._store.rows(
            "SELECT id, arrival_id, ticket_id, category_id, at, reached_at FROM unreached_alert WHERE at >= ? "
            "ORDER BY at DESC, id",
            (since_ms,),
        )
        return [UnreachedAlert(*row) for row in rows]

    def tickets_of_category(self, category_id: str) -> int:
        """How many tickets of a category are here."""
        return int(self._store.value("SELECT count(*) FROM ticket WHERE category_id = ?", (category_id,)))

    def open_assigned(self, agent_id: str, category_id: str | None = None) -> int:
        """How many open tickets are assigned to somebody, in one category or in all."""
        return int(
            self._store.value(
                "SELECT count(*) FROM ticket WHERE status <> 'closed' AND assignee_id = ?1 "
                "AND (?2 IS NULL OR category_id = ?2)",
                (agent_id, category_id),
            )
        )

    def written_by(self, agent_id: str, since_ms: int, limit: int = 2_000) -> list[Sent]:
        """What somebody sent since then, the newest first."""
        rows = self._store.rows(
            "SELECT m.ticket_id, t.number, t.subject, m.kind, m.body_text, m.posted_at FROM message m "
            "JOIN ticket t ON t.id = m.ticket_id "
            "WHERE m.key >= ? AND m.author_id = ? AND m.kind IN ('reply', 'note') ORDER BY m.key DESC LIMIT ?",
            (since_ms << wire.KEY_BITS, agent_id, limit),
        )
        return [Sent(*(*row[:3], MessageKind(row[3]), *row[4:])) for row in rows]
