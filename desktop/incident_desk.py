"""What is written about incidents here: kept on each pause, saved at the server, never lost on the way (PRODUCT C2)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.deeds import Deeds
from desktop.desk import Desk
from desktop.kept_words import KeptWords
from desktop.models.incident_words import NEW, IncidentDraft, drafts_of, note_slot, slot_of, text_of
from sync.connectors.incident_keeping import IncidentKeeping
from sync.domain.errors import DeskbellError, Rejected
from sync.domain.incidents import Incident, touched, upon, with_those
from sync.domain.protocol import STATE_MISMATCH


class IncidentDesk(QObject):
    """One incident at a time, by its id; what has none yet goes by `+` and its client key.

    listed(): the list is another. wanted(str): show that one. said(str, str): a sentence, and its meaning as an ink.
    opened(str, tuple): a new one is at the server, by this id, and these tickets belong to it.
    """

    listed = Signal()
    wanted = Signal(str)
    said = Signal(str, str)
    opened = Signal(str, tuple)

    def __init__(self, desk: Desk, deeds: Deeds[IncidentKeeping]) -> None:
        super().__init__(deeds)
        self._desk = desk
        self._deeds = deeds
        self._kept: KeptWords | None = None
        self._note_kept: KeptWords | None = None
        self._fresh: dict[str, IncidentDraft] = {}
        self._thrown: tuple[str, IncidentDraft] | None = None
        self._note_keys: dict[tuple[str, str], str] = {}
        self._behind = ""
        self.id = ""
        self.note = ""

    def drafts(self) -> dict[str, IncidentDraft]:
        """What is changed here only, by id, upon what is kept by now."""
        found: dict[str, IncidentDraft] = {}
        for name, draft in {**drafts_of(self._desk.reader.drafts()), **self._fresh}.items():
            kept = None if draft.base is None else self._desk.reader.incident(name)
            if draft.base is not None and kept is not None:
                draft = IncidentDraft(*upon(kept, draft.base, draft.wanted))
            if draft.base != draft.wanted:
                found[name] = draft
        return found

    def shown(self, incident_id: str) -> Incident | None:
        """As it was changed here, else as it is kept."""
        draft = self.drafts().get(incident_id)
        return draft.wanted if draft is not None else self._desk.reader.incident(incident_id)

    def open(self, incident_id: str) -> bool:
        """Another one; False if it is not there."""
        self.flush()
        self.id, self._kept, self._note_kept, self.note = "", None, None, ""
        if self.shown(incident_id) is None:
            return False
        self.id = incident_id
        self._kept = KeptWords(self._desk, slot_of(incident_id), self._text, self)
        self._kept.kept.connect(self.listed)
        self._note_kept = KeptWords(self._desk, note_slot(incident_id), lambda: self.note, self)
        for kept in (self._kept, self._note_kept):
            kept.failed.connect(lambda sentence: self.said.emit(sentence, "overdue"))
        begun = self._note_kept.begun()
        self.note = begun.text if begun is not None else ""
        return True

    def write(self, seen: Incident, incident: Incident) -> None:
        """The person wrote, with `seen` before their eyes."""
        before = self.drafts().get(self.id, IncidentDraft(seen, seen))
        base = before.base
        if base is not None:  # of what was touched before, the first sight counts
            base = with_those(seen, base, touched(base, before.wanted))
        self._fresh[self.id] = IncidentDraft(base, incident, before.tickets)
        if self._kept is not None:
            self._kept.changed()

    def write_note(self, text: str) -> None:
        """A note was begun."""
        self.note = text
        if self._note_kept is not None:
            self._note_kept.changed()

    def flush(self) -> None:
        """Keep what was written now."""
        for kept in (self._kept, self._note_kept):
            if kept is not None:
                kept.flush()

    def begin(self, category_ids: frozenset[str] = frozenset(), tickets: Iterable[str] = ()) -> None:
        """A new one that began now, kept here until it is saved; then these tickets follow."""
        name = f"{NEW}{self._desk.ids.client_key()}"
        incident = Incident(name, "", self._desk.clock.now_ms(), category_ids=category_ids)
        draft = IncidentDraft(None, incident, tuple(tickets))
        self._fresh[name] = draft
        self.listed.emit()
        self.wanted.emit(name)
        if draft.tickets and self._kept is not None:
            self._kept.changed()

    def save(self) -> None:
        """What is changed, to the server."""
        self.flush()
        name, draft = self.id, self.drafts().get(self.id)
        if draft is None:
            return
        base, wanted = draft.base, draft.wanted
        if not wanted.title.strip():
            self.said.emit(self.tr("Say in a few words what is broken."), "needs")
        elif base is None:
            key = name.removeprefix(NEW)
            opened = partial(self._opened, name, draft.tickets)
            self._deeds.ask(lambda server: server.open_incident(key, wanted), opened, self._failed)
        else:
            self._change(base, wanted, partial(self._saved, name))

    def set_fixed(self, fixed: bool) -> None:
        """It is repaired from now on, or broken again; at once."""
        kept = self._desk.reader.incident(self.id)
        if kept is not None:
            at = max(self._desk.clock.now_ms(), kept.since) if fixed else None
            eta = kept.eta if fixed else None
            self._change(kept, replace(kept, fixed_at=at, eta=eta), partial(self._saved, ""))

    def add_note(self) -> None:
        """To the internal thread."""
        incident_id, text = self.id, self.note
        if not text.strip() or incident_id.startswith(NEW):
            return
        key = self._note_keys.setdefault((incident_id, text), self._desk.ids.client_key())  # twice is once
        self._deeds.ask(
            lambda server: server.add_note(key, incident_id, text),
            lambda _id: self._noted(incident_id, text),
            self._failed,
        )

    def _noted(self, incident_id: str, text: str) -> None:
        self._note_keys.pop((incident_id, text), None)
        if self.id == incident_id and self.note == text:
            self.note = ""
            if self._note_kept is not None:
                self._note_kept.settled()
        slot = note_slot(incident_id)
        begun = self._desk.reader.draft(*slot)
        if begun is not None and begun.text == text:
            self._keep(slot, "")
        self.listed.emit()

    def throw_away(self) -> None:
        """What was changed here of the open one; `undo` brings it back."""
        draft = self.drafts().get(self.id)
        if draft is not None:
            self._thrown = (self.id, draft)
            self._forget(self.id)
            self.said.emit(self.tr("Your changes are gone from here. Ctrl+Z brings them back."), "us")

    def undo(self) -> bool:
        """What was thrown away last comes back."""
        if self._thrown is None:
            return False
        (name, draft), self._thrown = self._thrown, None
        self._fresh[name] = draft
        self._keep(slot_of(name), text_of(draft))
        self.wanted.emit(name)
        return True

    def catch_up(self) -> None:
        """Somebody else was first: what they wrote, once it is here, is what the next saving takes the place of."""
        kept, draft = self._desk.reader.incident(self._behind), self.drafts().get(self._behind)
        if kept is None or draft is None or draft.base is None:
            return
        if kept != draft.base:
            self._fresh[self._behind] = IncidentDraft(kept, draft.wanted)
            self._behind = ""

    def _change(self, base: Incident, wanted: Incident, done: Callable[[], None]) -> None:
        def failed(error: DeskbellError) -> None:
            if isinstance(error, Rejected) and error.reason == STATE_MISMATCH:
                self._behind = base.id
            self._failed(error)

        self._deeds.ask(lambda server: server.change_incident(base, wanted), lambda _none: done(), failed)

    def _opened(self, name: str, tickets: tuple[str, ...], incident_id: str) -> None:
        self.opened.emit(incident_id, tickets)
        self._saved(name)

    def _saved(self, name: str) -> None:
        if name:
            self._forget(name)
        self.said.emit(self.tr("Saved."), "sent")

    def _forget(self, name: str) -> None:
        self._fresh.pop(name, None)
        if self.id == name and self._kept is not None:
            self._kept.settled()
        self._keep(slot_of(name), "")

    def _keep(self, slot: tuple[str, str], text: str) -> None:
        cache, (place, mode) = self._desk.cache, slot
        self._desk.lanes.cache.run(
            lambda: cache.save_draft(place, mode, text), lambda _changes: self.listed.emit(), self._failed
        )

    def _failed(self, error: DeskbellError) -> None:
        self.said.emit(str(error), "overdue" if isinstance(error, Rejected) else "offline")

    def _text(self) -> str:
        draft = self._fresh.get(self.id)
        return "" if draft is None else text_of(draft)
