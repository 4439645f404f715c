"""Drafts whose ticket has left this workstation: nobody would come upon them, so they wait in Undelivered."""

from collections.abc import Sequence
from typing import Final

from sync.cache import wire
from sync.cache.store import Record, Store
from sync.domain.actions import PostMessage
from sync.domain.records import MessageKind

REASON: Final = "ticketGone"
# Only once every account was copied whole is it known that the ticket is not here.
STRAY: Final = (
    "d.mode IN ('reply', 'note') AND NOT EXISTS (SELECT 1 FROM ticket t WHERE t.id = d.ticket_id) "
    "AND EXISTS (SELECT 1 FROM account) AND NOT EXISTS (SELECT 1 FROM account WHERE complete = 0)"
)
_ROWS: Final = f"SELECT d.ticket_id, d.mode, d.text, d.attachments, d.at FROM draft d WHERE {STRAY}"
_PREFIX: Final = "draft:"


def strays(store: Store) -> list[tuple[PostMessage, int]]:
    """Each as the message that it would have become, under a key that is none of the server's, and when it was kept."""
    return [_message(row) for row in store.rows(_ROWS)]


def stray(store: Store, key: str) -> tuple[PostMessage, int] | None:
    """The one of that key."""
    if not key.startswith(_PREFIX):
        return None
    ticket_id, _, mode = key.removeprefix(_PREFIX).rpartition(":")
    row = store.one(f"{_ROWS} AND d.ticket_id = ? AND d.mode = ?", (ticket_id, mode))
    return None if row is None else _message(row)


def _message(row: Record | Sequence[object]) -> tuple[PostMessage, int]:
    ticket_id, mode, text, files, at = row
    kind, attachments = MessageKind(str(mode)), wire.attachments_of(None if files is None else str(files))
    written = int(str(at))
    key = f"{_PREFIX}{ticket_id}:{mode}"
    return PostMessage(key, str(ticket_id), kind, str(text), written, attachments), written
