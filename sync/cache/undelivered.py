"""Words that could not be delivered, and wait for their author's decision."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sync.cache import action_text
from sync.cache.store import Store
from sync.domain.actions import Action, CreateTicket, EditTicket, MergeTicket, PostMessage, member_of, words_of
from sync.domain.records import MessageKind, Status
from sync.domain.times import DAY_MS

KEPT_MS = 30 * DAY_MS


class Undelivered:
    """All calls inside the caller's transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, action: Action, reason: str, sentence: str | None, now_ms: int) -> None:
        """Keep an action that failed; those that hold neither words nor an edit are let go."""
        words = words_of(action)
        if words is None and not isinstance(action, EditTicket | MergeTicket):
            return
        change = "merge" if isinstance(action, MergeTicket) else "edit"
        kind, text = (change, "") if words is None else (words.kind, words.text)
        base = action.base_seq if isinstance(action, PostMessage) else 0
        self._store.execute(
            "INSERT OR REPLACE INTO undelivered VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            (
                action.client_key, action_text.ticket_of(action), kind, text, action_text.to_text(action), reason,
                sentence or sentence_of(reason), now_ms, base,
            ),
        )  # fmt: skip

    def get(self, client_key: str) -> Action | None:
        """The action as it was."""
        found = self._store.value("SELECT action FROM undelivered WHERE client_key = ?", (client_key,))
        return None if found is None else action_text.from_text(found)

    def waiting(self, client_key: str) -> Action | None:
        """The same, unless it was discarded."""
        found = self._store.value(
            "SELECT action FROM undelivered WHERE client_key = ? AND discarded_at IS NULL", (client_key,)
        )
        return None if found is None else action_text.from_text(found)

    def remove(self, client_key: str) -> None:
        """Its words are in the outbox again."""
        self._store.execute("DELETE FROM undelivered WHERE client_key = ?", (client_key,))

    def delivered(self, client_key: str) -> str | None:
        """The server has these words after all; the ticket to rebuild."""
        ticket: str | None = self._store.value("SELECT ticket_id FROM undelivered WHERE client_key = ?", (client_key,))
        self.remove(client_key)
        return ticket

    def discard(self, client_key: str, now_ms: int) -> None:
        """Put aside; taken back within 30 days, gone after."""
        self._store.execute("UPDATE undelivered SET discarded_at = ? WHERE client_key = ?", (now_ms, client_key))

    def take_back(self, client_key: str) -> bool:
        """Undo `discard`; False if there is nothing of that key."""
        changed: Any = self._store.execute(
            "UPDATE undelivered SET discarded_at = NULL WHERE client_key = ? AND discarded_at IS NOT NULL",
            (client_key,),
        ).rowcount
        return bool(changed)

    def expire(self, now_ms: int) -> list[str]:
        """Drop what was discarded 30 days ago; the keys."""
        old = self._store.rows("SELECT client_key FROM undelivered WHERE discarded_at < ?", (now_ms - KEPT_MS,))
        self._store.execute("DELETE FROM undelivered WHERE discarded_at < ?", (now_ms - KEPT_MS,))
        return [key for (key,) in old]


def again(
    action: Action,
    client_key: str,
    confirmed: Mapping[str, Any],
    last_seq: int,
    *,
    ticket_id: str | None = None,
    category_id: str | None = None,
) -> Action:
    """The same action under a new key, based on what is known now; to another ticket or category if one is given."""
    if isinstance(action, PostMessage):
        status = confirmed.get("status")
        base = None if action.then_status is None or status is None else Status(status)
        goal = ticket_id or action.ticket_id
        return replace(action, client_key=client_key, ticket_id=goal, base_seq=last_seq, base_status=base)
    if isinstance(action, CreateTicket):
        return replace(action, client_key=client_key, category_id=category_id or action.category_id)
    if isinstance(action, EditTicket):
        now = {name: _confirmed_field(confirmed, name) for name in action.wanted}
        return replace(action, client_key=client_key, base=now)
    changed = replace(action, client_key=client_key)
    old = action_text.ticket_of(action)
    return changed if ticket_id is None or old is None else action_text.with_ticket(changed, old, ticket_id)


def _confirmed_field(confirmed: Mapping[str, Any], name: str) -> Any:
    member = member_of(name)
    return confirmed.get(name) if member is None else (confirmed.get(member[0]) or {}).get(member[1])


def as_note(action: Action) -> Action:
    """A reply that goes to the colleagues instead: nobody else reads it, and it sets no status."""
    if not isinstance(action, PostMessage):
        return action
    return replace(action, kind=MessageKind.NOTE, then_status=None, base_status=None)


def with_text(action: Action, text: str) -> Action:
    """The same with other words."""
    return replace(action, body_text=text) if isinstance(action, PostMessage | CreateTicket) else action


def sentence_of(reason: str) -> str:
    """What to say of a reason of which the server said nothing."""
    known = {
        "overtaken": "A colleague's reply was sent first. Read it, then send yours, change it or drop it.",
        "closed": "The ticket was closed too long ago to be opened again. Copy your words into a new ticket.",
        "merged": "The ticket was merged into another. Look at that one, then send your words there.",
        "notFound": "The ticket is no longer there for you. Copy your words, or ask who has it now.",
        "accountNotFound": "You can no longer reach this ticket's category. Copy your words, or ask for access.",
        "ticketGone": "The ticket that you began this for is not there for you any more. Your words are kept here.",
        "stateMismatch": "Somebody changed the ticket first. Look at it, then decide again.",
        "restored": "The server was set back to an older backup, which does not hold this any more. Send it again; a "
        "reply may have gone by mail before.",
        "restoredUnseen": "The server was set back to an older backup, and this ticket is not there for you any more. "
        "Whether it still has your words cannot be seen from here, so they are kept.",
        "tooLarge": "The server does not take that much at once. Shorten it, then send again.",
    }
    return known.get(reason, "The server did not take this. Look at the ticket, then send again or drop it.")
