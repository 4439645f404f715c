"""What is written into the FAQ here: kept on each pause, saved at the server, never lost on the way (PRODUCT C2)."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.deeds import Deeds
from desktop.desk import Desk
from desktop.kept_words import KeptWords
from desktop.models.faq_drafts import NEW, FaqDraft, drafts_of, slot_of, text_of
from sync.connectors.faq_keeping import FaqKeeping
from sync.domain.errors import DeskbellError, Rejected
from sync.domain.faq import FaqWords, Status
from sync.domain.protocol import STATE_MISMATCH


class FaqDesk(QObject):
    """One entry at a time, by its id; what has none yet goes by `+` and its client key.

    listed(): the list is another. wanted(str): show that one. refreshed(): the words of the open one are other ones.
    said(str, str): a sentence, and its meaning as an ink of the theme.
    """

    listed = Signal()
    wanted = Signal(str)
    refreshed = Signal()
    said = Signal(str, str)

    def __init__(self, desk: Desk, deeds: Deeds[FaqKeeping]) -> None:
        super().__init__(deeds)
        self._desk = desk
        self._deeds = deeds
        self._kept: KeptWords | None = None
        self._coming: dict[str, str] = {}
        self._thrown: tuple[str, str] | None = None
        self._behind = False
        self.id = ""
        self.words = FaqWords()
        self.base: FaqWords | None = None

    def drafts(self) -> dict[str, FaqDraft]:
        """What is kept here only, by id."""
        return drafts_of(self._desk.reader.drafts())

    @property
    def is_new(self) -> bool:
        """Whether the open one has no entry yet."""
        return self.id.startswith(NEW)

    @property
    def is_changed(self) -> bool:
        """Whether the open one holds what the server does not."""
        return self.words != (self.base or FaqWords())

    def open(self, entry_id: str) -> bool:
        """Another one; False if it is not there (any more)."""
        self.flush()
        self._close()
        draft, entry = self.drafts().get(entry_id), self._desk.reader.faq_entry(entry_id)
        if draft is None and entry is None:
            return False
        self.id = entry_id
        here = FaqWords.of(entry) if entry is not None else None
        self.base = draft.base if draft is not None and draft.base is not None else here
        self.words = draft.words if draft is not None else here or FaqWords()
        self._kept = KeptWords(self._desk, slot_of(entry_id), self._text, self)
        self._kept.kept.connect(self.listed)
        self._kept.failed.connect(lambda sentence: self.said.emit(sentence, "overdue"))
        if draft is not None and here is not None and here != self.base:
            self.said.emit(self.tr("Somebody else changed this entry since you began. Yours is kept here."), "due")
        return True

    def write(self, words: FaqWords) -> None:
        """The person wrote."""
        self.words = replace(words, status=self.words.status)
        if self._kept is not None:
            self._kept.changed()

    def flush(self) -> None:
        """Keep what was written now."""
        if self._kept is not None:
            self._kept.flush()

    def begin(self, words: FaqWords) -> None:
        """A new one, kept here until it is saved."""
        entry_id = f"{NEW}{self._desk.ids.client_key()}"
        self._keep(entry_id, text_of(words, None), entry_id)

    def save(self, status: Status) -> None:
        """To the server, as a draft or for everybody."""
        if not self.id:
            return
        self.flush()
        words, entry_id = replace(self.words, status=status), self.id
        if not words.question.strip():
            self.said.emit(self.tr("Write the question first."), "needs")
        elif self.is_new:
            key = entry_id.removeprefix(NEW)
            self._deeds.ask(lambda server: server.add_entry(key, words), partial(self._added, entry_id), self._failed)
        elif self.base is not None:
            base = self.base
            change = partial(self._saved, entry_id, words)
            self._deeds.ask(lambda server: server.change_entry(entry_id, base, words), change, self._failed)

    def delete(self) -> None:
        """The open entry, at the server; what has none is thrown away here."""
        if self.is_new:
            self.throw_away()
            return
        entry_id = self.id

        def done(_nothing: None) -> None:
            self._keep(entry_id, "")
            self.said.emit(self.tr("The entry is deleted."), "sent")

        self._deeds.ask(lambda server: server.delete_entry(entry_id), done, self._failed)

    def throw_away(self) -> None:
        """What is kept here of the open one; `undo` brings it back."""
        if self._kept is None or not (self.is_changed or self.is_new):
            return
        self._kept.settled()
        self._thrown = (self.id, text_of(self.words, self.base))
        self.words = self.base or FaqWords()
        self._keep(self.id, "")
        self.said.emit(self.tr("Your words are gone from here. Ctrl+Z brings them back."), "us")
        self.refreshed.emit()

    def undo(self) -> bool:
        """What was thrown away last comes back."""
        if self._thrown is None:
            return False
        (entry_id, text), self._thrown = self._thrown, None
        if self.id == entry_id:
            self._close()
        self._keep(entry_id, text, entry_id)
        return True

    def reload(self) -> None:
        """The server's entries are other ones."""
        for entry_id, draft_id in list(self._coming.items()):
            self._arrived(entry_id, draft_id)
        self._catch_up()
        entry = self._desk.reader.faq_entry(self.id) if self.id and not self.is_new else None
        if entry is not None and not self.is_changed and FaqWords.of(entry) != self.base:
            self.base = self.words = FaqWords.of(entry)
            self.refreshed.emit()

    def _catch_up(self) -> None:
        """Somebody else was first: what they wrote, once it is here, is what the next saving changes."""
        entry = self._desk.reader.faq_entry(self.id) if self._behind else None
        if entry is not None and FaqWords.of(entry) != self.base:
            self.base, self._behind = FaqWords.of(entry), False
            self.words = replace(self.words, status=self.base.status)

    def _added(self, draft_id: str, entry_id: str) -> None:
        self._coming[entry_id] = draft_id
        self.said.emit(self.tr("Saved."), "sent")

    def _arrived(self, entry_id: str, draft_id: str) -> None:
        """The new entry is here: its draft ends, but for words that were written since it was sent."""
        entry, draft = self._desk.reader.faq_entry(entry_id), self.drafts().get(draft_id)
        if entry is None:
            return
        del self._coming[entry_id]
        here = FaqWords.of(entry)
        if draft is not None and replace(draft.words, status=here.status) != here:
            self._keep(entry_id, text_of(replace(draft.words, status=here.status), here))
        if self.id == draft_id and self._kept is not None:
            self._kept.settled()
            self._close()
            self._keep(draft_id, "", entry_id, self.tr("Saved."))
        else:
            self._keep(draft_id, "")

    def _saved(self, entry_id: str, words: FaqWords, _nothing: None) -> None:
        self.said.emit(self.tr("Saved."), "sent")
        if self.id == entry_id:
            written_since = replace(self.words, status=words.status) != words
            self.base = words
            self.words = replace(self.words, status=words.status)
            if self._kept is not None:
                self._kept.changed()
                if not written_since:
                    self._kept.flush()
            self.refreshed.emit()

    def _failed(self, error: DeskbellError) -> None:
        self.said.emit(str(error), "overdue" if isinstance(error, Rejected) else "offline")
        if isinstance(error, Rejected) and error.reason == STATE_MISMATCH:
            self._behind = True
            self._catch_up()

    def _text(self) -> str:
        """As it is kept; empty where there is nothing to keep."""
        return text_of(self.words, self.base) if self.is_changed else ""

    def _close(self) -> None:
        self._kept, self.id, self._behind = None, "", False

    def _keep(self, entry_id: str, text: str, then: str = "", say: str = "") -> None:
        place, mode = slot_of(entry_id)
        cache = self._desk.cache

        def done(_changes: object) -> None:
            self.listed.emit()
            if then:
                self.wanted.emit(then)
            if say:
                self.said.emit(say, "sent")

        self._desk.lanes.cache.run(lambda: cache.save_draft(place, mode, text), done, self._failed)
