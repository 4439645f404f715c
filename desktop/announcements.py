"""What a screen reader is told without being asked: sent, needs you, offline, online; alerts come from outside."""

from PySide6.QtCore import QObject

from desktop.desk import Desk
from desktop.models.action_words import action_words
from desktop.models.event_sentence import Names
from desktop.widgets.announcing import Announcer
from sync.cache.changes import Changes
from sync.cache.rows import OutboxRow
from sync.domain.actions import CreateTicket, PostMessage
from sync.engine.status import Condition, SyncStatus

_ONLINE = (Condition.ONLINE, Condition.DELAYED)


class Announcements(QObject):
    """Follows the bridge; `announcer` sees to it that nobody is talked over (DESIGN, screen readers)."""

    def __init__(self, desk: Desk, announcer: Announcer) -> None:
        super().__init__()
        self._desk = desk
        self._announcer = announcer
        self._waiting: dict[str, OutboxRow] = {}
        status = desk.bridge.status
        self._online: bool | None = None if status is None else status.condition in _ONLINE
        self._remember()
        desk.intents.saved.connect(self._saved)
        desk.bridge.changed.connect(self._changed)
        desk.bridge.undelivered.connect(self._undelivered)
        desk.bridge.status_changed.connect(self._status_changed)

    def tell(self, words: str) -> None:
        """An alert, in its own words."""
        self._announcer.tell(words)

    def _saved(self, name: str) -> None:
        if not name.startswith("draft:"):
            self._remember()  # now: it may be sent before the lists are told of it

    def _changed(self, changes: Changes) -> None:
        if not (changes.outbox or changes.settled or changes.everything):
            return
        before = self._waiting
        self._remember()
        gone = [before[key] for key in changes.settled if key in before and key not in self._waiting]
        if not gone:
            return
        held = {row.client_key for row in self._desk.reader.undelivered()}
        sent = [row for row in gone if row.client_key not in held]
        if len(sent) > 1:
            self.tell(self.tr("Sent: {count} of what you wrote").format(count=len(sent)))
        elif sent:
            self.tell(self._sent(sent[0]))

    def _sent(self, row: OutboxRow) -> str:
        detail = self._desk.reader.ticket(row.ticket_id) if row.ticket_id else None
        what = action_words(row.action, detail.row.requester_name if detail is not None else "", Names()).what
        number = detail.row.number if detail is not None else None
        if number is None:
            return self.tr("Sent: {what}").format(what=what)
        return self.tr("Sent: {what}, ticket {number}").format(what=what, number=number)

    def _undelivered(self, count: int) -> None:
        self.tell(self.tr("Needs you: {count} of your texts was not delivered").format(count=count))

    def _status_changed(self, status: SyncStatus) -> None:
        online = status.condition in _ONLINE
        before, self._online = self._online, online
        if online and before is False:
            self.tell(self.tr("Online again"))
        elif status.condition is Condition.OFFLINE and before is not False:
            self.tell(self.tr("Offline. What you write is saved on this computer."))

    def _remember(self) -> None:
        rows = self._desk.reader.outbox()
        self._waiting = {row.client_key: row for row in rows if isinstance(row.action, PostMessage | CreateTicket)}
