"""What this workstation did with each alert, told to the server some seconds later, as well as may be (PRODUCT A9)."""

from collections.abc import Callable, Iterable
from random import Random

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.alerts.alerts import Alerts
from desktop.alerts.next_told import NextTold
from desktop.desk import Desk
from sync.connectors.alerting import Alerting
from sync.domain.alert_trace import DeviceState, Said
from sync.domain.errors import DeskbellError
from sync.engine.status import Condition, SyncStatus

_FIRST_MS, _SPREAD_MS = 1_500, 2_000
_AGAIN_MS = 5 * 60_000
_MOST = 400

Reach = Callable[[], Alerting]
"""The server's side; may block, so it is called in a worker."""


class Receipts(QObject):
    """Each stage counts from the first time. Kept in memory only: after a restart nothing is told of before.

    Colleagues' workstations report at slightly different moments, so that a server is not asked by all at once.
    """

    def __init__(self, desk: Desk, reach: Reach, state: Callable[[], DeviceState], chance: Random) -> None:
        super().__init__()
        self._desk = desk
        self._reach = reach
        self._state = state
        self._chance = chance
        self._stages: dict[str, dict[str, int]] = {}
        self._arrivals: dict[str, set[str]] = {}
        self._untold: dict[str, None] = {}
        self._told_state: DeviceState | None = None
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.send)
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self._say_state)
        desk.bridge.status_changed.connect(self._status_changed)

    def follow(self, alerts: Alerts | NextTold) -> None:
        """What it does is what is told."""
        alerts.offered.connect(self.offered)
        alerts.reached.connect(self._reached)

    def start(self) -> None:
        """Say that this workstation is here, and again every five minutes."""
        self._again.start()
        self._later()

    def stop(self) -> None:
        """Nothing is told any more."""
        self._soon.stop()
        self._again.stop()

    @Slot(object)
    def offered(self, arrivals: Iterable[tuple[str, str]]) -> None:
        """These came to this workstation to ring: arrival and ticket ids."""
        for arrival_id, ticket_id in arrivals:
            self._arrivals.setdefault(ticket_id, set()).add(arrival_id)
            self._note(arrival_id, "offered")
        for ticket_id in list(self._arrivals)[:-_MOST]:
            for arrival_id in self._arrivals.pop(ticket_id):
                self._stages.pop(arrival_id, None)
                self._untold.pop(arrival_id, None)

    @Slot()
    def state_changed(self) -> None:
        """Do-not-disturb, quiet hours or what is followed may be another."""
        if self._state() != self._told_state:
            self._later()

    @Slot()
    def send(self) -> None:
        """What was not told yet, in a worker; what fails is told with the next."""
        status = self._desk.bridge.status
        if status is None or status.condition not in (Condition.ONLINE, Condition.DELAYED):
            return
        sent = list(self._untold)[:_MOST]
        said = [Said(one, dict(self._stages[one])) for one in sent]
        state, now = self._state(), self._desk.clock.now_ms()
        self._untold = {one: None for one in self._untold if one not in set(sent)}
        self._told_state = state

        def failed(_error: DeskbellError) -> None:
            self._untold = {**{one: None for one in sent if one in self._stages}, **self._untold}
            self._told_state = None

        self._desk.lanes.online.run(lambda: self._reach().report(now, state, said), None, failed)

    @Slot(str, object)
    def _reached(self, stage: str, ticket_ids: Iterable[str]) -> None:
        for ticket_id in ticket_ids:
            for arrival_id in self._arrivals.get(ticket_id, ()):
                self._note(arrival_id, stage)

    def _note(self, arrival_id: str, stage: str) -> None:
        stages = self._stages.setdefault(arrival_id, {})
        if stage not in stages:
            stages[stage] = self._desk.clock.now_ms()
            self._untold[arrival_id] = None
            self._later()

    @Slot(object)
    def _status_changed(self, status: SyncStatus) -> None:
        if status.condition is Condition.ONLINE and (self._untold or self._told_state is None):
            self._later()

    @Slot()
    def _say_state(self) -> None:
        self._told_state = None
        self.send()

    def _later(self) -> None:
        if not self._soon.isActive():
            self._soon.start(_FIRST_MS + self._chance.randrange(_SPREAD_MS))
