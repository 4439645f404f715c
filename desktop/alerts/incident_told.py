"""Tells whoever keeps an incident, and owners, that its expected repair has passed: once, with a chime (PRODUCT A6)."""

from PySide6.QtCore import Signal

from desktop.alerts.notifications.port import Note
from desktop.alerts.standing_told import StandingTold, Voice
from desktop.desk import Desk
from desktop.translation import translate
from sync.cache.changes import Changes
from sync.domain.incidents import Incident
from sync.domain.times import DAY_MS

LATE = "incident:"
_TOLD = "alerts/incidents/told"


class IncidentTold(StandingTold):
    """open_incident(str): from a click. What was told is remembered over restarts."""

    open_incident = Signal(str)

    def __init__(self, desk: Desk, voice: Voice, person_id: str, is_owner: bool) -> None:
        super().__init__(desk, voice)
        self._person_id = person_id
        self._is_owner = is_owner
        self._standing: set[str] = set()

    def concerns(self, changes: Changes) -> bool:
        return changes.incidents

    def look(self) -> None:
        """Tell what is late and not told yet; take away what is repaired or has another time."""
        since = self._desk.clock.now_ms() - DAY_MS
        late = {
            one.id: one
            for one in self._desk.reader.incidents()
            if one.late_at is not None and one.late_at >= since and one.fixed_at is None and self._is_mine(one)
        }
        for gone in self._standing - set(late):
            self._voice.notifications.close(LATE + gone)
        self._standing &= set(late)
        told = set(self._desk.settings.text(_TOLD).split())
        new = [one for one in late.values() if f"{one.id}@{one.late_at}" not in told]
        if not new or self._voice.quiet():
            return  # told once the quiet time is over: the next look finds them still late
        for one in new:
            self._voice.notifications.show(self._note(one))
            self._standing.add(one.id)
        self._voice.chime()
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

    def activate(self, key: str) -> None:
        if key.startswith(LATE):
            self.open_incident.emit(key.removeprefix(LATE))
