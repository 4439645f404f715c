"""Tells whoever keeps an incident, and owners, that its expected repair has passed: once, with a chime (PRODUCT A6)."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from desktop.alerts.chime import ChimePlayer
from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.notifications.port import Note
from desktop.alerts.preferences import Preferences
from desktop.desk import Desk
from desktop.translation import translate
from sync.cache.changes import Changes
from sync.domain.incidents import Incident
from sync.domain.times import DAY_MS

LATE = "incident:"
_TOLD = "alerts/incidents/told"


class IncidentTold(QObject):
    """open_incident(str): from a click. What was told is remembered over restarts."""

    open_incident = Signal(str)

    def __init__(
        self,
        desk: Desk,
        person_id: str,
        is_owner: bool,
        preferences: Preferences,
        chimes: ChimePlayer,
        notifications: Notifications,
        quiet: Callable[[], bool],
    ) -> None:
        """`quiet` tells whether sound and notifications wait now."""
        super().__init__()
        self._desk = desk
        self._person_id = person_id
        self._is_owner = is_owner
        self._preferences = preferences
        self._chimes = chimes
        self._notifications = notifications
        self._quiet = quiet
        self._standing: set[str] = set()
        desk.bridge.changed.connect(self._changed)
        notifications.activated.connect(self._activated)

    @Slot(object)
    def _changed(self, changes: Changes) -> None:
        if changes.incidents or changes.everything:
            self.look()

    def look(self) -> None:
        """Tell what is late and not told yet; take away what is repaired or has another time."""
        since = self._desk.clock.now_ms() - DAY_MS
        late = {
            one.id: one
            for one in self._desk.reader.incidents()
            if one.late_at is not None and one.late_at >= since and one.fixed_at is None and self._is_mine(one)
        }
        for gone in self._standing - set(late):
            self._notifications.close(LATE + gone)
        self._standing &= set(late)
        told = set(self._desk.settings.text(_TOLD).split())
        new = [one for one in late.values() if f"{one.id}@{one.late_at}" not in told]
        if not new or self._quiet():
            return  # told once the quiet time is over: the next look finds them still late
        for one in new:
            self._notifications.show(self._note(one))
            self._standing.add(one.id)
        self._chimes.play(self._preferences.now.check)
        keep = {f"{one.id}@{one.late_at}" for one in late.values()}
        self._desk.settings.put(_TOLD, " ".join(sorted(keep)))

    def _is_mine(self, incident: Incident) -> bool:
        return self._is_owner or incident.keeper_id == self._person_id

    def _note(self, incident: Incident) -> Note:
        title = translate("Alerts", "Not repaired in time: {title}").format(title=incident.title[:200])
        now, moments = self._desk.clock.now_ms(), self._desk.moments
        words = translate("Alerts", "It was expected by {time}. Those who asked were promised that.")
        eta = incident.eta if incident.eta is not None else incident.late_at or now
        return Note(
            LATE + incident.id,
            title,
            words.format(time=moments.full(eta, now)),
            translate("Alerts", "Open the incident"),
        )

    @Slot(str, str)
    def _activated(self, key: str, _token: str) -> None:
        if key.startswith(LATE):
            self.open_incident.emit(key.removeprefix(LATE))
