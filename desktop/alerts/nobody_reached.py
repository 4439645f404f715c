"""What an alert that reached nobody looks like on the screen: one notice for all of them, gone once it is over."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal

from desktop.alerts.notifications.port import Note
from desktop.alerts.standing_told import StandingTold, Voice
from desktop.desk import Desk
from desktop.translation import translate
from sync.domain.people import NextInLine, UnreachedAlert
from sync.domain.times import HOUR_MS

Alert = UnreachedAlert | NextInLine


@dataclass(frozen=True, slots=True)
class Manner:
    """The key of the notice, what several are called, and what a click on those opens."""

    key: str
    line: str
    offer: str


class NobodyReached(StandingTold):
    """open_ticket(str): the one that the notice is about. open_several(): there are several.

    Sub-classes say which alerts stand, how they sound, and what else comes with being told.
    """

    open_ticket = Signal(str)
    open_several = Signal()

    def __init__(self, desk: Desk, voice: Voice) -> None:
        super().__init__(desk, voice)
        self._told: frozenset[str] = frozenset()
        self._standing: tuple[str, ...] = ()

    def manner(self) -> Manner:
        """In the language of now."""
        raise NotImplementedError

    def alerts(self, since_ms: int) -> Sequence[Alert]:
        """Those that stand, of arrivals since then, the newest first."""
        raise NotImplementedError

    def must_wait(self, alerts: Sequence[Alert]) -> bool:
        """Whether a quiet time holds them back."""
        del alerts
        return self._voice.quiet()

    def shown(self, alerts: Sequence[Alert]) -> None:
        """They stand on the screen."""

    def sound(self, alerts: Sequence[Alert]) -> None:
        """For what is new among them."""
        del alerts
        self._voice.chime()

    def look(self) -> None:
        """Tell what is new, take away what is over."""
        open_ = self.alerts(self._desk.clock.now_ms() - HOUR_MS)
        new = {one.id for one in open_} - self._told
        standing = tuple(dict.fromkeys(one.ticket_id for one in open_))
        if not open_:
            if self._standing:
                self._voice.notifications.close(self.manner().key)
        elif (new or standing != self._standing) and not self.must_wait(open_):
            self._voice.notifications.show(self._note(open_))
            self.shown(open_)
            if new:
                self.sound([one for one in open_ if one.id in new])
        elif new:
            return  # told once the quiet time is over: the next look finds them still open
        self._told |= new
        self._standing = standing

    def _note(self, alerts: Sequence[Alert]) -> Note:
        manner, tickets = self.manner(), {one.ticket_id for one in alerts}
        if len(tickets) > 1:
            title = translate("Alerts", "{count} tickets have reached nobody").format(count=len(tickets))
            words = translate("Alerts", "No workstation has shown them. The oldest waits since {time}.")
            at = self._desk.moments.clock(min(one.at for one in alerts))
            lines = [words.format(time=at), manner.line]
            return Note(manner.key, title, "\n".join(one for one in lines if one), manner.offer)
        detail = self._desk.reader.ticket(alerts[0].ticket_id)
        number = f" #{detail.row.number}" if detail is not None and detail.row.number is not None else ""
        title = translate("Alerts", "Nobody was reached:{number}").format(number=number)
        words = translate("Alerts", "No workstation has shown it since {time}.")
        lines = [] if detail is None else [f"{detail.row.subject[:200]}, {detail.row.category_name}"]
        lines += [words.format(time=self._desk.moments.clock(alerts[0].at)), manner.line]
        return Note(manner.key, title, "\n".join(one for one in lines if one), translate("Alerts", "Open ticket"))

    def activate(self, key: str) -> None:
        if key != self.manner().key:
            return
        if len(self._standing) == 1:
            self.open_ticket.emit(self._standing[0])
        else:
            self.open_several.emit()
