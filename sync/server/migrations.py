"""The schema as numbered steps; each runs once, in order, in one transaction, and imports no model."""

from collections.abc import Callable, Sequence
from typing import Final

from sync.domain.errors import Incompatible
from sync.server.asking.schema import asked_by_form
from sync.server.database import Database
from sync.server.expecting.schema import answers_expected
from sync.server.faq.schema import faq_entries
from sync.server.incidents.schema import incidents_and_surges, words_by_time
from sync.server.likeness.schema import likeness_index, linked_tickets
from sync.server.mail.incoming_schema import mail_taken_in
from sync.server.mail.outgoing_schema import mail_sent_out

Step = Callable[[Database], None]

_TABLES: Final = """
setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)
agent (id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, password_hash TEXT,
    is_owner BOOLEAN NOT NULL, is_active BOOLEAN NOT NULL, created_at BIGINT NOT NULL)
token (id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, token_hash {bytes} NOT NULL UNIQUE, device TEXT NOT NULL,
    created_at BIGINT NOT NULL, used_at BIGINT NOT NULL, expires_at BIGINT NOT NULL)
sign_in_delay (key TEXT PRIMARY KEY, failures BIGINT NOT NULL, until BIGINT NOT NULL)
account (number {serial}, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, category_id TEXT, agent_id TEXT,
    counter BIGINT NOT NULL)
object_state (account BIGINT NOT NULL, type TEXT NOT NULL, object_id TEXT NOT NULL, first BIGINT NOT NULL,
    created BIGINT NOT NULL, changed BIGINT NOT NULL, destroyed BOOLEAN NOT NULL, at BIGINT NOT NULL,
    PRIMARY KEY (account, type, object_id)){keyed}
pruned (account BIGINT NOT NULL, type TEXT NOT NULL, below BIGINT NOT NULL, PRIMARY KEY (account, type))
receipt (author_id TEXT NOT NULL, client_key TEXT NOT NULL, type TEXT NOT NULL, content TEXT NOT NULL,
    object_id TEXT, error TEXT, at BIGINT NOT NULL, PRIMARY KEY (author_id, client_key)){keyed}
category (id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, limit_ms BIGINT NOT NULL,
    created_at BIGINT NOT NULL)
category_grant (id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, category_id TEXT NOT NULL, at BIGINT NOT NULL,
    UNIQUE (agent_id, category_id))
requester (id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT, email_key TEXT UNIQUE, phone TEXT,
    created_at BIGINT NOT NULL)
ticket (id TEXT PRIMARY KEY, number BIGINT NOT NULL UNIQUE, subject TEXT NOT NULL, category_id TEXT NOT NULL,
    requester_id TEXT, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, status TEXT NOT NULL,
    priority TEXT NOT NULL, channel TEXT NOT NULL, site TEXT, assignee_id TEXT, awaiting TEXT, awaiting_since BIGINT,
    closed_at BIGINT, resolution TEXT, outcome TEXT, tags TEXT NOT NULL, merged_into_id TEXT, follow_up_of TEXT,
    last_seq BIGINT NOT NULL, first_message_id TEXT, client_key TEXT)
message (id TEXT PRIMARY KEY, ticket_id TEXT NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL, author_id TEXT,
    body_text TEXT NOT NULL, composed_at BIGINT NOT NULL, posted_at BIGINT NOT NULL, attachments TEXT NOT NULL,
    client_key TEXT, status_before TEXT, UNIQUE (ticket_id, seq))
arrival (id TEXT PRIMARY KEY, ticket_id TEXT NOT NULL, message_id TEXT, kind TEXT NOT NULL, priority TEXT NOT NULL,
    by_agent_id TEXT, at BIGINT NOT NULL)
read_mark (id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, ticket_id TEXT NOT NULL, last_seq BIGINT NOT NULL,
    UNIQUE (agent_id, ticket_id))
quick_note (id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, text TEXT NOT NULL, created_at BIGINT NOT NULL,
    ticket_id TEXT, client_key TEXT)
held_message (id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, ticket_id TEXT, kind TEXT NOT NULL, body_text TEXT NOT NULL,
    composed_at BIGINT NOT NULL, reason TEXT NOT NULL, client_key TEXT)
spot_check (id TEXT PRIMARY KEY, by_agent_id TEXT, at BIGINT NOT NULL, as_of BIGINT NOT NULL, awaiting BIGINT NOT NULL,
    new BIGINT NOT NULL, too_long BIGINT NOT NULL, oldest_ticket_id TEXT, client_key TEXT)
page_secret (secret_hash {bytes} PRIMARY KEY, ticket_id TEXT NOT NULL, created_at BIGINT NOT NULL)
blob (id TEXT PRIMARY KEY, sha256 {bytes} NOT NULL, type TEXT NOT NULL, size BIGINT NOT NULL,
    created_at BIGINT NOT NULL)
blob_chunk (blob_id TEXT NOT NULL, position BIGINT NOT NULL, data {bytes} NOT NULL, PRIMARY KEY (blob_id, position))
blob_claim (blob_id TEXT NOT NULL, account BIGINT NOT NULL, agent_id TEXT NOT NULL, at BIGINT NOT NULL,
    PRIMARY KEY (blob_id, account, agent_id))
blob_use (blob_id TEXT NOT NULL, message_id TEXT NOT NULL, PRIMARY KEY (blob_id, message_id))
"""

