"""What is written about incidents here: kept on each pause, saved at the server, never lost on the way (PRODUCT C2)."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.deeds import Deeds
from desktop.desk import Desk
from desktop.kept_words import KeptWords
from desktop.models.incident_words import NEW, drafts_of, note_slot, slot_of, text_of
from sync.connectors.incident_keeping import IncidentKeeping
from sync.domain.errors import DeskbellError, Rejected
from sync.domain.incidents import Incident


class IncidentDesk(QObject):
    """One incident at a time, by its id; what has none yet goes by `+` and its client key.

    listed(): the list is another. wanted(str): show that one. said(str, str): a sentence, and its meaning as an ink.
    opened(str): a new one is at the server, by this id.
    """

    listed = Signal()
    wanted = Signal(str)
    said = Signal(str, str)
    opened = Signal(str, str)

    def __init__(self, desk: Desk, deeds: Deeds[IncidentKeeping]) -> None:
        super().__init__(deeds)
        self._desk = desk
        self._deeds = deeds
        self._kept: KeptWords | None = None
        self._note_kept: KeptWords | None = None
        self._fresh: dict[str, tuple[Incident | None, Incident]] = {}
        self.id = ""
        self.note = ""

    def drafts(self) -> dict[str, tuple[Incident | None, Incident]]:
        """What is changed here only, by id."""
        return {**drafts_of(self._desk.reader.drafts()), **self._fresh}

    def shown(self, incident_id: str) -> Incident | None:
        """As it was changed here, else as it is kept."""
        draft = self.drafts().get(incident_id)
        return draft[1] if draft is not None else self._desk.reader.incident(incident_id)

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

    def write(self, incident: Incident) -> None:
        """The person wrote."""
        before = self.drafts().get(self.id)
        base = before[0] if before is not None else self._desk.reader.incident(self.id)
        self._fresh[self.id] = (base, incident)
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

    def begin(self, title: str = "", category_ids: frozenset[str] = frozenset()) -> str:
        """A new one that began now, kept here until it is saved; its name."""
        name = f"{NEW}{self._desk.ids.client_key()}"
        now = self._desk.clock.now_ms()
        self._fresh[name] = (None, Incident(name, title, now, category_ids=category_ids))
        self.listed.emit()
        self.wanted.emit(name)
        return name

    def save(self) -> None:
        """What is changed, to the server."""
        self.flush()
        name, draft = self.id, self.drafts().get(self.id)
        if draft is None:
            return
        base, wanted = draft
        if not wanted.title.strip():
            self.said.emit(self.tr("Say in a few words what is broken."), "needs")
        elif base is None:
            key = name.removeprefix(NEW)
            self._deeds.ask(lambda server: server.open_incident(key, wanted), partial(self._opened, name), self._failed)
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
        key = self._desk.ids.client_key()

        def done(_id: str) -> None:
            if self.id == incident_id and self.note == text:
                self.note = ""
                if self._note_kept is not None:
                    self._note_kept.changed()
                    self._note_kept.flush()
            self.listed.emit()

        self._deeds.ask(lambda server: server.add_note(key, incident_id, text), done, self._failed)

    def throw_away(self) -> None:
        """What was changed here of the open one."""
        name = self.id
        self._forget(name)
        self.said.emit(self.tr("Your changes are gone from here."), "us")

    def _change(self, base: Incident, wanted: Incident, done: Callable[[], None]) -> None:
        self._deeds.ask(lambda server: server.change_incident(base, wanted), lambda _none: done(), self._failed)

    def _opened(self, name: str, incident_id: str) -> None:
        self.opened.emit(name, incident_id)
        self._saved(name)

    def _saved(self, name: str) -> None:
        if name:
            self._forget(name)
        self.said.emit(self.tr("Saved."), "sent")

    def _forget(self, name: str) -> None:
        self._fresh.pop(name, None)
        if self.id == name and self._kept is not None:
            self._kept.settled()
        place, mode = slot_of(name)
        cache = self._desk.cache
        self._desk.lanes.cache.run(
            lambda: cache.save_draft(place, mode, ""), lambda _changes: self.listed.emit(), self._failed
        )

    def _failed(self, error: DeskbellError) -> None:
        self.said.emit(str(error), "overdue" if isinstance(error, Rejected) else "offline")

    def _text(self) -> str:
        draft = self._fresh.get(self.id)
        return "" if draft is None else text_of(*draft)
