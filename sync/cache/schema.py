"""The cache's tables, as numbered steps; each step is final once released."""

from collections.abc import Callable

from sync.cache.attached import attached_notes
from sync.cache.first_tables import TABLES
from sync.cache.lines_schema import next_in_line
from sync.cache.links import tokens_for_ids
from sync.cache.store import Store
from sync.domain.errors import Incompatible

SEARCH_TABLE = """
CREATE VIRTUAL TABLE message_text USING fts5(about, requester, body, content='message_doc', content_rowid='key',
  tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4');
INSERT INTO message_text(message_text, rank) VALUES ('secure-delete', 1);
"""


_UNRUNG = """
CREATE TABLE unrung (
  arrival_id TEXT PRIMARY KEY, account_id TEXT NOT NULL, ticket_id TEXT NOT NULL, message_id TEXT, kind TEXT NOT NULL,
  priority TEXT NOT NULL, by_agent_id TEXT, at INTEGER NOT NULL) WITHOUT ROWID;
"""


# Open tickets counted as they change, in the same transaction: `n` of each category, turn and assignee, `fresh` of them
# new. Empty texts stand for nobody.
_TALLY = """
CREATE TABLE tally (
  category_id TEXT NOT NULL, turn TEXT NOT NULL, assignee_id TEXT NOT NULL, n INTEGER NOT NULL, fresh INTEGER NOT NULL,
  PRIMARY KEY (category_id, turn, assignee_id)) WITHOUT ROWID;
INSERT INTO tally SELECT t.category_id, coalesce(t.awaiting, ''), coalesce(t.assignee_id, ''), count(*),
  count(w.ticket_id) FROM ticket t LEFT JOIN new_ticket w ON w.ticket_id = t.id
  WHERE t.status <> 'closed' GROUP BY 1, 2, 3;
CREATE TRIGGER tally_came AFTER INSERT ON ticket WHEN NEW.status <> 'closed' BEGIN {in} END;
CREATE TRIGGER tally_went AFTER DELETE ON ticket WHEN OLD.status <> 'closed' BEGIN {out} END;
CREATE TRIGGER tally_left AFTER UPDATE OF id, status, category_id, awaiting, assignee_id ON ticket
  WHEN OLD.status <> 'closed' BEGIN {out} END;
CREATE TRIGGER tally_joined AFTER UPDATE OF id, status, category_id, awaiting, assignee_id ON ticket
  WHEN NEW.status <> 'closed' BEGIN {in} END;
CREATE TRIGGER tally_new AFTER INSERT ON new_ticket BEGIN {new} END;
CREATE TRIGGER tally_looked AFTER DELETE ON new_ticket BEGIN {looked} END;
"""
_SAME = (
    "category_id = {0}.category_id AND turn = coalesce({0}.awaiting, '') "
    "AND assignee_id = coalesce({0}.assignee_id, '')"
)
_IS_NEW = "(SELECT count(*) FROM new_ticket WHERE ticket_id = {0}.id)"
_OF = (
    "(category_id, turn, assignee_id) = (SELECT category_id, coalesce(awaiting, ''), coalesce(assignee_id, '') "
    "FROM ticket WHERE id = {0}.ticket_id AND status <> 'closed');"
)
_TALLYING = {
    "{in}": "INSERT INTO tally VALUES (NEW.category_id, coalesce(NEW.awaiting, ''), coalesce(NEW.assignee_id, ''), 1, "
    + _IS_NEW.format("NEW")
    + ") ON CONFLICT DO UPDATE SET n = n + 1, fresh = fresh + excluded.fresh;",
    "{out}": f"UPDATE tally SET n = n - 1, fresh = fresh - {_IS_NEW.format('OLD')} WHERE {_SAME.format('OLD')}; "
    f"DELETE FROM tally WHERE {_SAME.format('OLD')} AND n = 0;",
    "{new}": "UPDATE tally SET fresh = fresh + 1 WHERE " + _OF.format("NEW"),
    "{looked}": "UPDATE tally SET fresh = fresh - 1 WHERE " + _OF.format("OLD"),
}


def _first(store: Store) -> None:
    run_script(store, TABLES)
    run_script(store, SEARCH_TABLE)


def _second(store: Store) -> None:
    run_script(store, _UNRUNG)


def _third(store: Store) -> None:
    script = _TALLY
    for place, statements in _TALLYING.items():
        script = script.replace(place, statements)
    run_script(store, script)


def _fourth(store: Store) -> None:
    store.execute("ALTER TABLE outbox ADD COLUMN hold_until INTEGER")


# Held messages have been in the personal account before they were kept here: it is copied again for them.
_FIFTH = """
ALTER TABLE outbox ADD COLUMN into_id TEXT;
CREATE INDEX outbox_into ON outbox (into_id) WHERE into_id IS NOT NULL;
CREATE TABLE held (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, ticket_id TEXT, kind TEXT NOT NULL, body_text TEXT NOT NULL,
  composed_at INTEGER NOT NULL, reason TEXT NOT NULL, client_key TEXT, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX held_key ON held (client_key);
UPDATE account SET cursor = NULL, complete = 0 WHERE kind = 'personal';
"""


def _fifth(store: Store) -> None:
    run_script(store, _FIFTH)


