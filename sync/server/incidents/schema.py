"""The schema step of incidents and surges; it imports no model, as every step."""

from typing import Final

from sync.server.database import Database

_STATEMENTS: Final = (
    "CREATE TABLE incident (id TEXT PRIMARY KEY, client_key TEXT, title TEXT NOT NULL, notice TEXT NOT NULL, "
    "since BIGINT NOT NULL, eta BIGINT, fixed_at BIGINT, cause TEXT NOT NULL, category_ids TEXT NOT NULL, "
    "is_public BOOLEAN NOT NULL, keeper_id TEXT, author_id TEXT, late_at BIGINT, created_at BIGINT NOT NULL, "
    "updated_at BIGINT NOT NULL, followers BIGINT NOT NULL, works BIGINT NOT NULL, broken BIGINT NOT NULL)",
    "CREATE INDEX incident_open ON incident (since) WHERE fixed_at IS NULL",
    "CREATE TABLE incident_note (id TEXT PRIMARY KEY, client_key TEXT, incident_id TEXT NOT NULL, author_id TEXT, "
    "text TEXT NOT NULL, at BIGINT NOT NULL)",
    "CREATE INDEX incident_note_incident ON incident_note (incident_id, at)",
    "CREATE TABLE incident_follower (id TEXT PRIMARY KEY, incident_id TEXT NOT NULL, email TEXT NOT NULL, "
    "email_key TEXT NOT NULL, secret_hash TEXT UNIQUE, asked_at BIGINT NOT NULL, confirmed_at BIGINT, "
    "UNIQUE (incident_id, email_key))",
    "CREATE TABLE incident_repair (incident_id TEXT NOT NULL, ticket_id TEXT NOT NULL, what TEXT NOT NULL, "
    "at BIGINT NOT NULL, PRIMARY KEY (incident_id, ticket_id))",
    "ALTER TABLE ticket ADD COLUMN incident_id TEXT",
    "CREATE INDEX ticket_incident ON ticket (incident_id) WHERE incident_id IS NOT NULL",
    "ALTER TABLE letter ADD COLUMN incident_id TEXT",
    "CREATE INDEX letter_incident ON letter (incident_id) WHERE settled_at IS NULL AND incident_id IS NOT NULL",
    "CREATE TABLE surge (id TEXT PRIMARY KEY, category_id TEXT NOT NULL, since BIGINT NOT NULL, ended_at BIGINT, "
    "count BIGINT NOT NULL, minutes BIGINT NOT NULL, usual DOUBLE PRECISION NOT NULL)",
    "CREATE UNIQUE INDEX surge_open ON surge (category_id) WHERE ended_at IS NULL",
)


def words_by_time(database: Database) -> None:
    """What requesters wrote in a span of time, however long ago: what is usual is counted by it."""
    database.execute("CREATE INDEX message_inbound ON message (posted_at) WHERE kind = 'inbound'")


def incidents_and_surges(database: Database) -> None:
    """Incidents with their notes, followers and repairs; the incident of a ticket and of a letter; surges."""
    for statement in _STATEMENTS:
        database.execute(statement)
