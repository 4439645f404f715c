"""The person's own, as screens read it: outbox, Undelivered, quick notes, drafts, spot-checks."""

from collections.abc import Mapping
from pathlib import Path

from sync.cache import action_text, wire
from sync.cache.merges import merged_into
from sync.cache.rows import DraftRow, MessageState, OutboxRow, QuickNoteRow, UndeliveredGroup, UndeliveredRow
from sync.cache.shown import State
from sync.cache.store import Record, Store
from sync.cache.undecided import MANY, groups, undelivered_rows
from sync.domain.records import SpotCheck

_READER_KIB = 16 * 1024
STATES: Mapping[int, MessageState] = {
    State.CONFIRMED: MessageState.SENT,
    State.WAITING: MessageState.SAVED_HERE,
    State.SENDING: MessageState.SENDING,
    State.SENT: MessageState.SENT,
    State.NEEDS_YOU: MessageState.NEEDS_YOU,
}


class OwnReader:
    """A read-only connection, and what on it belongs to the person."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        """`path` of the cache's file. Raises Corrupt."""
        self._store = Store(path, key, _READER_KIB, read_only=True)

    def close(self) -> None:
        """End the connection."""
        self._store.close()

    def interrupt(self) -> None:
        """Stop the query that another thread runs on this reader; it raises Interrupted there."""
        self._store.interrupt()

    def outbox(self) -> list[OutboxRow]:
        """What waits to be confirmed, the oldest first; read marks are left out."""
        rows = self._store.rows(
            "SELECT o.client_key, o.ticket_id, t.number, t.subject, o.action, o.at, o.attempts, o.state, "
            "o.hold_until FROM outbox o "
            "LEFT JOIN ticket t ON t.id = o.ticket_id "
            "WHERE o.state <> 3 AND o.kind NOT IN ('MarkRead', 'DiscardHeld') ORDER BY o.key"
        )
        return [
            OutboxRow(*(*row[:4], action_text.from_text(row[4]), *row[5:7], STATES[row[7]], row[8])) for row in rows
        ]

    def undelivered(self) -> list[UndeliveredRow]:
        """What waits for a decision, the newest first."""
        return undelivered_rows(self._store, discarded=False)

    def discarded(self) -> list[UndeliveredRow]:
        """What was discarded in the last 30 days."""
        return undelivered_rows(self._store, discarded=True)

    def undelivered_summary(self, more_than: int = MANY) -> list[UndeliveredGroup]:
        """What came at once and is more than so many items: to be told as one, the newest first."""
        return groups(self.undelivered(), more_than)

    def quick_notes(self) -> list[QuickNoteRow]:
        """Those that belong to no ticket, the newest first."""
        rows = self._store.rows(
            "SELECT id, text, created_at, state FROM quick_note q WHERE q.ticket_id IS NULL AND q.id NOT IN "
            "(SELECT json_extract(action, '$.note_id') FROM outbox WHERE kind IN ('AttachQuickNote', "
            "'DiscardQuickNote')) ORDER BY created_at DESC, id DESC"
        )
        return [QuickNoteRow(row[0], row[1], row[2], STATES[row[3]]) for row in rows]

    def drafts(self) -> list[DraftRow]:
        """All drafts, the newest first."""
        rows = self._store.rows("SELECT ticket_id, mode, text, attachments, at FROM draft ORDER BY at DESC")
        return [_draft(row) for row in rows]

    def draft(self, ticket_id: str, mode: str) -> DraftRow | None:
        """A text begun for a ticket."""
        given = self._store.value("SELECT ticket_id FROM alias WHERE local_id = ?", (ticket_id,)) or ticket_id
        found = self._store.one(
            "SELECT ticket_id, mode, text, attachments, at FROM draft WHERE ticket_id = ? AND mode = ?", (given, mode)
        )
        return None if found is None else _draft(found)

    def offered_drafts(self, ticket_id: str) -> list[DraftRow]:
        """Texts begun for tickets that were merged into this one, the newest first; `Cache.adopt_draft` takes one."""
        found = [row for one in merged_into(self._store, ticket_id) for row in self._drafts_of(one)]
        return sorted(found, key=lambda row: row.at, reverse=True)

    def _drafts_of(self, ticket_id: str) -> list[DraftRow]:
        rows = self._store.rows(
            "SELECT ticket_id, mode, text, attachments, at FROM draft WHERE ticket_id = ?", (ticket_id,)
        )
        return [_draft(row) for row in rows]

    def spot_checks(self, since_ms: int) -> list[SpotCheck]:
        """The runs since then, the newest first."""
        rows = self._store.rows(
            "SELECT id, by_agent_id, at, as_of, awaiting, new, too_long, oldest_ticket_id, client_key FROM spot_check "
            "WHERE at >= ? ORDER BY at DESC",
            (since_ms,),
        )
        return [SpotCheck(*row) for row in rows]


def _draft(row: Record) -> DraftRow:
    return DraftRow(row[0], row[1], row[2], wire.attachments_of(row[3]), row[4])
