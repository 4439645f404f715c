"""Alerts whoever is next in line after an arrival reached nobody: rings, and shows it until it is over (PRODUCT A9)."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal

from desktop.alerts.alert_desk import Person
from desktop.alerts.nobody_reached import Alert, Manner, NobodyReached
from desktop.alerts.standing_told import Voice
from desktop.desk import Desk
from desktop.translation import translate
from sync.cache.changes import Changes
from sync.domain.alerting import Chime
from sync.domain.people import NextInLine
from sync.domain.records import ArrivalKind, Priority
from sync.domain.times import HOUR_MS

NEXT = "next"
_PRIORITIES = list(Priority)


class NextTold(NobodyReached):
    """offered(object): arrival and ticket ids of what came to this workstation so.
    reached(str, object): how (shown, rang, seen) and which tickets."""

    offered = Signal(object)
    reached = Signal(str, object)

    def __init__(self, desk: Desk, voice: Voice, person: Person, in_view: Callable[[], str | None]) -> None:
        """`in_view` names the ticket on the screen, None while its window is not the active one."""
        super().__init__(desk, voice)
        self._person = person
        self._in_view = in_view

    def manner(self) -> Manner:
        line = translate("Alerts", "You are next in line.")
        return Manner(NEXT, line, translate("Alerts", "Show what is new"))

    def concerns(self, changes: Changes) -> bool:
        return changes.lines or changes.people

    def alerts(self, since_ms: int) -> Sequence[Alert]:
        """Not what is on the screen; and of what an owner follows their own notice tells."""
        told: set[str] = set()
        if self._person.is_owner:
            told = {row.id for row in self._desk.reader.categories() if row.alerted}
        looked_at = self._in_view() if self._voice.preferences.now.silent_in_view else None
        return [one for one in self._mine(since_ms) if one.category_id not in told and one.ticket_id != looked_at]

    def must_wait(self, alerts: Sequence[Alert]) -> bool:
        anyway = self._voice.preferences.now.urgent_rings_anyway and self._priority(alerts) is Priority.URGENT
        return self._voice.quiet() and not anyway

    def look(self) -> None:
        mine = self._mine(self._desk.clock.now_ms() - HOUR_MS)
        self.offered.emit([(one.arrival_id, one.ticket_id) for one in mine])
        self.reached.emit("seen", [one.ticket_id for one in mine if one.ticket_id == self._in_view()])
        super().look()

    def shown(self, alerts: Sequence[Alert]) -> None:
        self.reached.emit("shown", [one.ticket_id for one in alerts])

    def sound(self, alerts: Sequence[Alert]) -> None:
        """As the most pressing of them sounds where it is new."""
        chosen = self._voice.preferences.now.choice(ArrivalKind.NEW, alerts[0].category_id, self._priority(alerts))
        if chosen.chime is Chime.SILENT or chosen.volume == 0:
            return
        self._voice.chimes.play(chosen)
        self.reached.emit("rang", [one.ticket_id for one in alerts])

    def activate(self, key: str) -> None:
        if key == NEXT:
            self.reached.emit("seen", list(self._standing))
        super().activate(key)

    def _mine(self, since_ms: int) -> list[NextInLine]:
        return [one for one in self._desk.reader.next_in_line(since_ms) if self._person.id in one.agent_ids]

    def _priority(self, alerts: Sequence[Alert]) -> Priority:
        found = [self._desk.reader.ticket(one.ticket_id) for one in alerts]
        priorities = [one.row.priority for one in found if one is not None]
        return max(priorities, key=_PRIORITIES.index, default=Priority.NORMAL)