_INDEXES: Final = (
    "CREATE UNIQUE INDEX object_state_changed ON object_state (account, type, changed)",
    "CREATE INDEX category_grant_category ON category_grant (category_id)",
    "CREATE INDEX token_agent ON token (agent_id)",
    "CREATE INDEX ticket_category_created ON ticket (category_id, created_at, id)",
    "CREATE INDEX ticket_category_updated ON ticket (category_id, updated_at, id)",
    "CREATE INDEX ticket_requester ON ticket (requester_id)",
    "CREATE INDEX ticket_assignee ON ticket (assignee_id) WHERE assignee_id IS NOT NULL",
    "CREATE INDEX arrival_ticket ON arrival (ticket_id)",
    "CREATE INDEX arrival_at ON arrival (at)",
    "CREATE INDEX blob_claim_at ON blob_claim (at)",
    "CREATE INDEX receipt_refused ON receipt (at) WHERE object_id IS NULL",
)


def first_tables(database: Database) -> None:
    """Everything that the first version stores."""
    words = (
        {"bytes": "BYTEA", "serial": "BIGSERIAL PRIMARY KEY", "keyed": ""}
        if database.is_postgres
        else {"bytes": "BLOB", "serial": "INTEGER PRIMARY KEY AUTOINCREMENT", "keyed": " WITHOUT ROWID"}
    )
    for table in _statements(_TABLES):
        database.execute("CREATE TABLE " + table.format(**words))
    for index in _INDEXES:
        database.execute(index)
    if database.is_postgres:
        database.execute("CREATE SEQUENCE ticket_number START 1")
    else:
        database.execute("CREATE TABLE ticket_number (value BIGINT NOT NULL)")
        database.execute("INSERT INTO ticket_number (value) VALUES (0)")


_AUDIT: Final = """
audit_entry (id BIGINT PRIMARY KEY, at BIGINT NOT NULL, actor_id TEXT, actor_name TEXT NOT NULL, what TEXT NOT NULL,
    subject TEXT NOT NULL, detail TEXT NOT NULL, chain {bytes} NOT NULL)
audit_pruned (below BIGINT PRIMARY KEY, chain {bytes} NOT NULL)
"""
_KEPT_BY_SQLITE: Final = (
    "CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_entry_unreplaced BEFORE INSERT ON audit_entry "
    "WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_entry_undeleted BEFORE DELETE ON audit_entry "
    "WHEN OLD.id >= COALESCE((SELECT MAX(below) FROM audit_pruned), 0) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
)
_KEPT_BY_POSTGRES: Final = (
    "CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'DELETE' THEN "
    "IF OLD.id < COALESCE((SELECT MAX(below) FROM audit_pruned), 0) THEN RETURN OLD; END IF; END IF; "
    "RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON audit_entry "
    "FOR EACH ROW EXECUTE FUNCTION audit_entry_stays()",
    "CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON audit_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays()",
)


def audit_log(database: Database) -> None:
    """What was done by whom; the triggers let nobody change or delete it by accident."""
    for table in _statements(_AUDIT):
        database.execute("CREATE TABLE " + table.format(bytes="BYTEA" if database.is_postgres else "BLOB"))
    for trigger in _KEPT_BY_POSTGRES if database.is_postgres else _KEPT_BY_SQLITE:
        database.execute(trigger)
    database.execute("CREATE INDEX audit_entry_at ON audit_entry (at)")


def ended_sign_ins(database: Database) -> None:
    """Why a token holds no more, for whoever still has it."""
    octets = "BYTEA" if database.is_postgres else "BLOB"
    database.execute(
        f"CREATE TABLE ended_token (token_hash {octets} PRIMARY KEY, why TEXT NOT NULL, at BIGINT NOT NULL)"
    )
    database.execute("CREATE INDEX ended_token_at ON ended_token (at)")


def next_in_need(database: Database) -> None:
    """The unassigned tickets that await the team, most pressing first (PRODUCT D6)."""
    database.execute(
        "CREATE INDEX ticket_next ON ticket (priority, awaiting_since, id) "
        "WHERE awaiting = 'team' AND assignee_id IS NULL"
    )


def merged_tickets(database: Database) -> None:
    """What was merged into a ticket is found without looking at all."""
    database.execute("CREATE INDEX ticket_merged ON ticket (merged_into_id) WHERE merged_into_id IS NOT NULL")


