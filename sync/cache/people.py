"""Categories, colleagues and requesters of a page become rows; what they mean for limits and for search follows."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sync.cache import wire
from sync.cache.index import SearchIndex
from sync.cache.shown import limits
from sync.cache.store import Store
from sync.cache.work import Work

Row = Mapping[str, Any]

_REQUESTER = "INSERT OR REPLACE INTO requester VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


class People:
    """Inside the caller's transaction."""

    def __init__(self, store: Store, index: SearchIndex) -> None:
        self._store = store
        self._index = index

    def take(self, work: Work) -> None:
        """All of these kinds."""
        rows, seen, account = work.page.rows, work.seen, work.account
        self._categories(work, rows.get("Category", ()))
        self._store.many(
            "INSERT OR REPLACE INTO category_grant VALUES (?, ?, ?, ?, ?)",
            (
                (row["id"], account, row["categoryId"], seen, int(row.get("secondLine") or 0))
                for row in rows.get("CategoryGrant", ())
            ),
        )
        self._store.many(
            "INSERT OR REPLACE INTO agent VALUES (?, ?, ?, ?, ?)",
            ((row["id"], account, row["name"], int(row.get("isOwner") or 0), seen) for row in rows.get("Agent", ())),
        )
        self._requesters(work, rows.get("Requester", ()))

    def _categories(self, work: Work, rows: Sequence[Row]) -> None:
        for row in rows:
            limit = row.get("limitMs") or wire.DEFAULT_LIMIT_MS
            agents = json.dumps(row.get("agentIds") or [])
            self._store.execute(
                "INSERT OR REPLACE INTO category VALUES (?, ?, ?, ?, ?, ?)",
                (row["id"], work.account, row["name"], limit, agents, work.seen),
            )
            own = self._store.value("SELECT category_id FROM account WHERE key = ?", (work.account,))
            if own == row["id"] and work.limits.get(row["id"]) != limit:
                self._store.execute(
                    "UPDATE ticket SET need = awaiting_since + ? "
                    "WHERE category_id = ? AND awaiting = 'team' AND status <> 'closed'",
                    (limit, row["id"]),
                )
        if rows:
            work.limits = limits(self._store)

    def _requesters(self, work: Work, rows: Sequence[Row]) -> None:
        values = {
            row["id"]: (
                row["id"], work.account, row["name"], row.get("email"), row.get("phone"),
                wire.optional_ms(row.get("createdAt")) or 0, work.seen, wire.facts_text(row.get("facts")),
            )
            for row in rows
        }  # fmt: skip
        if not work.fresh:
            self._rename(work, values)
        self._store.many(_REQUESTER, values.values())

    def _rename(self, work: Work, values: dict[str, tuple[Any, ...]]) -> None:
        """Where a name or address changed, the messages of that person's tickets are found by the new one."""
        for requester_id, new in list(values.items()):
            old = self._store.one(
                "SELECT name, email FROM requester WHERE id = ? AND account = ?", (requester_id, work.account)
            )
            if old == (new[2], new[3]):
                continue
            whose = "ticket_id IN (SELECT id FROM ticket WHERE requester_id = ? AND account = ?)"
            self._index.drop(whose, (requester_id, work.account))
            self._store.execute(_REQUESTER, values.pop(requester_id))
            self._index.later(whose, (requester_id, work.account))
            self._index.refresh_now(whose, (requester_id, work.account))
            mine = "SELECT id FROM ticket WHERE requester_id = ? AND account = ?"
            work.tickets.update(one for (one,) in self._store.rows(mine, (requester_id, work.account)))
