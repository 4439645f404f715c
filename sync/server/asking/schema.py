"""The schema step of the form; it imports no model, as every step."""

from typing import Final

from sync.server.database import Database

_STATEMENTS: Final = (
    "ALTER TABLE category ADD COLUMN description TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE open_ticket_cap (id TEXT PRIMARY KEY, category_id TEXT, most BIGINT NOT NULL, until BIGINT, "
    "reason TEXT NOT NULL, led_times BIGINT NOT NULL)",
    "CREATE UNIQUE INDEX open_ticket_cap_once ON open_ticket_cap (COALESCE(category_id, ''))",
    "CREATE TABLE category_word (word TEXT NOT NULL, category_id TEXT NOT NULL, weight BIGINT NOT NULL, "
    "PRIMARY KEY (word, category_id))",
)


def asked_by_form(database: Database) -> None:
    """Categories in a sentence each, caps on open tickets, and the words that point to a category."""
    for statement in _STATEMENTS:
        database.execute(statement)
