"""The schema step of mail that goes out; it imports no model, as every step."""

from typing import Final

from sync.server.database import Database

_STATEMENTS: Final = (
    "CREATE TABLE letter (id TEXT PRIMARY KEY, kind TEXT NOT NULL, ticket_id TEXT, message_id TEXT, category_id TEXT, "
    "to_address TEXT NOT NULL, to_key TEXT NOT NULL, to_name TEXT NOT NULL, subject TEXT NOT NULL, "
    "body_text TEXT NOT NULL, files TEXT NOT NULL, refers TEXT NOT NULL, automatic BOOLEAN NOT NULL, "
    "mail_id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, attempts BIGINT NOT NULL, next_at BIGINT NOT NULL, "
    "created_at BIGINT NOT NULL, settled_at BIGINT, detail TEXT)",
    "CREATE INDEX letter_due ON letter (next_at, id) WHERE settled_at IS NULL",
    "CREATE INDEX letter_settled ON letter (settled_at) WHERE settled_at IS NOT NULL",
    "CREATE INDEX letter_automatic ON letter (to_key, next_at) WHERE automatic",
    "CREATE INDEX letter_ticket ON letter (ticket_id) WHERE ticket_id IS NOT NULL",
    "CREATE TABLE delivery (id TEXT PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, ticket_id TEXT NOT NULL, "
    "status TEXT NOT NULL, at BIGINT NOT NULL, detail TEXT)",
    "CREATE INDEX delivery_ticket ON delivery (ticket_id)",
    "CREATE TABLE mail_template (name TEXT PRIMARY KEY, text TEXT NOT NULL, at BIGINT NOT NULL)",
    "ALTER TABLE arrival ADD COLUMN for_agent_id TEXT",
    "CREATE TABLE hook (id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, secret TEXT NOT NULL, "
    "category_id TEXT, opens TEXT NOT NULL, created_at BIGINT NOT NULL)",
    "CREATE TABLE hook_event (id TEXT PRIMARY KEY, hook_id TEXT NOT NULL, event_key TEXT NOT NULL, type TEXT NOT NULL, "
    "requester_id TEXT NOT NULL, occurred_at BIGINT NOT NULL, at BIGINT NOT NULL, data TEXT NOT NULL, "
    "ticket_id TEXT, UNIQUE (hook_id, event_key))",
    "CREATE INDEX hook_event_requester ON hook_event (requester_id, occurred_at)",
    "ALTER TABLE requester ADD COLUMN facts TEXT",
)


def mail_sent_out(database: Database) -> None:
    """Letters on their way, what became of replies, arrivals for one agent, and what other systems tell."""
    for statement in _STATEMENTS:
        database.execute(statement)
