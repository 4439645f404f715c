"""The person's side of the cache: what they write."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sync.cache import action_text
from sync.cache.changes import Changes
from sync.cache.files import file_chunks
from sync.cache.hold import hold_until
from sync.cache.limits import check, check_size
from sync.cache.merges import check_merge, with_ends
from sync.cache.words import draft_slot, outbox_text, words_slot
from sync.cache.writer import Writer
from sync.domain.actions import Action, MarkRead, MergeTicket, RecordSpotCheck
from sync.domain.ids import BLOB
from sync.domain.records import Attachment


class Desk(Writer):
    """What a person saves is on the disk, twice, when the call returns; it leaves one place only for another."""

    def put(
        self,
        action: Action,
        attachments: Mapping[str, Path] | None = None,
        *,
        ends_draft: tuple[str, str] | None = None,
        hold_ms: int = 0,
    ) -> Changes:
        """Into the outbox; the draft `ends_draft` (ticket id, mode) leaves in the same transaction.

        `attachments`: files to copy now, by their local blob ids (or `attach` them before). A reply or a merge waits
        `hold_ms` (at most 30 s) before it is sent, and can be taken back until then.
        The same action put twice is there once.
        Raises Rejected (a limit, said in a sentence), StorageFull; nothing is saved then.
        """
        check(action)
        with self._lock:
            if self._parts.outbox.entry(action.client_key) is not None:
                return Changes()
            action = self._renamed(action)
            if isinstance(action, MergeTicket):
                check_merge(self._store, action)
            return self._put(action, attachments or {}, ends_draft, None, hold_ms)

    def _put(
        self, action: Action, files: Mapping[str, Path], ends_draft: tuple[str, str] | None, replaces: str | None,
        hold_ms: int = 0,
    ) -> Changes:  # fmt: skip
        now = self._clock.now_ms()
        hold = hold_until(action, hold_ms, now)
        for blob_id, path in files.items():
            self._files.keep(blob_id, file_chunks(path), now)
        self._files.to_upload(one.blob_id for one in action_text.attachments_in(action))
        slots = [words_slot(action.client_key)]
        if ends_draft is not None:
            slots.append(draft_slot(*ends_draft))
        if replaces is not None:
            slots.append(words_slot(replaces))
        if not isinstance(action, MarkRead | RecordSpotCheck):
            self._journal.write({**dict.fromkeys(slots), slots[0]: outbox_text(action, now, hold)})
        touched = action_text.tickets_of(action)
        try:
            self._store_action(action, now, ends_draft, replaces, hold)
        finally:
            self._journal_now(slots)
        return Changes(
            tickets=touched,
            messages_of=with_ends(self._store, touched),
            undelivered=replaces is not None,
            outbox=True,
            quick_notes=True,
            counts=True,
        )

    def _store_action(
        self, action: Action, now: int, ends_draft: tuple[str, str] | None, replaces: str | None, hold: int | None
    ) -> None:
        with self._writing():
            self._parts.outbox.put(action, now, hold)
            if ends_draft is not None:
                self._parts.words.drop_draft(*ends_draft)
            if replaces is not None:
                self._parts.undelivered.remove(replaces)
                self._parts.held.decided(replaces, now)
            self._parts.shown.rebuild(action_text.tickets_of(action))

    def _renamed(self, action: Action) -> Action:
        for ticket_id in action_text.tickets_of(action):
            action = action_text.with_ticket(action, ticket_id, self._given(ticket_id))
        return action

    def _given(self, ticket_id: str) -> str:
        found: str | None = self._store.value("SELECT ticket_id FROM alias WHERE local_id = ?", (ticket_id,))
        return found or ticket_id

    # drafts

    def save_draft(self, ticket_id: str, mode: str, text: str, attachments: tuple[Attachment, ...] = ()) -> Changes:
        """Keep a text begun; an empty one ends the draft. Raises StorageFull."""
        with self._lock:
            ticket_id = self._given(ticket_id)
            text = text.encode("utf-8", "replace").decode()
            if not text and not attachments:
                return self.drop_draft(ticket_id, mode)
            now = self._clock.now_ms()
            slot = draft_slot(ticket_id, mode)
            self._journal.write({slot: self._parts.words.draft_text(ticket_id, mode, text, attachments, now)})
            try:
                with self._writing():
                    self._parts.words.save_draft(ticket_id, mode, text, attachments, now)
            finally:
                self._journal_now([slot])
        return Changes(tickets=frozenset({ticket_id}))

    def drop_draft(self, ticket_id: str, mode: str) -> Changes:
        """End a draft."""
        with self._lock:
            ticket_id = self._given(ticket_id)
            with self._writing():
                self._parts.words.drop_draft(ticket_id, mode)
            self._journal_now([draft_slot(ticket_id, mode)])
        return Changes(tickets=frozenset({ticket_id}))

    # files

    def attach(self, path: Path, media_type: str, name: str | None = None) -> Attachment:
        """Copy a file now, so that it may change or vanish. Raises Rejected (too large), StorageFull, OSError."""
        check_size(path.stat().st_size, name or path.name)
        blob_id = self._ids.new(BLOB)
        with self._lock:
            size = self._files.keep(blob_id, file_chunks(path), self._clock.now_ms())
        return Attachment(blob_id, name or path.name, media_type, size)

    def attach_bytes(self, data: bytes, media_type: str, name: str) -> Attachment:
        """The same for what was pasted."""
        check_size(len(data), name)
        blob_id = self._ids.new(BLOB)
        with self._lock:
            size = self._files.keep(blob_id, (data,), self._clock.now_ms())
        return Attachment(blob_id, name, media_type, size)

    def blob(self, blob_id: str) -> Iterator[bytes] | None:
        """A file's bytes in chunks if it is here, attached or fetched."""
        with self._lock:
            return None if self._files.size(blob_id) is None else self._files.chunks(blob_id)

    # what was seen

    def looked(self, keys: Iterable[int]) -> Changes:
        """I looked at the tickets of these row keys: they are not new any more. Writes nothing if none was."""
        with self._lock:
            news: dict[int, str] = dict(
                self._store.rows("SELECT t.key, t.id FROM new_ticket w JOIN ticket t ON t.id = w.ticket_id")
            )
            found = [(news[key],) for key in keys if key in news]
            if not found:
                return Changes()
            with self._writing():
                self._store.many("DELETE FROM new_ticket WHERE ticket_id = ?", found)
        return Changes(tickets=frozenset(one for (one,) in found), counts=True)
