"""From the engine's arrivals to chime and notification, and back from a click to the ticket."""

import os
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.alerts.chime import ChimePlayer
from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.places import Places
from desktop.alerts.preferences import Preferences
from desktop.alerts.surge_told import SURGE
from desktop.alerts.wording import CHECK, note_of
from desktop.bridge import Bridge
from sync.cache.changes import Changes
from sync.cache.reader import Reader
from sync.cache.rows import TicketRow
from sync.domain.alerting import is_handled
from sync.domain.clock import Clock
from sync.domain.ringing import (
    DIGEST,
    MANY,
    Decision,
    Memory,
    Notice,
    Ringing,
    Surroundings,
    arrived,
    forget,
    next_tick_ms,
    tick,
)
from sync.engine.reports import ArrivalNotice

_ROWS_WAIT_MS = 1_500


class Alerts(QObject):
    """Rings at once; the notification waits a moment for the ticket's rows, so that it can name it.

    rang(ChimeChoice): a chime was due. open_ticket(str): its id, from a click. open_new(): the view of what is new.
    open_check(): the spot-check. offered(object): arrival and ticket ids of what came to ring here.
    reached(str, object): how (shown, rang, seen) and which tickets.
    """

    rang = Signal(object)
    open_ticket = Signal(str)
    open_new = Signal()
    open_check = Signal()
    offered = Signal(object)
    reached = Signal(str, object)

    def __init__(
        self,
        bridge: Bridge,
        reader: Reader,
        categories: Places,
        preferences: Preferences,
        chimes: ChimePlayer,
        notifications: Notifications,
        clock: Clock,
        own_id: str,
        in_view: Callable[[], str | None],
    ) -> None:
        """`in_view` names the ticket on the screen, None while its window is not the active one."""
        super().__init__()
        self._reader = reader
        self._categories = categories
        self._preferences = preferences
        self._chimes = chimes
        self._notifications = notifications
        self._clock = clock
        self._own_id = own_id
        self._in_view = in_view
        self._memory = Memory()
        self._standing, self._unnamed = dict[str, Notice](), dict[str, Notice]()
        self._places: dict[str, str] = {}
        self._here: set[str] = set()
        self.covered: Callable[[Ringing], bool] = lambda _one: False
        self._patience = QTimer(self, singleShot=True, interval=_ROWS_WAIT_MS)
        self._patience.timeout.connect(self._name_anyway)
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self.tick)
        bridge.arrived.connect(self._arrived)
        bridge.changed.connect(self._changed)
        preferences.changed.connect(self.tick)
        notifications.activated.connect(self._activated)

    def stop(self) -> None:
        """Nothing is due any more: no repeat, no digest, no name that was waited for."""
        self._patience.stop()
        self._next.stop()

    @property
    def quiet(self) -> bool:
        """Whether do-not-disturb or quiet hours hold now."""
        around = self._around()
        return self._preferences.now.quiet_at(around.now, around.local_minute)

    @Slot(object, bool)
    def _arrived(self, notices: Iterable[ArrivalNotice], digest: bool) -> None:
        now = self._clock.now_ms()
        placed = [(notice.arrival, self._categories.category_of(notice.account_id)) for notice in notices]
        ringing = [
            Ringing(
                one.ticket_id, one.kind, one.priority, category_id, one.by_agent_id, now, one.for_agent_id is not None
            )
            for one, category_id in placed
            if category_id is not None and (one.for_agent_id is not None or self._categories.rings(category_id))
        ]
        self._places |= {one.ticket_id: one.category_id for one in ringing}
        self.offered.emit([(one.id, one.ticket_id) for one, _ in placed if one.ticket_id in self._places])
        self.reached.emit("seen", [one.ticket_id for one in ringing if one.ticket_id == self._in_view()])
        self.reached.emit("shown", [one.ticket_id for one in ringing if self.covered(one)])  # by one notice for all
        loud = [one for one in ringing if not self.covered(one)]
        self._memory, decision = arrived(self._memory, self._preferences.now, self._around(), loud, digest)
        self._carry_out(decision)
        if decision.ring is not None:
            self.reached.emit("rang", [one.ticket_id for one in loud])

    @Slot()
    def tick(self) -> None:
        """See what time has brought: the end of a quiet time, a repeat."""
        around, held = self._around(), [one.ticket_id for one in self._memory.held]
        watched = {one.ticket_id for one, _ in self._memory.unhandled} | {one.ticket_id for one in self._memory.held}
        self._memory, decision = tick(self._memory, self._preferences.now, around, self._handled(watched))
        self._carry_out(decision)
        if decision.ring is not None:
            self.reached.emit("rang", held)

    def looked_at(self, ticket_id: str) -> None:
        """The agent has it before them: its notification is of no more use."""
        self.reached.emit("seen", [ticket_id])
        self._put_away(ticket_id)

    def _put_away(self, ticket_id: str) -> None:
        if self._standing.pop(ticket_id, None) is not None:
            self._notifications.close(ticket_id)
        self._unnamed.pop(ticket_id, None)
        self._here.discard(ticket_id)

    def _carry_out(self, decision: Decision) -> None:
        if decision.ring is not None:
            self._chimes.play(decision.ring)
            self.rang.emit(decision.ring)
        for key in decision.close:
            self._standing.pop(key, None)
            self._unnamed.pop(key, None)
            self._notifications.close(key)
        for notice in decision.show:
            self._show(notice)
        wait = next_tick_ms(self._memory, self._preferences.now, self._clock.now_ms())
        if wait is None:
            self._next.stop()
        else:
            self._next.start(wait)

    def _show(self, notice: Notice) -> None:
        row = self._row_of(notice)
        if row is None and notice.key not in (MANY, DIGEST):
            self._unnamed[notice.key] = notice
            self._patience.start()
            return
        self._put_up(notice, row)

    def _put_up(self, notice: Notice, row: TicketRow | None) -> None:
        if row is not None:
            self._unnamed.pop(notice.key, None)
            self._here.add(notice.key)
        self._standing[notice.key] = notice
        self.reached.emit("shown", list(notice.ticket_ids))
        names = self._categories.names
        places = Counter(names.get(self._places.get(ticket_id, ""), "") for ticket_id in notice.ticket_ids)
        self._notifications.show(note_of(notice, row, {name: count for name, count in places.items() if name}))

    @Slot()
    def _name_anyway(self) -> None:
        """The rows did not come in time: say what is known, and name the ticket once they are there."""
        for notice in self._unnamed.values():
            self._put_up(notice, None)

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        for notice in list(self._unnamed.values()):
            row = self._row_of(notice)
            if row is not None:
                self._put_up(notice, row)
        told = {*self._standing, *self._unnamed, *(one.ticket_id for one, _ in self._memory.unhandled)}
        touched = told if changes.everything else changes.tickets & told
        over = self._handled(changes.tickets & told) | self._gone(touched)
        self._memory = forget(self._memory, over)
        for ticket_id in over:
            self._put_away(ticket_id)

    def _gone(self, ticket_ids: Iterable[str]) -> set[str]:
        """Those that were here and are not any more, and those of a category out of sight: nothing of them stays."""
        return {
            one
            for one in ticket_ids
            if (one in self._here and self._reader.ticket(one) is None)
            or (one in self._places and not self._categories.sees(self._places[one]))
        }

    def _handled(self, ticket_ids: Iterable[str]) -> set[str]:
        """Those that somebody took or answered."""
        found = {ticket_id: self._reader.ticket(ticket_id) for ticket_id in ticket_ids}
        return {
            ticket_id
            for ticket_id, detail in found.items()
            if detail is not None and is_handled(detail.row.assignee_id, detail.row.awaiting)
        }

    def _row_of(self, notice: Notice) -> TicketRow | None:
        """The ticket of a notice about one."""
        detail = self._reader.ticket(notice.ticket_ids[0]) if notice.key in notice.ticket_ids else None
        return None if detail is None else detail.row

    def _around(self) -> Surroundings:
        now = self._clock.now_ms()
        local = datetime.fromtimestamp(now / 1000, UTC).astimezone()
        minute = local.hour * 60 + local.minute
        return Surroundings(now, minute, self._own_id, self._categories.granted, self._in_view())

    @Slot(str, str)
    def _activated(self, key: str, token: str) -> None:
        if token:
            os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt reads it when a window asks to come to the front
        self._notifications.close(key)
        self._standing.pop(key, None)
        self._unnamed.pop(key, None)
        if key == CHECK:
            self.open_check.emit()
        elif key in (MANY, DIGEST) or key.startswith(SURGE):
            self.open_new.emit()
        elif key in self._places:
            self.reached.emit("seen", [key])
            self.open_ticket.emit(key)
