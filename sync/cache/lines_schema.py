"""The schema step of the lines of alerts: who is next, and whose grants do not ring at once (PRODUCT A9)."""

from typing import Final

from sync.cache.store import Store

_STATEMENTS: Final = (
    "CREATE TABLE next_in_line (id TEXT PRIMARY KEY, account INTEGER NOT NULL, arrival_id TEXT NOT NULL, "
    "ticket_id TEXT NOT NULL, agent_ids TEXT NOT NULL, at INTEGER NOT NULL, reached_at INTEGER, seen INTEGER NOT NULL) "
    "WITHOUT ROWID",
    "CREATE INDEX next_in_line_at ON next_in_line (at)",
    "CREATE INDEX next_in_line_ticket ON next_in_line (ticket_id)",
    "ALTER TABLE category_grant ADD COLUMN second_line INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE agent_access ADD COLUMN second_line_ids TEXT NOT NULL DEFAULT '[]'",
)


def next_in_line(store: Store) -> None:
    """Inside the caller's transaction."""
    for statement in _STATEMENTS:
        store.execute(statement)
