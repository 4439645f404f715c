"""Undo send: a reply, or a merge wanted with it, waits some seconds before it goes, to be taken back (PRODUCT D2)."""

from typing import Final

from sync.cache.shown import State
from sync.cache.store import Store
from sync.domain.actions import Action, AttachQuickNote, MarkRead, MergeTicket, PostMessage
from sync.domain.records import MessageKind

HOLD_MAX_MS: Final = 30_000
# A time further ahead than anybody may choose was written before the clock was set back: it holds nothing.
HELD: Final = f"(hold_until IS NOT NULL AND hold_until > :now AND hold_until <= :now + {HOLD_MAX_MS})"


def hold_until(action: Action, hold_ms: int, now_ms: int) -> int | None:
    """When a reply or a merge may go, ms UTC; None, at once, for all else: only what the requester reads cannot be
    unsaid, and what was merged stays merged."""
    is_reply = isinstance(action, PostMessage) and action.kind is MessageKind.REPLY
    if hold_ms <= 0 or not (is_reply or isinstance(action, MergeTicket)):
        return None
    return now_ms + min(hold_ms, HOLD_MAX_MS)


def passes(action: Action) -> bool:
    """Whether this may go before a reply to the same ticket that is held: it changes nothing that the reply leans on
    or that the reply would change again."""
    note = isinstance(action, PostMessage) and action.kind is MessageKind.NOTE
    return note or isinstance(action, AttachQuickNote | MarkRead)


def next_release(store: Store, now_ms: int) -> int | None:
    """When the first of the held replies may go, ms UTC; None if none is held."""
    query = f"SELECT min(hold_until) FROM outbox WHERE state = {int(State.WAITING)} AND {HELD}"
    found: int | None = store.value(query, {"now": now_ms})
    return found


def release(store: Store, client_key: str) -> None:
    """That reply need not wait any longer."""
    store.execute("UPDATE outbox SET hold_until = NULL WHERE client_key = ?", (client_key,))
