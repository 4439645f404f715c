"""Whether alerts reach people: what this workstation reports, what owners are told, and who would ring for a ticket."""

import random
from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from desktop.alerts.alert_desk import AlertDesk
from desktop.alerts.incident_told import IncidentTold
from desktop.alerts.next_told import NextTold
from desktop.alerts.receipts import Reach, Receipts
from desktop.alerts.unreached import Unreached
from desktop.desk import Desk
from desktop.windows.who_would_ring import WhoWouldRingWindow
from sync.cache.changes import Changes
from sync.domain.alert_trace import DeviceState
from sync.domain.times import DAY_MS, MINUTE_MS

_FOREVER_MS = 365 * DAY_MS
_LOOK_MS = MINUTE_MS
"""A quiet time that ends by itself is looked after so often at least: a machine may have slept meanwhile."""


class Reaching(QObject):
    """Put together for one signed-in person."""

    def __init__(self, desk: Desk, alerts: AlertDesk, reach: Reach, in_view: Callable[[], str], over: QWidget) -> None:
        """`in_view` names the ticket that the command is about; `over` is the window that its answer stands over."""
        super().__init__(over)
        self._desk = desk
        self._alerts = alerts
        self._reach = reach
        self._in_view = in_view
        self._over = over
        self.receipts = Receipts(desk, reach, self._state, random.Random())  # noqa: S311  # spreads load, guards nothing
        self.receipts.follow(alerts.alerts)
        self.unreached = Unreached(desk, alerts.voice)
        self.next = NextTold(desk, alerts.voice, alerts.person, alerts.in_view)
        self.receipts.follow(self.next)
        self.incidents = IncidentTold(desk, alerts.voice, alerts.person.id, alerts.person.is_owner)
        self.shown: WhoWouldRingWindow | None = None
        self._wake = QTimer(self, singleShot=True)
        self._wake.timeout.connect(self.look)
        alerts.preferences.changed.connect(self.receipts.state_changed)
        alerts.preferences.changed.connect(self.look)
        desk.bridge.changed.connect(self._changed)

    def start(self) -> None:
        """Once there is a connection."""
        self.receipts.start()
        self.look()

    def look(self) -> None:
        """Tell what stands; again as soon as a quiet time that holds now is over."""
        self.unreached.look()
        self.next.look()
        self.incidents.look()
        self._alerts.surges.look()
        left = self._quiet_ms()
        if left is None:
            self._wake.stop()
        else:
            self._wake.start(min(left, _LOOK_MS))

    def stop(self) -> None:
        """Nothing is told any more."""
        self._wake.stop()
        self.receipts.stop()

    def open(self) -> None:
        """Who would ring for the ticket in view."""
        ticket_id = self._in_view()
        if not ticket_id:
            return
        if self.shown is not None:
            self.shown.close()
            self.shown.deleteLater()
        self.shown = WhoWouldRingWindow(self._desk, self._reach, ticket_id, self._over)
        self.shown.open()

    def _changed(self, changes: Changes) -> None:
        if changes.people:
            self.receipts.state_changed()

    def _quiet_ms(self) -> int | None:
        """How long do-not-disturb and quiet hours still hold; None while they do not."""
        now = self._desk.clock.now_ms()
        local = datetime.fromtimestamp(now / 1000, UTC).astimezone()
        until = self._alerts.preferences.now.quiet_until(now, local.hour * 60 + local.minute)
        return None if until is None else min(until - now, _FOREVER_MS)

    def _state(self) -> DeviceState:
        left = self._quiet_ms()
        quiet = None if left is None else self._desk.clock.now_ms() + left
        if not self._alerts.person.is_owner:
            return DeviceState(quiet)
        return DeviceState(quiet, frozenset(row.id for row in self._desk.reader.categories() if row.alerted))
