"""Take next: the server gives this person the ticket most in need, never the same to two; only online (PRODUCT D6)."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.desk import Desk
from desktop.lanes import Lane
from desktop.models.place import Place
from sync.cache.changes import Changes
from sync.connectors.port import Taken
from sync.domain.errors import DeskbellError, Offline
from sync.engine.status import Condition

Take = Callable[[str, Sequence[str] | None], Taken | None]
ROWS_MS = 10_000
"""The ticket's row may come later than the answer; after so long the person is told where it is."""


class TakingNext(QObject):
    """One at a time. A try whose answer was lost keeps its key: the next one gets the ticket that it took.

    taken(str): the ticket to open, which is in the cache. said(str, bool): a sentence, and whether it is bad news.
    """

    taken = Signal(str)
    said = Signal(str, bool)

    def __init__(self, desk: Desk, lane: Lane, take: Take, place: Callable[[], Place], parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lane = lane
        self._take = take
        self._place = place
        self._under_way = False
        self._lost: tuple[str, Sequence[str] | None] | None = None
        self._awaited = ""
        self._patience = QTimer(self, singleShot=True, interval=ROWS_MS)
        self._patience.timeout.connect(self._give_up)
        desk.bridge.changed.connect(self._rows_came)

    def begin(self) -> None:
        """Ask, unless an answer is still awaited."""
        if self._under_way:
            return
        status = self._desk.bridge.status
        if status is None or status.condition not in (Condition.ONLINE, Condition.DELAYED):
            self.said.emit(
                self.tr("The server gives out the next ticket, and it is out of reach. Choose one yourself with A."),
                True,
            )
            return
        asked = self._lost or (self._desk.ids.client_key(), self._categories())
        self._under_way = True
        self._lane.run(partial(self._ask, *asked), self._answered, partial(self._failed, asked))

    def _categories(self) -> Sequence[str] | None:
        """Those of the list that is shown, if it is one category's; else all that are granted."""
        view = self._place().view
        return None if view is None or view.category_id is None else (view.category_id,)

    def _ask(self, key: str, categories: Sequence[str] | None) -> Taken | None:
        """In a worker. A lost answer is asked for again at once: the same key gets the same ticket."""
        try:
            return self._take(key, categories)
        except Offline:
            return self._take(key, categories)

    def _answered(self, taken: Taken | None) -> None:
        self._under_way, self._lost = False, None
        if taken is None:
            self.said.emit(self._nothing(), False)
        else:
            self._awaited = taken.ticket_id
            self._patience.start()
            self._show()

    def _failed(self, asked: tuple[str, Sequence[str] | None], error: DeskbellError) -> None:
        self._under_way = False
        self._lost = asked if isinstance(error, Offline) else None
        self.said.emit(str(error), True)

    def _nothing(self) -> str:
        categories = self._categories()
        name = next((row.name for row in self._desk.reader.categories() if row.id in (categories or ())), "")
        if name:
            return self.tr("In {category} nobody waits for an answer that a colleague is not already on.").format(
                category=name
            )
        return self.tr("Well done: nobody waits for an answer that a colleague is not already on.")

    def _rows_came(self, changes: Changes) -> None:
        if self._awaited and (changes.everything or self._awaited in changes.tickets):
            self._show()

    def _show(self) -> None:
        detail = self._desk.reader.ticket(self._awaited)
        if detail is None:
            return
        ticket_id, self._awaited = self._awaited, ""
        self._patience.stop()
        number = f"#{detail.row.number}" if detail.row.number is not None else detail.row.subject
        self.taken.emit(ticket_id)
        self.said.emit(self.tr("{ticket} is yours now.").format(ticket=number), False)

    def _give_up(self) -> None:
        self._awaited = ""
        self.said.emit(self.tr("The next ticket is yours and is on its way here. You will find it in “Mine”."), False)
