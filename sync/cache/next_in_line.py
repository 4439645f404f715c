"""Whom the server alerts after an arrival reached nobody, as rows: ids and times only, no words (PRODUCT A9)."""

import json

from sync.cache import wire
from sync.cache.incidents import IncidentReader
from sync.cache.store import Store
from sync.cache.work import Work
from sync.domain.people import NextInLine
from sync.domain.protocol import NEXT_IN_LINE


def take_next(store: Store, work: Work) -> None:
    """The rows of a page. Inside the caller's transaction."""
    store.many(
        "INSERT OR REPLACE INTO next_in_line (id, account, arrival_id, ticket_id, agent_ids, at, reached_at, seen) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                row["id"], work.account, row["arrivalId"], row["ticketId"], json.dumps(sorted(row["agentIds"])),
                wire.ms(row["at"]), wire.optional_ms(row.get("reachedAt")), work.seen,
            )
            for row in work.page.rows.get(NEXT_IN_LINE, ())
        ),
    )  # fmt: skip


class NextReader(IncidentReader):
    """For everybody who sees the category; who is meant stands in it."""

    def next_in_line(self, since_ms: int) -> list[NextInLine]:
        """Those of arrivals since then that still reach nobody, the newest first."""
        rows = self._store.rows(
            "SELECT n.id, n.arrival_id, n.ticket_id, a.category_id, n.at, n.agent_ids FROM next_in_line n "
            "JOIN account a ON a.key = n.account WHERE n.at >= ? AND n.reached_at IS NULL ORDER BY n.at DESC, n.id",
            (since_ms,),
        )
        return [
            NextInLine(alert_id, arrival_id, ticket_id, category_id, at, frozenset(json.loads(agents)))
            for alert_id, arrival_id, ticket_id, category_id, at, agents in rows
        ]
