"""The schema of the index of words, and of links between tickets."""

from typing import Final

from sync.server.database import Database

_TABLES: Final = (
    "likeness_word (account BIGINT NOT NULL, word BIGINT NOT NULL, tickets BIGINT NOT NULL, "
    "PRIMARY KEY (account, word))",
    "likeness_posting (account BIGINT NOT NULL, word BIGINT NOT NULL, number BIGINT NOT NULL, "
    "PRIMARY KEY (account, word, number))",
    "likeness_ticket (ticket_id TEXT PRIMARY KEY, account BIGINT NOT NULL)",
    "likeness_due (ticket_id TEXT PRIMARY KEY)",
)
_DUE: Final = "INSERT INTO likeness_due (ticket_id) VALUES (NEW.id) ON CONFLICT DO NOTHING"
_BY_SQLITE: Final = (
    f"CREATE TRIGGER ticket_likeness_new AFTER INSERT ON ticket BEGIN {_DUE}; END",
    "CREATE TRIGGER ticket_likeness_moved AFTER UPDATE OF category_id ON ticket "
    f"WHEN OLD.category_id <> NEW.category_id BEGIN {_DUE}; END",
)
_BY_POSTGRES: Final = (
    f"CREATE FUNCTION ticket_likeness_due() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_DUE}; RETURN NULL; END $$",
    "CREATE TRIGGER ticket_likeness_new AFTER INSERT ON ticket FOR EACH ROW EXECUTE FUNCTION ticket_likeness_due()",
    "CREATE TRIGGER ticket_likeness_moved AFTER UPDATE OF category_id ON ticket "
    "FOR EACH ROW WHEN (OLD.category_id <> NEW.category_id) EXECUTE FUNCTION ticket_likeness_due()",
)


def likeness_index(database: Database) -> None:
    """Hashes of words by category; what is there already is due, and indexed little by little."""
    keyed = "" if database.is_postgres else " WITHOUT ROWID"
    for table in _TABLES:
        database.execute(f"CREATE TABLE {table}{keyed}")
    database.execute("INSERT INTO likeness_due (ticket_id) SELECT id FROM ticket")
    for trigger in _BY_POSTGRES if database.is_postgres else _BY_SQLITE:
        database.execute(trigger)


def linked_tickets(database: Database) -> None:
    """The tickets that a ticket is linked with: a list of ids, on both."""
    database.execute("ALTER TABLE ticket ADD COLUMN links TEXT NOT NULL DEFAULT '[]'")
