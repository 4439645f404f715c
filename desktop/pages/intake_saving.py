"""What was changed on the intake page goes to the server: saved, ended, removed; or it is said why not."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from desktop.deeds import Deeds
from desktop.desk import Desk
from desktop.kept_words import KeptWords
from desktop.models.intake_books import IntakeBooks
from desktop.models.intake_drafts import SLOT, Draft
from sync.connectors.intake_keeping import IntakeKeeping
from sync.domain.caps import OpenTicketCap
from sync.domain.closings import Closing
from sync.domain.errors import DeskbellError
from sync.domain.intake_figures import HouseCalendar


class IntakeSaving(QObject):
    """saved(): the server has it. refused(str): a sentence. What the server has not is kept here, also when the program
    ends."""

    saved = Signal()
    refused = Signal(str)

    def __init__(self, desk: Desk, books: IntakeBooks, deeds: Deeds[IntakeKeeping], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._books = books
        self._deeds = deeds
        self._kept = KeptWords(desk, SLOT, books.text, self)
        self._kept.failed.connect(self.refused)

    def flush(self) -> None:
        """Keep what was changed now."""
        self._kept.flush()

    def write(self, name: str, draft: Draft) -> None:
        """The person changed it: it is kept soon."""
        self._books.write(name, draft)
        self._kept.changed()

    def drop(self, name: str) -> None:
        """What was changed there is at the server, or not wanted."""
        self._books.drop(name)
        self._kept.changed()
        self._kept.flush()

    def save(self, name: str) -> None:
        """What was changed there."""
        draft = self._books.draft(name)
        match draft:
            case Closing() if not draft.name:
                self.refused.emit(self.tr("Give the closing a name first."))
            case Closing() if draft.starts_at >= draft.ends_at:
                self.refused.emit(self.tr("A closing ends after it begins. Mend its days."))
            case Closing():
                self._ask(name, lambda server: server.keep_closing(draft))
            case OpenTicketCap():
                self._ask(name, lambda server: server.keep_cap(draft))
            case HouseCalendar():
                self._ask(name, lambda server: server.set_calendar(draft))

    def end_now(self, name: str) -> None:
        """A closing is over from now on."""
        kept = self._books.kept(name)
        if isinstance(kept, Closing):
            ended = replace(kept, ends_at=self._desk.clock.now_ms())
            self._ask(name, lambda server: server.keep_closing(ended))

    def remove(self, name: str) -> None:
        """A closing or cap goes."""
        match self._books.kept(name):
            case Closing():
                self._ask(name, lambda server: server.remove_closing(name))
            case OpenTicketCap():
                self._ask(name, lambda server: server.remove_cap(name))

    def _ask(self, name: str, deed: Callable[[IntakeKeeping], object]) -> None:
        asked = self._books.draft(name)

        def done(result: object) -> None:
            if self._books.draft(name) == asked:
                self.drop(name)
            if isinstance(result, HouseCalendar) and self._books.figures is not None:
                self._books.take(replace(self._books.figures, calendar=result))
            self.saved.emit()

        def failed(error: DeskbellError) -> None:
            self.refused.emit(str(error))

        self._deeds.ask(deed, done, failed)
