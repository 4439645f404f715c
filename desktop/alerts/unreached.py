"""Tells an owner of an alert that reached nobody: one notice, one chime, gone once it did (PRODUCT A9)."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from desktop.alerts.notifications.port import Note
from desktop.alerts.standing_told import StandingTold, Voice
from desktop.desk import Desk
from desktop.translation import translate
from sync.cache.changes import Changes
from sync.domain.people import UnreachedAlert
from sync.domain.times import HOUR_MS

UNREACHED = "unreached"


class Unreached(StandingTold):
    """open_ticket(str): the one that the notice is about. open_check(): there are several."""

    open_ticket = Signal(str)
    open_check = Signal()

    def __init__(self, desk: Desk, voice: Voice) -> None:
        super().__init__(desk, voice)
        self._told: frozenset[str] = frozenset()
        self._standing: tuple[str, ...] = ()

    def concerns(self, changes: Changes) -> bool:
        return changes.oversight

    def look(self) -> None:
        """Tell what is new, take away what is over."""
        followed = {row.id for row in self._desk.reader.categories() if row.alerted}
        since = self._desk.clock.now_ms() - HOUR_MS
        open_ = [
            one for one in self._desk.reader.unreached(since) if one.reached_at is None and one.category_id in followed
        ]
        new = {one.id for one in open_} - self._told
        standing = tuple(dict.fromkeys(one.ticket_id for one in open_))
        if not open_:
            if self._standing:
                self._voice.notifications.close(UNREACHED)
        elif (new or standing != self._standing) and not self._voice.quiet():
            self._voice.notifications.show(self._note(open_))
            if new:
                self._voice.chime()
        elif new:
            return  # told once the quiet time is over: the next look finds them still open
        self._told |= new
        self._standing = standing

    def _note(self, rows: Sequence[UnreachedAlert]) -> Note:
        if len({one.ticket_id for one in rows}) > 1:
            title = translate("Alerts", "{count} tickets have reached nobody").format(
                count=len({one.ticket_id for one in rows})
            )
            words = translate("Alerts", "No workstation has shown them. The oldest waits since {time}.")
            at = self._desk.moments.clock(min(one.at for one in rows))
            return Note(UNREACHED, title, words.format(time=at), translate("Alerts", "Open the spot-check"))
        detail = self._desk.reader.ticket(rows[0].ticket_id)
        number = f" #{detail.row.number}" if detail is not None and detail.row.number is not None else ""
        title = translate("Alerts", "Nobody was reached:{number}").format(number=number)
        words = translate("Alerts", "No workstation has shown it since {time}.").format(
            time=self._desk.moments.clock(rows[0].at)
        )
        lines = [words] if detail is None else [f"{detail.row.subject[:200]}, {detail.row.category_name}", words]
        return Note(UNREACHED, title, "\n".join(lines), translate("Alerts", "Open ticket"))

    def activate(self, key: str) -> None:
        if key != UNREACHED:
            return
        if len(self._standing) == 1:
            self.open_ticket.emit(self._standing[0])
        else:
            self.open_check.emit()
