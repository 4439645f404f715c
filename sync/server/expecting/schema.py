"""The schema step of closings, expected answers and what requesters say with a button."""

from sync.server.database import Database


def answers_expected(database: Database) -> None:
    """Closings; reminders and ratings on the ticket; how often its private link was renewed; who waits, by index."""
    database.execute(
        "CREATE TABLE closing (id TEXT PRIMARY KEY, name TEXT NOT NULL, notice TEXT NOT NULL, "
        "starts_at BIGINT NOT NULL, ends_at BIGINT NOT NULL, category_ids TEXT NOT NULL)"
    )
    database.execute(
        "CREATE TABLE feedback (id TEXT PRIMARY KEY, ticket_id TEXT NOT NULL, category_id TEXT NOT NULL, "
        "what TEXT NOT NULL, at BIGINT NOT NULL)"
    )
    database.execute("CREATE INDEX feedback_at ON feedback (at)")
    database.execute("CREATE INDEX feedback_ticket ON feedback (ticket_id)")
    database.execute("ALTER TABLE ticket ADD COLUMN reminders BIGINT NOT NULL DEFAULT 0")
    database.execute("ALTER TABLE ticket ADD COLUMN reminded_at BIGINT")
    database.execute("ALTER TABLE ticket ADD COLUMN rating TEXT")
    database.execute("ALTER TABLE ticket ADD COLUMN page_turn BIGINT NOT NULL DEFAULT 0")
    database.execute("CREATE INDEX ticket_awaits ON ticket (category_id, awaiting_since) WHERE awaiting = 'team'")
