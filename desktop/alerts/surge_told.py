"""A surge is one notice that grows, with one chime: while it lasts its tickets do not ring themselves (PRODUCT F4)."""

from desktop.alerts.notifications.port import Note
from desktop.alerts.places import Places
from desktop.alerts.standing_told import StandingTold, Voice
from desktop.desk import Desk
from desktop.translation import translate
from sync.cache.changes import Changes
from sync.cache.incidents import Surge
from sync.domain.records import Priority
from sync.domain.ringing import Ringing

SURGE = "surge:"


class SurgeTold(StandingTold):
    """For categories that ring for this person; owners are told of all that they follow."""

    def __init__(self, desk: Desk, voice: Voice, places: Places) -> None:
        super().__init__(desk, voice)
        self._places = places
        self._lasting: dict[str, Surge] = {}
        self._told: dict[str, int] = {}

    def covers(self, one: Ringing) -> bool:
        """Whether the notice of a surge stands for this arrival: not what is urgent, nor what is for me alone; nor in a
        quiet time, in which no notice is shown."""
        surge = self._lasting.get(one.category_id)
        is_told = surge is not None and surge.id in self._told and not self._voice.quiet()
        return is_told and one.priority is not Priority.URGENT and not one.is_personal

    def concerns(self, changes: Changes) -> bool:
        return changes.surges

    def look(self) -> None:
        """Tell what has begun or grown, take away what is over."""
        followed = {row.id for row in self._desk.reader.categories() if row.alerted} | self._places.granted
        self._lasting = {one.category_id: one for one in self._desk.reader.surges() if one.category_id in followed}
        lasting = {one.id: one for one in self._lasting.values()}
        for gone in set(self._told) - set(lasting):
            del self._told[gone]
            self._voice.notifications.close(SURGE + gone)
        new = [one for one in lasting.values() if one.id not in self._told]
        grown = [one for one in lasting.values() if self._told.get(one.id, one.count) < one.count]
        if self._voice.quiet() or not (new or grown):
            return
        for one in (*new, *grown):
            self._voice.notifications.show(self._note(one))
            self._told[one.id] = one.count
        if new:
            self._voice.chime()

    def _note(self, surge: Surge) -> Note:
        name = self._places.names.get(surge.category_id, "")
        title = translate("Alerts", "Surge in {category}: {count} in {minutes} min, usual {usual}").format(
            category=name, count=surge.count, minutes=surge.minutes, usual=surge.usual
        )
        words = translate("Alerts", "While it lasts its tickets do not ring one by one. Is there one cause behind?")
        return Note(SURGE + surge.id, title, words, translate("Alerts", "Show what is new"))
