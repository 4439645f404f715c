"""The tables of the FAQ and its full-text index, as a step of the schema; imports no model."""

from typing import Final

from sync.server.database import Database

_ENTRY: Final = """
CREATE TABLE faq_entry (id TEXT PRIMARY KEY, question TEXT NOT NULL, answer TEXT NOT NULL, excerpt TEXT NOT NULL,
    category_ids TEXT NOT NULL, language TEXT NOT NULL, status TEXT NOT NULL, slug TEXT NOT NULL UNIQUE,
    author_id TEXT, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, first_published_at BIGINT,
    shown BIGINT NOT NULL, opened BIGINT NOT NULL, answered BIGINT NOT NULL, untold BOOLEAN NOT NULL, client_key TEXT)
"""
_BOTH: Final = (
    _ENTRY,
    "CREATE INDEX faq_entry_untold ON faq_entry (id) WHERE untold",
    "CREATE TABLE faq_week (week BIGINT NOT NULL, entry_id TEXT NOT NULL, shown BIGINT NOT NULL, "
    "opened BIGINT NOT NULL, answered BIGINT NOT NULL, PRIMARY KEY (week, entry_id))",
    "CREATE TABLE faq_seen (day BIGINT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (day, digest))",
    "CREATE TABLE faq_day (day BIGINT PRIMARY KEY, salt TEXT NOT NULL)",
    "CREATE TABLE faq_rules (rules TEXT PRIMARY KEY)",
)
_SQLITE: Final = (
    "CREATE VIRTUAL TABLE faq_words USING fts5(question, answer, places, entry_id UNINDEXED, rules UNINDEXED, "
    "tokenize='unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE faq_vocabulary USING fts5vocab(faq_words, 'row')",
    "CREATE TABLE faq_place (entry_id TEXT PRIMARY KEY, number BIGINT NOT NULL) WITHOUT ROWID",
)
_POSTGRES: Final = (
    "ALTER TABLE faq_entry ADD COLUMN rules TEXT, ADD COLUMN words TSVECTOR, ADD COLUMN titles TSVECTOR, "
    "ADD COLUMN question_words INTEGER",
    "CREATE INDEX faq_entry_words ON faq_entry USING gin (words)",
)


def faq_entries(database: Database) -> None:
    """Questions that come again, how often they were answered, and where their words are found (PRODUCT G1)."""
    for statement in (*_BOTH, *(_POSTGRES if database.is_postgres else _SQLITE)):
        database.execute(statement)
