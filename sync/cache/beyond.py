"""A server that was set back to an older backup: what of the author's words it has lost is not lost here.

Its accounts come back under other ids. The rows of the old ones stay until the new copy is whole; what the copy did
not show of the author's own words goes to Undelivered, since a reply may have been mailed before. A quick note, which
goes to nobody, is sent again, and one that was attached is attached again. Words on a ticket that has left this
person's sight meanwhile may be at the server or not, which nobody can see from here: they wait too, and go where their
row turns up.
"""

from typing import Final

from sync.cache import wire
from sync.cache.attached import quick_note_of
from sync.cache.outbox import Outbox
from sync.cache.shown import State, me
from sync.cache.store import Store
from sync.cache.undelivered import Undelivered
from sync.connectors.port import Account
from sync.domain.actions import AttachQuickNote, PostMessage, SaveQuickNote
from sync.domain.records import MessageKind

REASON: Final = "restored"
UNSEEN: Final = "restoredUnseen"
_HERE: Final = "SELECT 1 FROM ticket WHERE id = ? AND (account <> ? OR seen = ?)"
_UNSEEN: Final = (
    "SELECT id, client_key, ticket_id, kind, body_text, composed_at, attachments, seq FROM message WHERE account = ? "
    "AND seen <> ? AND state = 0 AND author_id = ? AND kind IN ('reply', 'note') AND client_key IS NOT NULL "
    "AND client_key NOT IN (SELECT client_key FROM outbox) ORDER BY composed_at"
)
_HELD: Final = (
    "SELECT NULL, client_key, coalesce(ticket_id, ''), kind, body_text, composed_at, attachments, 0 FROM held "
    "WHERE account = ? AND seen <> ? AND kind IN ('reply', 'note') AND client_key IS NOT NULL "
    "AND client_key NOT IN (SELECT client_key FROM outbox) AND client_key NOT IN (SELECT client_key FROM undelivered)"
)
_NOTES: Final = (
    "SELECT client_key, text, created_at, ticket_id FROM quick_note WHERE account = ? AND seen <> ? AND state = 0 "
    "AND client_key IS NOT NULL AND client_key NOT IN (SELECT client_key FROM outbox)"
)


def renamed(store: Store, account: Account, had: dict[str, int], now: set[str]) -> str | None:
    """The id under which this account was here before the server was set back; None: it is another one.

    From now on its rows are the new account's, and it is copied afresh.
    """
    if account.id in had:
        return None
    same = store.rows(
        "SELECT id FROM account WHERE kind = ? AND category_id IS ?", (account.kind.value, account.category_id)
    )
    old: str | None = next((one for (one,) in same if one not in now), None)
    if old is None:
        return None
    store.execute(
        "UPDATE account SET id = ?, cursor = NULL, complete = 0, restored = 1, copy = max(copy, 1) WHERE id = ?",
        (account.id, old),
    )
    store.execute("UPDATE unrung SET account_id = ? WHERE account_id = ?", (account.id, old))
    store.execute(  # what the server said to have: asked anew, the keys keep it from being doubled
        "UPDATE outbox SET state = ?, sent_id = NULL WHERE state = ?", (State.WAITING, State.SENT)
    )
    return old


class Beyond:
    """All calls inside the caller's transaction."""

    def __init__(self, store: Store, outbox: Outbox, undelivered: Undelivered) -> None:
        self._store = store
        self._outbox = outbox
        self._undelivered = undelivered

    def keep(self, account: int, seen: int, now_ms: int) -> tuple[set[str], int]:
        """Before the sweep that ends a copy: the tickets concerned, and how many words wait for a decision now."""
        if not self._store.value("SELECT restored FROM account WHERE key = ?", (account,)):
            return set(), 0
        self._store.execute("UPDATE account SET restored = 0 WHERE key = ?", (account,))
        unseen = self._store.rows(_UNSEEN, (account, seen, me(self._store)))
        unseen += self._store.rows(_HELD, (account, seen))
        asked = 0
        for message_id, key, ticket_id, kind, text, composed_at, attachments, seq in unseen:
            why = self._why(ticket_id if seq else None, account, seen)
            note_id = quick_note_of(self._store, message_id) if why == REASON else None
            if note_id is not None:
                self._outbox.put(AttachQuickNote(key, note_id, ticket_id, text, composed_at), now_ms)
                continue
            files = wire.attachments_of(attachments)
            action = PostMessage(key, ticket_id, MessageKind(kind), text, composed_at, files, seq)
            self._undelivered.add(action, why, None, now_ms)
            asked += 1
        for key, text, created_at, ticket_id in self._store.rows(_NOTES, (account, seen)):
            self._store.execute("DELETE FROM quick_note WHERE client_key = ?", (key,))
            if ticket_id is None:
                self._outbox.put(SaveQuickNote(key, text, created_at), now_ms)
        return {one[2] for one in unseen if one[2]}, asked

    def _why(self, ticket_id: str | None, account: int, seen: int) -> str:
        """`ticket_id`: of a message; None: of what the server held, which is nowhere else."""
        if ticket_id is None or self._store.one(_HERE, (ticket_id, account, seen)) is not None:
            return REASON
        return UNSEEN