_SIXTH = """
CREATE TABLE agent_access (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, name TEXT NOT NULL, is_owner INTEGER NOT NULL,
  active INTEGER NOT NULL, category_ids TEXT NOT NULL, devices TEXT NOT NULL, last_seen INTEGER, seen INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE unreached_alert (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, arrival_id TEXT NOT NULL, ticket_id TEXT NOT NULL,
  category_id TEXT NOT NULL, at INTEGER NOT NULL, reached_at INTEGER, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX unreached_alert_at ON unreached_alert (at);
"""


def _sixth(store: Store) -> None:
    run_script(store, _SIXTH)


def _seventh(store: Store) -> None:
    store.execute("ALTER TABLE account ADD COLUMN restored INTEGER NOT NULL DEFAULT 0")


def _links(store: Store) -> None:
    store.execute("ALTER TABLE ticket ADD COLUMN links TEXT NOT NULL DEFAULT ''")


_FAQ = """
CREATE TABLE faq_entry (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, question TEXT NOT NULL, category_ids TEXT NOT NULL,
  language TEXT NOT NULL, status TEXT NOT NULL, slug TEXT NOT NULL, author_id TEXT, updated_at INTEGER NOT NULL,
  shown INTEGER NOT NULL, opened INTEGER NOT NULL, answered INTEGER NOT NULL, answer TEXT NOT NULL,
  seen INTEGER NOT NULL) WITHOUT ROWID;
"""


def _faq(store: Store) -> None:
    run_script(store, _FAQ)


def _feedback(store: Store) -> None:
    store.execute("ALTER TABLE ticket ADD COLUMN reminders INTEGER NOT NULL DEFAULT 0")
    store.execute("ALTER TABLE ticket ADD COLUMN rating TEXT")
    store.execute(
        "CREATE TABLE closing (id TEXT PRIMARY KEY, account INTEGER NOT NULL, name TEXT NOT NULL, "
        "notice TEXT NOT NULL, starts_at INTEGER NOT NULL, ends_at INTEGER NOT NULL, category_ids TEXT NOT NULL, "
        "seen INTEGER NOT NULL) WITHOUT ROWID"
    )


_MAILED = """
CREATE TABLE delivery (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, ticket_id TEXT NOT NULL, message_id TEXT NOT NULL,
  status TEXT NOT NULL, at INTEGER NOT NULL, detail TEXT, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX delivery_ticket ON delivery (ticket_id);
ALTER TABLE requester ADD COLUMN facts TEXT;
ALTER TABLE unrung ADD COLUMN for_agent_id TEXT;
"""


def _mailed(store: Store) -> None:
    run_script(store, _MAILED)


def _originals(store: Store) -> None:
    store.execute("ALTER TABLE message ADD COLUMN original TEXT")


_INCIDENTS = """
ALTER TABLE ticket ADD COLUMN incident_id TEXT;
CREATE INDEX ticket_incident ON ticket (incident_id) WHERE incident_id IS NOT NULL;
CREATE TABLE incident (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, title TEXT NOT NULL, since INTEGER NOT NULL, notice TEXT NOT NULL,
  eta INTEGER, fixed_at INTEGER, cause TEXT NOT NULL, category_ids TEXT NOT NULL, is_public INTEGER NOT NULL,
  keeper_id TEXT, late_at INTEGER, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  followers INTEGER NOT NULL, works INTEGER NOT NULL, broken INTEGER NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE incident_note (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, incident_id TEXT NOT NULL, author_id TEXT, text TEXT NOT NULL,
  at INTEGER NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX incident_note_incident ON incident_note (incident_id, at);
CREATE TABLE surge (
  id TEXT PRIMARY KEY, account INTEGER NOT NULL, category_id TEXT NOT NULL, since INTEGER NOT NULL, ended_at INTEGER,
  count INTEGER NOT NULL, minutes INTEGER NOT NULL, usual INTEGER NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;
"""


def _incidents(store: Store) -> None:
    run_script(store, _INCIDENTS)


def _doubts(store: Store) -> None:
    store.execute("ALTER TABLE outbox ADD COLUMN in_doubt INTEGER NOT NULL DEFAULT 0")
    store.execute("UPDATE outbox SET in_doubt = attempts > 0")


def _held_files(store: Store) -> None:
    store.execute("ALTER TABLE held ADD COLUMN attachments TEXT")


_STEPS: tuple[Callable[[Store], None], ...] = (
    _first, _second, _third, _fourth, _fifth, _sixth, _seventh, _links, _faq, _feedback, _mailed, _originals,
    _incidents, _doubts, _held_files, next_in_line, tokens_for_ids, attached_notes,
)  # fmt: skip
VERSION = len(_STEPS)


def run_script(store: Store, script: str) -> None:
    """Statements, each ended by `;`, inside the caller's transaction."""
    for statement in script.split(";\n"):
        if statement.strip():
            store.execute(statement)


def migrate(store: Store) -> None:
    """Bring the file to VERSION. Raises Incompatible, with the file untouched, if it is from a newer Deskbell."""
    found = int(store.value("PRAGMA user_version"))
    if found > VERSION:
        raise Incompatible(
            "This workstation's tickets were stored by a newer Deskbell. Install that version, or a later one; "
            "nothing was changed."
        )
    if found < VERSION:
        with store.transaction():
            for number, step in enumerate(_STEPS[found:], found + 1):
                step(store)
                store.execute(f"PRAGMA user_version = {number}")
