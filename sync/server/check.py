"""Whether the database is sound: its file, and what must always be true of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from sync.server.audit import audit_faults
from sync.server.database import Database

_MOST: Final = 20

_TABLES: Final = {
    "Ticket": "ticket", "Message": "message", "Requester": "requester", "TicketArrival": "arrival",
    "Category": "category", "Agent": "agent", "CategoryGrant": "category_grant", "ReadMark": "read_mark",
    "QuickNote": "quick_note", "HeldMessage": "held_message", "SpotCheck": "spot_check",
    "FaqEntry": "faq_entry", "Closing": "closing", "AgentAccess": "agent", "UnreachedAlert": "unreached_alert",
    "Delivery": "delivery", "Incident": "incident", "IncidentNote": "incident_note", "Surge": "surge",
    "NextInLine": "unreached_alert",
}  # fmt: skip

_RULES: Final[tuple[tuple[str, str], ...]] = (
    (
        "account {0} counts {1} changes, but an object of it has the number {2}",
        "SELECT a.id, a.counter, MAX(s.changed) FROM account a JOIN object_state s ON s.account = a.number "
        "GROUP BY a.id, a.counter HAVING MAX(s.changed) > a.counter",
    ),
    (
        "ticket {0} does not stand in the account of its category",
        "SELECT t.id FROM ticket t LEFT JOIN account a ON a.category_id = t.category_id LEFT JOIN object_state s "
        "ON s.account = a.number AND s.type = 'Ticket' AND s.object_id = t.id AND NOT s.destroyed "
        "WHERE s.object_id IS NULL",
    ),
    (
        "ticket {0} stands in {1} accounts",
        "SELECT object_id, COUNT(*) FROM object_state WHERE type = 'Ticket' AND NOT destroyed "
        "GROUP BY object_id HAVING COUNT(*) > 1",
    ),
    (
        "the requester of ticket {0} does not stand in its account",
        "SELECT t.id FROM ticket t LEFT JOIN account a ON a.category_id = t.category_id LEFT JOIN object_state s "
        "ON s.account = a.number AND s.type = 'Requester' AND s.object_id = t.requester_id AND NOT s.destroyed "
        "WHERE t.requester_id IS NOT NULL AND s.object_id IS NULL",
    ),
    (
        "message {0} does not stand in the account of its ticket",
        "SELECT m.id FROM message m LEFT JOIN ticket t ON t.id = m.ticket_id LEFT JOIN account a "
        "ON a.category_id = t.category_id LEFT JOIN object_state s ON s.account = a.number AND s.type = 'Message' "
        "AND s.object_id = m.id AND NOT s.destroyed WHERE s.object_id IS NULL",
    ),
    (
        "message {0} stands in {1} accounts",
        "SELECT object_id, COUNT(*) FROM object_state WHERE type = 'Message' AND NOT destroyed "
        "GROUP BY object_id HAVING COUNT(*) > 1",
    ),
    (
        "ticket {0} says that its last message is {1}, the thread ends with {2}",
        "SELECT t.id, t.last_seq, COALESCE(MAX(m.seq), 0) FROM ticket t LEFT JOIN message m ON m.ticket_id = t.id "
        "GROUP BY t.id, t.last_seq HAVING t.last_seq <> COALESCE(MAX(m.seq), 0)",
    ),
    (
        "ticket {0} is {1}, but awaits {2}",
        "SELECT id, status, awaiting FROM ticket WHERE (status = 'closed') <> (awaiting IS NULL) "
        "OR (status = 'waiting' AND awaiting <> 'requester') OR (status IN ('new', 'open') AND awaiting <> 'team')",
    ),
    (
        "ticket {0} awaits {1}, since {2}",
        "SELECT id, awaiting, awaiting_since FROM ticket WHERE (awaiting IS NULL) <> (awaiting_since IS NULL)",
    ),
    (
        "ticket {0} was merged into {1}, which is not there",
        "SELECT t.id, t.merged_into_id FROM ticket t LEFT JOIN ticket m ON m.id = t.merged_into_id "
        "WHERE t.merged_into_id IS NOT NULL AND m.id IS NULL",
    ),
    (
        "ticket {0} was merged into {1}, but they stand in two categories",
        "SELECT t.id, t.merged_into_id FROM ticket t JOIN ticket m ON m.id = t.merged_into_id "
        "WHERE m.category_id <> t.category_id",
    ),
    (
        "ticket {0} was merged into {1}, but is {2}",
        "SELECT id, merged_into_id, status FROM ticket WHERE merged_into_id IS NOT NULL AND status <> 'closed'",
    ),
    (
        "ticket {0} was merged, by a detour, into itself",
        "WITH RECURSIVE up(start, id, step) AS (SELECT id, merged_into_id, 1 FROM ticket "
        "WHERE merged_into_id IS NOT NULL UNION ALL SELECT up.start, t.merged_into_id, up.step + 1 FROM up "
        "JOIN ticket t ON t.id = up.id WHERE t.merged_into_id IS NOT NULL AND up.id <> up.start AND up.step < 200) "
        "SELECT start FROM up WHERE id = start",
    ),
    (
        "ticket {0} belongs to a requester that is not there",
        "SELECT t.id FROM ticket t LEFT JOIN requester r ON r.id = t.requester_id "
        "WHERE t.requester_id IS NOT NULL AND r.id IS NULL",
    ),
    (
        "ticket {0} is assigned to somebody who is not there",
        "SELECT t.id FROM ticket t LEFT JOIN agent g ON g.id = t.assignee_id "
        "WHERE t.assignee_id IS NOT NULL AND g.id IS NULL",
    ),
    (
        "message {0} refers to the file {1}, which is not there",
        "SELECT u.message_id, u.blob_id FROM blob_use u LEFT JOIN blob b ON b.id = u.blob_id WHERE b.id IS NULL",
    ),
    (
        "message {0} has files that it does not refer to",
        "SELECT m.id FROM message m LEFT JOIN blob_use u ON u.message_id = m.id "
        "WHERE m.attachments <> '[]' AND u.blob_id IS NULL",
    ),
    *(
        (
            f"{kind} {{0}} stands in an account, but is not there",
            f"SELECT s.object_id FROM object_state s LEFT JOIN {table} o ON o.id = s.object_id "  # noqa: S608  # our names
            f"WHERE s.type = '{kind}' AND NOT s.destroyed AND o.id IS NULL",
        )
        for kind, table in _TABLES.items()
    ),
)


def faults(database: Database) -> list[str]:
    """A sentence for each fault, at most 20 of a kind; none: the database is sound."""
    return database.read(lambda: [one for found in _LOOKS for one in found(database)])


def _file(database: Database) -> Iterator[str]:
    if not database.is_postgres:
        for (finding,) in database.select("PRAGMA integrity_check"):
            if finding != "ok":
                yield f"the file is damaged: {finding}"


def _rows(database: Database) -> Iterator[str]:
    for sentence, sql in _RULES:
        for row in database.select(f"{sql} LIMIT {_MOST}"):
            yield sentence.format(*row)


def _numbers(database: Database) -> Iterator[str]:
    source = "last_value" if database.is_postgres else "value"
    (last,) = database.select(f"SELECT {source} FROM ticket_number")[0]  # noqa: S608  # a name of ours
    (highest,) = database.select("SELECT COALESCE(MAX(number), 0) FROM ticket")[0]
    if highest > last:
        yield f"a ticket has the number {highest}, the next would be {last + 1}"


def _blobs(database: Database) -> Iterator[str]:
    for blob_id, expected, size in database.select("SELECT id, sha256, size FROM blob"):
        digest, total, position = sha256(), 0, 0
        sql = "SELECT data FROM blob_chunk WHERE blob_id = ? AND position = ?"
        while found := database.select(sql, (blob_id, position)):
            digest.update(bytes(found[0][0]))
            total += len(found[0][0])
            position += 1
        if total != size or digest.digest() != bytes(expected):
            yield f"file {blob_id} is damaged: {total} of {size} bytes, or other ones than were stored"


_LOOKS: Final = (_file, _rows, _numbers, _blobs, audit_faults)
