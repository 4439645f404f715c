"""How far its reader has read each ticket: as the server has it, and what is still to be sent."""

from typing import Final

from sync.cache.store import Store
from sync.cache.work import Work
from sync.domain.protocol import READ_MARK

_WAITING: Final = (
    "(SELECT max(json_extract(action, '$.last_seq')) FROM outbox WHERE kind = 'MarkRead' AND ticket_id = {ticket})"
)
_TAKE: Final = (
    "INSERT INTO read_mark VALUES (?, ?, ?, ?, ?) ON CONFLICT (ticket_id) DO UPDATE SET id = excluded.id, "
    "account = excluded.account, last_seq = max(excluded.last_seq, coalesce({known}, 0)), seen = excluded.seen"
)
# What was read here a moment ago may be ahead of a change; a copy is the server's word, which may have been set back.
_CHANGED: Final = _TAKE.format(known="last_seq")
_COPIED: Final = _TAKE.format(known=_WAITING.format(ticket="excluded.ticket_id"))
_LACKING: Final = f"UPDATE read_mark SET id = NULL, last_seq = {_WAITING.format(ticket='read_mark.ticket_id')}"


def take_read_marks(store: Store, work: Work) -> None:
    """The rows of a page. Inside the caller's transaction."""
    rows = work.page.rows.get(READ_MARK, ())
    store.many(
        _COPIED if work.copying else _CHANGED,
        ((row["ticketId"], row["id"], work.account, row["lastSeq"], work.seen) for row in rows),
    )
    work.tickets.update(row["ticketId"] for row in rows)


def still_to_send(store: Store, account: int, seen: int) -> None:
    """After the sweep of a copy that lacked these marks: of each stays what waits in the outbox."""
    store.execute(f"{_LACKING} WHERE account = ? AND seen <> ?", (account, seen))
