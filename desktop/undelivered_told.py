"""That something was not delivered is told once, however many come back together: in the window and on the desktop."""

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.notifications.port import Note
from desktop.desk import Desk
from desktop.models.undelivered import Story, title
from sync.cache.rows import UndeliveredRow

GATHER_MS = 1_500
KEY = "undelivered"


class UndeliveredTold(QObject):
    """said(str): for the window's own notice. wanted(): somebody clicked on the notification.

    What comes back within 1.5 s of the first is one word; the next one replaces it.
    """

    said = Signal(str)
    wanted = Signal()

    def __init__(self, desk: Desk, notifications: Notifications) -> None:
        super().__init__()
        self._desk = desk
        self._notifications = notifications
        self._before = {row.client_key for row in desk.reader.undelivered()}
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self.tell)
        desk.bridge.undelivered.connect(self._came)
        notifications.activated.connect(self._clicked)

    def stop(self) -> None:
        """Nothing is told any more: the cache is about to be closed."""
        self._gather.stop()

    def tell(self) -> None:
        """Now, what has come since the last word."""
        rows = self._desk.reader.undelivered()
        fresh = [row for row in rows if row.client_key not in self._before]
        self._before = {row.client_key for row in rows}
        if not fresh:
            return
        words = self.tr("Needs your decision: {count} of what you wrote.").format(count=len(rows))
        self.said.emit(words)
        head = words if len(fresh) > 1 else self._title(fresh[0])
        body = self.tr("Nothing is lost: it is kept under Undelivered.")
        self._notifications.show(Note(KEY, head, body, self.tr("Show")), in_window=False)

    def _came(self, _count: int) -> None:
        if not self._gather.isActive():
            self._gather.start()

    def _title(self, row: UndeliveredRow) -> str:
        detail = self._desk.reader.ticket(row.ticket_id) if row.ticket_id else None
        story = Story(self._desk.moments, self._desk.clock.now_ms(), detail=detail)
        number = f" #{row.ticket_number}" if row.ticket_number else ""
        return f"{title(row, story.requester)}{number}"

    def _clicked(self, key: str, _token: str) -> None:
        if key == KEY:
            self.wanted.emit()
