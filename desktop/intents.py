"""What a person may want, one short method each; every one writes the outbox only, off the UI thread."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from desktop.editing import Editing
from desktop.saving import Files
from sync.cache.changes import Changes
from sync.domain import ids as kinds
from sync.domain.actions import (
    LINK_PREFIX,
    TAG_PREFIX,
    AttachQuickNote,
    CreateTicket,
    DiscardQuickNote,
    MarkRead,
    MergeTicket,
    PostMessage,
    RecordSpotCheck,
    SaveQuickNote,
)
from sync.domain.choices import Choice
from sync.domain.errors import Rejected
from sync.domain.records import Attachment, MessageKind, Priority, Status


class Intents(Editing):
    """Turns wishes into actions of the outbox and nudges the engine."""

    def reply(
        self,
        ticket_id: str,
        text: str,
        base_seq: int,
        then_status: Status | None = None,
        base_status: Status | None = None,
        attachments: tuple[Attachment, ...] = (),
        files: Files | None = None,
        hold_ms: int = 0,
        ends: str = MessageKind.REPLY.value,
    ) -> str:
        """To the requester. `base_seq` is the last message that the person had before them; it goes after `hold_ms`
        and can be taken back until then. `ends`: the mode in whose draft it was written. Gives the client key."""
        key, kind, now = self._ids.client_key(), MessageKind.REPLY, self._clock.now_ms()
        base = base_status if then_status is not None else None
        post = PostMessage(key, ticket_id, kind, text, now, attachments, base_seq, then_status, base)
        self._put(post, text, files, (ticket_id, ends), hold_ms)
        return key

    def note(
        self,
        ticket_id: str,
        text: str,
        base_seq: int = 0,
        attachments: tuple[Attachment, ...] = (),
        files: Files | None = None,
        ends: str = MessageKind.NOTE.value,
    ) -> str:
        """For colleagues only. `ends`: the mode in whose draft it was written."""
        key = self._ids.client_key()
        now = self._clock.now_ms()
        post = PostMessage(key, ticket_id, MessageKind.NOTE, text, now, attachments, base_seq)
        self._put(post, text, files, (ticket_id, ends))
        return key

    def create_ticket(
        self,
        category_id: str,
        subject: str,
        text: str,
        requester: tuple[str, str | None, str | None],
        priority: Priority = Priority.NORMAL,
        tags: frozenset[str] = frozenset(),
        attachments: tuple[Attachment, ...] = (),
        files: Files | None = None,
        ends_draft: tuple[str, str] | None = None,
    ) -> str:
        """A ticket taken down for `requester` (name, e-mail, telephone). Gives its local id."""
        ticket_id, now = self._ids.new(kinds.TICKET), self._clock.now_ms()
        name, email, phone = requester
        action = CreateTicket(
            self._ids.client_key(),
            ticket_id,
            category_id,
            subject,
            text,
            now,
            name,
            email,
            phone,
            priority,
            tags=tags,
            attachments=attachments,
        )
        self._put(action, f"{subject}\n\n{text}", files, ends_draft)
        return ticket_id

    def set_status(self, ticket_id: str, status: Status) -> None:
        self.edit(ticket_id, {"status": status.value})

    def assign(self, ticket_id: str, agent_id: str | None) -> None:
        """To a colleague, to oneself, or to nobody."""
        self.edit(ticket_id, {"assigneeId": agent_id})

    def move(self, ticket_id: str, category_id: str) -> None:
        self.edit(ticket_id, {"categoryId": category_id})

    def set_priority(self, ticket_id: str, priority: Priority) -> None:
        self.edit(ticket_id, {"priority": priority.value})

    def add_tag(self, ticket_id: str, tag: str) -> None:
        self.edit(ticket_id, {TAG_PREFIX + tag: True})

    def remove_tag(self, ticket_id: str, tag: str) -> None:
        self.edit(ticket_id, {TAG_PREFIX + tag: None})

    def link(self, ticket_id: str, other_id: str, linked: bool = True) -> None:
        """The two belong together, or not; both say so once the server has heard of it."""
        self.edit(ticket_id, {LINK_PREFIX + other_id: True if linked else None})

    def merge(self, ticket_id: str, into_id: str) -> str:
        """The first goes on in the second. Gives the client key."""
        key = self._ids.client_key()
        self._put(MergeTicket(key, ticket_id, into_id, self._clock.now_ms()), "")
        return key

    def adopt_draft(self, ticket_id: str, mode: str, into_id: str) -> None:
        """What was begun on a ticket that was merged goes on here. `saved` is sent with "adopted:TICKET"."""
        self._change(lambda: self._cache.adopt_draft(ticket_id, mode, into_id), f"adopted:{into_id}", "")

    def mark_read(self, ticket_id: str, last_seq: int) -> None:
        self._put(MarkRead(self._ids.client_key(), ticket_id, last_seq), "")

    def quick_note(self, text: str, ends_draft: tuple[str, str] | None = None) -> str:
        """Gives the client key, which names the note until the server has given it an id."""
        key = self._ids.client_key()
        self._put(SaveQuickNote(key, text, self._clock.now_ms()), text, None, ends_draft)
        return key

    def attach_note(self, note_id: str, ticket_id: str, text: str) -> None:
        self._put(AttachQuickNote(self._ids.client_key(), note_id, ticket_id, text, self._clock.now_ms()), text)

    def discard_note(self, note_id: str) -> None:
        self._put(DiscardQuickNote(self._ids.client_key(), note_id, self._clock.now_ms()), "")

    def record_check(self, as_of: int, awaiting: int, new: int, too_long: int, oldest: str | None) -> None:
        key, now = self._ids.client_key(), self._clock.now_ms()
        self._put(RecordSpotCheck(key, now, as_of, awaiting, new, too_long, oldest), "")

    def save_draft(
        self, ticket_id: str, kind: MessageKind, text: str, attachments: tuple[Attachment, ...] = ()
    ) -> None:
        """`saved` is sent with "draft:TICKET:KIND" once it is safe."""
        name = f"draft:{ticket_id}:{kind.value}"
        self._change(lambda: self._cache.save_draft(ticket_id, kind, text, attachments), name, text)

    def drop_draft(self, ticket_id: str, kind: MessageKind) -> None:
        self._change(lambda: self._cache.drop_draft(ticket_id, kind), "", "")

    def resolve(self, client_key: str, choice: Choice, category_id: str | None = None) -> None:
        """What was decided about an item of Undelivered."""
        self._change(lambda: self._cache.resolve(client_key, choice, category_id=category_id), client_key, "")

    def resolve_all(self, client_keys: Sequence[str], choice: Choice) -> None:
        """The same for many; those for which it is not offered any more stay where they are."""

        def work() -> Changes:
            changes = Changes()
            for key in client_keys:
                with suppress(Rejected):
                    changes |= self._cache.resolve(key, choice)
            return changes

        self._change(work, "", "")

    def send_now(self, client_key: str) -> None:
        """A reply that is held need not wait any longer."""
        self._change(lambda: self._cache.send_now(client_key), "", "")

    def take_back(self, client_key: str) -> None:
        """What was discarded, back to Undelivered; a reply that was not sent yet, back into its draft."""
        self._change(lambda: self._cache.take_back(client_key), client_key, "")

    def take_back_all(self, client_keys: Sequence[str]) -> None:
        """What was discarded at once, back at once."""

        def work() -> Changes:
            changes = Changes()
            for key in client_keys:
                with suppress(Rejected):
                    changes |= self._cache.take_back(key)
            return changes

        self._change(work, "", "")

    def looked(self, keys: Iterable[int]) -> None:
        """At the tickets of these row keys: they do not count as new any more."""
        seen = tuple(keys)
        self._change(lambda: self._cache.looked(seen), "", "")
