"""What a person decides about what they wrote: to send it now or again, to take it back, to discard it."""

from sync.cache import action_text
from sync.cache.changes import Changes
from sync.cache.desk import Desk, tickets_of
from sync.cache.hold import release
from sync.cache.undelivered import again
from sync.cache.words import words_slot
from sync.domain.errors import Rejected


class Decisions(Desk):
    """Each answer keeps the words: in the outbox, in a draft, or under "Discarded" for 30 days."""

    def send_again(self, client_key: str, *, ticket_id: str | None = None, category_id: str | None = None) -> Changes:
        """Into the outbox again under a new key, on what is known now; to another ticket or category if given.

        Nothing happens where Undelivered holds no such key.
        """
        with self._lock:
            action = self._parts.undelivered.get(client_key)
            if action is None:
                return Changes()
            goal = ticket_id or action_text.ticket_of(action)
            confirmed = None if goal is None else self._parts.shown.confirmed(goal)
            fresh = again(
                action, self._ids.client_key(), confirmed or {}, self._parts.shown.last_seq(goal),
                ticket_id=ticket_id, category_id=category_id,
            )  # fmt: skip
            left = action_text.ticket_of(action)
            changes = self._put(fresh, {}, None, client_key)
            if left is not None and left != goal:
                with self._writing():
                    self._parts.shown.rebuild({left})
            return changes

    def discard(self, client_key: str) -> Changes:
        """Put aside what could not be delivered; taken back within 30 days, gone after."""
        with self._writing():
            self._parts.undelivered.discard(client_key, self._clock.now_ms())
            return self._decided(client_key)

    def send_now(self, client_key: str) -> Changes:
        """A reply that is held need not wait any longer."""
        with self._writing():
            release(self._store, client_key)
            entry = self._parts.outbox.entry(client_key)
        touched = frozenset[str]() if entry is None else tickets_of(entry[0])
        return Changes(messages_of=touched, outbox=True)

    def take_back(self, client_key: str) -> Changes:
        """Undo `discard`; or, for what has never been sent, take it out of the outbox into a draft.

        Raises Rejected where it is at the server, or on its way there.
        """
        with self._lock:
            with self._writing():
                back = self._parts.undelivered.take_back(client_key)
                slots = [words_slot(client_key)]
                touched: frozenset[str] = frozenset()
                if not back:
                    action = self._parts.outbox.unsent(client_key)
                    if action is None:
                        raise Rejected("This was on its way already, so it cannot be taken back.", "sent")
                    slots.extend(self._parts.words.as_draft(action, self._clock.now_ms()))
                    self._parts.outbox.take_out(action)
                    touched = tickets_of(action)
                    self._parts.shown.rebuild(touched)
                changes = self._decided(client_key)
            self._journal_now(slots)
        return changes | Changes(tickets=touched, messages_of=touched, outbox=True, quick_notes=True)

    def _decided(self, client_key: str) -> Changes:
        action = self._parts.undelivered.get(client_key)
        touched = frozenset[str]() if action is None else tickets_of(action)
        self._parts.shown.rebuild(touched)
        return Changes(tickets=touched, messages_of=touched, undelivered=True, counts=True)
