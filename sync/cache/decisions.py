"""What a person decides about what they wrote: to send it now or again, to take it back, to discard it."""

from dataclasses import replace

from sync.cache import action_text
from sync.cache.changes import Changes
from sync.cache.desk import Desk
from sync.cache.hold import release
from sync.cache.strays import REASON, stray
from sync.cache.undecided import undelivered_row
from sync.cache.undelivered import again, as_note, with_text
from sync.cache.words import draft_slot, words_slot
from sync.domain.actions import Action, CreateTicket, PostMessage
from sync.domain.choices import Choice
from sync.domain.errors import Rejected
from sync.domain.ids import TICKET
from sync.domain.records import MessageKind


class Decisions(Desk):
    """Each answer keeps the words: in the outbox, in a draft, or under "Discarded" for 30 days."""

    def resolve(
        self, client_key: str, choice: Choice, *, text: str | None = None, category_id: str | None = None
    ) -> Changes:
        """What the person decided about an item of Undelivered, in one transaction; `text` goes in place of theirs.

        EDIT without a text makes a draft of the words, on the ticket that they are about now. OPEN_TICKET changes
        nothing. Raises Rejected where the choice is not offered (any more); the item stays.
        """
        if choice is Choice.DISCARD:
            return self.discard(client_key)
        with self._lock:
            row = undelivered_row(self._store, client_key)
            if row is None or choice is Choice.OPEN_TICKET:
                return Changes()
            if choice not in row.choices:
                raise Rejected("This cannot be done with it any more. Look at it again, then decide.", "choice")
            if choice is Choice.EDIT and text is None:
                return self._as_draft(row.action, row.goal_id, client_key)
            action = row.action if text is None else with_text(row.action, text)
            if choice is Choice.AS_NOTE:
                action = as_note(action)
            if choice is Choice.FOLLOW_UP:
                return self._put(self._follow_up(action), {}, None, client_key)
            return self._again(action, client_key, row.goal_id, category_id)

    def apply_mine(self, client_key: str) -> Changes:
        """A change that lost against another is made again, on what the field is now."""
        return self.resolve(client_key, Choice.APPLY_MINE)

    def send_again(self, client_key: str, *, ticket_id: str | None = None, category_id: str | None = None) -> Changes:
        """Into the outbox again under a new key, on what is known now; to another ticket or category if given.

        Nothing happens where Undelivered holds no such key.
        """
        with self._lock:
            row = undelivered_row(self._store, client_key)
            return Changes() if row is None else self._again(row.action, client_key, ticket_id, category_id)

    def _again(self, action: Action, client_key: str, ticket_id: str | None, category_id: str | None) -> Changes:
        goal = ticket_id or action_text.ticket_of(action)
        confirmed = None if goal is None else self._parts.shown.confirmed(goal)
        fresh = again(
            action, self._ids.client_key(), confirmed or {}, self._parts.shown.last_seq(goal),
            ticket_id=ticket_id, category_id=category_id,
        )  # fmt: skip
        left = action_text.ticket_of(action)
        begun = stray(self._store, client_key)
        draft = None if begun is None else (begun[0].ticket_id, begun[0].kind.value)
        changes = self._put(fresh, {}, draft, client_key)
        if left is None or left == goal:
            return changes
        with self._writing():
            self._parts.shown.rebuild({left})
        return changes | Changes(tickets=frozenset({left}), messages_of=frozenset({left}))

    def _as_draft(self, action: Action, goal: str | None, client_key: str) -> Changes:
        left = action_text.ticket_of(action)
        if goal is None or left is None:
            return Changes()
        with self._writing():
            now = self._clock.now_ms()
            slots = self._parts.words.as_draft(action_text.with_ticket(action, left, goal), now)
            self._parts.undelivered.remove(client_key)
            self._parts.held.decided(client_key, now)
            self._parts.shown.rebuild({left})
        self._journal_now([*slots, words_slot(client_key)])
        touched = frozenset({left, goal})
        return Changes(tickets=touched, messages_of=touched, undelivered=True, outbox=True, counts=True)

    def _follow_up(self, action: Action) -> CreateTicket:
        """A reply that came too late for its ticket begins a new one, of the same requester."""
        ticket = self._parts.shown.column(action_text.ticket_of(action) or "")
        if ticket is None or not isinstance(action, PostMessage):
            raise Rejected("The ticket that this goes on with is not here any more.", "notFound")
        person = self._store.one("SELECT name FROM requester WHERE id = ? LIMIT 1", (ticket["requester_id"],))
        return CreateTicket(
            client_key=self._ids.client_key(),
            ticket_id=self._ids.new(TICKET),
            category_id=ticket["category_id"],
            subject=ticket["subject"],
            body_text=action.body_text,
            composed_at=action.composed_at,
            requester_name="?" if person is None else person[0],
            attachments=action.attachments,
            follow_up_of=ticket["id"],
            first_kind=MessageKind.REPLY,
        )

    def adopt_draft(self, ticket_id: str, mode: str, into_id: str) -> Changes:
        """The draft of a ticket that was merged becomes one of the ticket that it goes on in, before what is there."""
        with self._lock:
            with self._writing():
                slots = self._parts.words.move_draft(ticket_id, mode, into_id, self._clock.now_ms())
            self._journal_now(slots)
        return Changes(tickets=frozenset({ticket_id, into_id}))

    def discard(self, client_key: str) -> Changes:
        """Put aside what could not be delivered; taken back within 30 days, gone after."""
        with self._lock:
            with self._writing():
                now = self._clock.now_ms()
                slots = [words_slot(client_key)]
                held, begun = self._parts.held.get(client_key), stray(self._store, client_key)
                if held is not None:
                    self._parts.undelivered.add(*held, None, now)
                elif begun is not None:
                    client_key = self._ids.client_key()
                    slots = [words_slot(client_key), *self._drop_stray(begun[0], client_key, now)]
                self._parts.undelivered.discard(client_key, now)
                self._parts.held.decided(client_key, now)
                changes = self._decided(client_key)
            self._journal_now(slots)
        return changes | Changes(outbox=True)

    def _drop_stray(self, draft: PostMessage, client_key: str, now: int) -> list[str]:
        """A draft whose ticket is gone can be discarded like other words; the slots that changed."""
        self._parts.undelivered.add(replace(draft, client_key=client_key), REASON, None, now)
        self._parts.words.drop_draft(draft.ticket_id, draft.kind.value)
        return [draft_slot(draft.ticket_id, draft.kind.value)]

    def send_now(self, client_key: str) -> Changes:
        """A reply that is held need not wait any longer."""
        with self._writing():
            release(self._store, client_key)
            entry = self._parts.outbox.entry(client_key)
        touched = frozenset[str]() if entry is None else action_text.tickets_of(entry[0])
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
                    self._parts.outbox.remove(client_key)
                    touched = action_text.tickets_of(action)
                    self._parts.shown.rebuild(touched)
                changes = self._decided(client_key)
            self._journal_now(slots)
        return changes | Changes(tickets=touched, messages_of=touched, outbox=True, quick_notes=True)

    def _decided(self, client_key: str) -> Changes:
        action = self._parts.undelivered.get(client_key)
        touched = frozenset[str]() if action is None else action_text.tickets_of(action)
        self._parts.shown.rebuild(touched)
        return Changes(tickets=touched, messages_of=touched, undelivered=True, counts=True)