_ALERTS: Final = """
alert_receipt (arrival_id TEXT NOT NULL, token_id TEXT NOT NULL, agent_id TEXT NOT NULL, device TEXT NOT NULL,
    offered BIGINT, shown BIGINT, rang BIGINT, seen BIGINT, at BIGINT NOT NULL, PRIMARY KEY (arrival_id, token_id))
alert_device (token_id TEXT PRIMARY KEY, agent_id TEXT NOT NULL, quiet_until BIGINT, follows TEXT, at BIGINT NOT NULL)
unreached_alert (id TEXT PRIMARY KEY, arrival_id TEXT NOT NULL UNIQUE, ticket_id TEXT NOT NULL,
    category_id TEXT NOT NULL, at BIGINT NOT NULL, reached_at BIGINT)
"""
_STAMPED: Final = """
INSERT INTO object_state (account, type, object_id, first, created, changed, destroyed, at)
SELECT a.number, ?, o.id, a.counter + n, a.counter + n, a.counter + n, ?, o.created_at
FROM account a, (SELECT id, created_at, ROW_NUMBER() OVER (ORDER BY id) AS n FROM {0}) o WHERE a.kind = 'oversight'
"""
_COUNTED: Final = "UPDATE account SET counter = counter + (SELECT COUNT(*) FROM {0}) WHERE kind = 'oversight'"


def people_for_owners(database: Database) -> None:
    """Agents and categories stand in the owners' account too; what became of alerts (PRODUCT A9, B4)."""
    for type_name, table in (("AgentAccess", "agent"), ("Category", "category")):
        database.execute(_STAMPED.format(table), (type_name, False))
        database.execute(_COUNTED.format(table))
    for table in _statements(_ALERTS):
        database.execute("CREATE TABLE " + table)
    database.execute("CREATE INDEX alert_receipt_at ON alert_receipt (at)")
    database.execute("CREATE INDEX unreached_alert_open ON unreached_alert (at) WHERE reached_at IS NULL")


def forms_sent(database: Database) -> None:
    """How many forms an address sent in the last hour, for processes that share the count."""
    database.execute("CREATE TABLE form_send (key TEXT NOT NULL, at BIGINT NOT NULL)")
    database.execute("CREATE INDEX form_send_key ON form_send (key, at)")


def accounts_found(database: Database) -> None:
    """Whose account is which, by index: it is asked at every call."""
    database.execute("CREATE UNIQUE INDEX account_agent ON account (agent_id) WHERE agent_id IS NOT NULL")
    database.execute("CREATE UNIQUE INDEX account_category ON account (category_id) WHERE category_id IS NOT NULL")
    database.execute("CREATE INDEX account_shared ON account (kind) WHERE agent_id IS NULL")


def held_files(database: Database) -> None:
    """What could not be posted is held with its files."""
    database.execute("ALTER TABLE held_message ADD COLUMN attachments TEXT NOT NULL DEFAULT '[]'")


def next_in_line(database: Database) -> None:
    """Grants of the second line; who is next where an alert reached nobody (PRODUCT A9)."""
    database.execute("ALTER TABLE category_grant ADD COLUMN second_line BOOLEAN NOT NULL DEFAULT FALSE")
    database.execute("ALTER TABLE unreached_alert ADD COLUMN next_ids TEXT NOT NULL DEFAULT '[]'")
    database.execute("ALTER TABLE unreached_alert ADD COLUMN noted_at BIGINT")
    database.execute("CREATE INDEX unreached_alert_ticket ON unreached_alert (ticket_id)")


def followed_tickets(database: Database) -> None:
    """What follows a ticket is found without looking at all: it travels again when that one moves."""
    database.execute("CREATE INDEX ticket_follow_up ON ticket (follow_up_of) WHERE follow_up_of IS NOT NULL")


STEPS: Final[tuple[Step, ...]] = (
    first_tables, audit_log, ended_sign_ins, people_for_owners, next_in_need, merged_tickets, forms_sent,
    accounts_found, mail_taken_in,
    asked_by_form, likeness_index, linked_tickets, faq_entries, mail_sent_out,
    answers_expected, incidents_and_surges, words_by_time, held_files,
    next_in_line, followed_tickets,
)  # fmt: skip


def migrate(database: Database, steps: Sequence[Step] = STEPS) -> int:
    """Bring the schema up to date; its version. Raises Incompatible, and changes nothing, if it is from the future."""

    def work() -> int:
        if database.is_postgres:
            database.select("SELECT pg_advisory_xact_lock(7237001)")
        database.execute("CREATE TABLE IF NOT EXISTS schema_step (number BIGINT PRIMARY KEY)")
        done = int(database.select("SELECT COALESCE(MAX(number), 0) FROM schema_step")[0][0])
        if done > len(steps):
            raise Incompatible(
                f"This database was written by a newer deskbell-server (schema {done}, this one knows {len(steps)}). "
                "Install the newer version; nothing was changed."
            )
        for number, step in enumerate(steps[done:], start=done + 1):
            step(database)
            database.execute("INSERT INTO schema_step (number) VALUES (?)", (number,))
        return len(steps)

    return database.write(work)


def _statements(text: str) -> list[str]:
    """A statement begins at each line that is not indented."""
    found: list[str] = []
    for line in text.strip().splitlines():
        if line.startswith(" "):
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found
