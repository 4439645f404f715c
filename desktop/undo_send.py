"""Undo send: what of the replies can still be taken back, counted down where one writes (PRODUCT D2)."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.desk import Desk
from desktop.widgets.sending_bar import SendingBar
from sync.cache.changes import Changes
from sync.cache.rows import MessageState, OutboxRow
from sync.domain.actions import PostMessage
from sync.domain.records import MessageKind
from sync.domain.times import seconds_left

_TICK_MS = 250


class UndoSend(QObject):
    """`in_view` gives the ticket before the person.

    ticked(): a second less is left. wanted(ticket id, client key): that reply is to be a draft again, in sight.
    """

    ticked = Signal()
    wanted = Signal(str, str)

    def __init__(self, bar: SendingBar, desk: Desk, in_view: Callable[[], str]) -> None:
        super().__init__(bar)
        self._bar = bar
        self._desk = desk
        self._in_view = in_view
        self._held: list[OutboxRow] = []
        self._shown = (-1, "")
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self.count_down)
        bar.undo_pressed.connect(self.undo)
        bar.now_pressed.connect(self.send_now)
        self.reload()

    def reload(self, changes: Changes | None = None) -> None:
        """What is held may be another."""
        if changes is None or changes.outbox or changes.everything:
            self._held = [row for row in self._desk.reader.outbox() if row.hold_until is not None and _is_reply(row)]
            self.count_down()

    def count_down(self) -> None:
        """The bar as it is at this moment."""
        now = self._desk.clock.now_ms()
        self._held = [row for row in self._held if (row.hold_until or 0) > now]
        if not self._held:
            self._tick.stop()
            self._bar.end()
            self._say(-1, "")
            return
        last = self._held[-1]
        seconds = seconds_left(last.hold_until, now)
        self._bar.show_wait(self._name(last), self._words(last, seconds))
        self._say(seconds, last.client_key)
        if not self._tick.isActive():
            self._tick.start()

    def stop(self) -> None:
        """Nothing is counted down any more: the cache is about to be closed."""
        self._tick.stop()

    def undo(self) -> bool:
        """Take back the last reply that is held, or the one of the ticket in view that was not sent yet.

        False if there is none.
        """
        self.reload()  # now: the lists may not have been told yet
        row = self._held[-1] if self._held else self._unsent_in_view()
        if row is None or row.ticket_id is None:
            return False
        self.wanted.emit(row.ticket_id, row.client_key)
        return True

    def send_now(self) -> None:
        """Let it go."""
        self.reload()
        if self._held:
            self._desk.intents.send_now(self._held[-1].client_key)

    def _say(self, seconds: int, key: str) -> None:
        if (seconds, key) != self._shown:
            self._shown = (seconds, key)
            self.ticked.emit()

    def _unsent_in_view(self) -> OutboxRow | None:
        here = self._in_view()
        found = [
            row
            for row in self._desk.reader.outbox()
            if row.ticket_id == here and row.state is MessageState.SAVED_HERE and row.attempts == 0 and _is_reply(row)
        ]
        return found[-1] if found else None

    def _words(self, row: OutboxRow, seconds: int) -> str:
        if row.ticket_id == self._in_view():
            return self.tr("Sending in {seconds} s").format(seconds=seconds)
        return self.tr("{ticket}: sending in {seconds} s").format(ticket=self._ticket(row), seconds=seconds)

    def _name(self, row: OutboxRow) -> str:
        return self.tr("Reply to {ticket} is sent soon. Ctrl+Z takes it back.").format(ticket=self._ticket(row))

    def _ticket(self, row: OutboxRow) -> str:
        if row.ticket_number is None:
            return row.ticket_subject or self.tr("a new ticket")
        return f"#{row.ticket_number} {row.ticket_subject or ''}".rstrip()


def _is_reply(row: OutboxRow) -> bool:
    return isinstance(row.action, PostMessage) and row.action.kind is MessageKind.REPLY
