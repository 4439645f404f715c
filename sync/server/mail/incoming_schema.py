"""The schema step of mail that comes in; it imports no model, as every step."""

from typing import Final

from sync.server.database import Database

_TABLES: Final = (
    "CREATE TABLE mail_in (fingerprint TEXT PRIMARY KEY, header_id TEXT, nature TEXT NOT NULL, ticket_id TEXT, "
    "message_id TEXT, at BIGINT NOT NULL)",
    "CREATE TABLE mail_participant (ticket_id TEXT NOT NULL, email_key TEXT NOT NULL, "
    "PRIMARY KEY (ticket_id, email_key))",
    "CREATE TABLE mail_address (email_key TEXT PRIMARY KEY, category_id TEXT NOT NULL)",
    "CREATE TABLE mailbox (id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, "
    "category_id TEXT NOT NULL, host TEXT NOT NULL, port BIGINT NOT NULL, security TEXT NOT NULL, "
    "user_name TEXT NOT NULL, secret TEXT NOT NULL, folder TEXT NOT NULL, done_folder TEXT, uid_validity BIGINT, "
    "next_uid BIGINT NOT NULL, enabled BOOLEAN NOT NULL, trouble TEXT, trouble_at BIGINT, seen_at BIGINT, "
    "created_at BIGINT NOT NULL)",
    "CREATE INDEX mail_in_header ON mail_in (header_id) WHERE header_id IS NOT NULL",
    "CREATE INDEX mail_in_ticket ON mail_in (ticket_id) WHERE ticket_id IS NOT NULL",
    "ALTER TABLE message ADD COLUMN original_blob_id TEXT",
)


def mail_taken_in(database: Database) -> None:
    """What came by mail, from where, and the original of each message that was one."""
    for statement in _TABLES:
        database.execute(statement)
