"""Runs the owner's check every so many minutes, records it, and tells it by one notification and one chime."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.alerts.check_run import last_check, run_check
from desktop.alerts.check_settings import LEFT_OUT, CheckSettings
from desktop.alerts.chime import ChimePlayer
from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.preferences import Preferences
from desktop.alerts.wording import check_note
from desktop.bridge import Bridge
from desktop.intents import Intents
from desktop.lanes import Lane
from desktop.settings import Settings
from sync.cache.cache import Cache
from sync.cache.changes import Changes
from sync.domain.clock import Clock
from sync.domain.errors import DeskbellError
from sync.domain.spot_check import Report
from sync.domain.times import MINUTE_MS
from sync.engine.status import Condition

_BEAT_MS = 5_000
_AGAIN_MS = 10_000


class CheckTimer(QObject):
    """The timer is for an owner's workstation; by hand anybody may check.

    checked(Report): a check ran, by the timer or by hand, and is recorded.
    unknown(str): it could not be told yet who waits, in a sentence; nothing is recorded and it is tried again soon.
    """

    checked = Signal(object)
    unknown = Signal(str)

    def __init__(
        self,
        cache: Cache,
        lane: Lane,
        intents: Intents,
        bridge: Bridge,
        settings: Settings,
        preferences: Preferences,
        chimes: ChimePlayer,
        notifications: Notifications,
        clock: Clock,
        quiet: Callable[[], bool],
        records: bool = True,
    ) -> None:
        """`lane` is where the cache is read; `quiet` tells whether sound and notifications wait now.

        `records` is False for an agent, who may look but whose checks are not the owner's.
        """
        super().__init__()
        self._cache = cache
        self._lane = lane
        self._intents = intents
        self._bridge = bridge
        self.choices = CheckSettings(settings)
        self._preferences = preferences
        self._chimes = chimes
        self._notifications = notifications
        self._clock = clock
        self._quiet = quiet
        self._records = records
        self.next_at = 0
        self.last: Report | None = None
        self._beat = QTimer(self, interval=_BEAT_MS)
        self._beat.timeout.connect(self._look)
        settings.changed.connect(self._setting_changed)

    def start(self) -> None:
        """Check from now on, first when the interval since the last recorded check is over."""
        now = self._clock.now_ms()

        def due(last: int) -> None:
            self.next_at = max(now, min(last, now) + self._interval)
            self._beat.start()
            self._look()

        self._lane.run(lambda: _last_at(self._cache, now), due)

    def stop(self) -> None:
        self._beat.stop()

    @property
    def _interval(self) -> int:
        return self.choices.minutes * MINUTE_MS

    def check_now(self, told: bool = False) -> None:
        """Run a check; `told` also by notification and chime."""
        now, as_of = self._clock.now_ms(), self._as_of()
        self.next_at = now + self._interval

        def work() -> Report:
            reader = self._cache.reader()
            try:
                return run_check(reader, now, as_of)
            finally:
                reader.close()

        self._lane.run(work, lambda report: self._done(report, told), self._not_told)

    @Slot()
    def _look(self) -> None:
        """Wall time, so that a check that fell into the machine's sleep runs on waking."""
        now = self._clock.now_ms()
        self.next_at = min(self.next_at, now + self._interval)
        if now >= self.next_at:
            self.check_now(told=True)

    @Slot(str)
    def _setting_changed(self, name: str) -> None:
        if name == LEFT_OUT:
            left_out = self.choices.left_out

            def work() -> Changes:
                reader = self._cache.reader()
                try:
                    seen = {row.id for row in reader.categories()}
                finally:
                    reader.close()
                return self._cache.follow(seen - left_out if left_out else None)

            self._lane.run(work, self._bridge.report_changes)

    def _as_of(self) -> int | None:
        status = self._bridge.status
        if status is None:
            return None
        return self._clock.now_ms() if status.condition is Condition.ONLINE else status.last_contact_ms

    def _not_told(self, error: DeskbellError) -> None:
        self.next_at = self._clock.now_ms() + _AGAIN_MS
        self.unknown.emit(str(error))

    def _done(self, report: Report, told: bool) -> None:
        self.last = report
        if self._records:
            oldest = report.oldest.ticket.ticket_id if report.oldest is not None else None
            as_of = report.as_of if report.as_of is not None else 0
            self._intents.record_check(as_of, report.awaiting, report.new, len(report.too_long), oldest)
        if told and self.choices.notify and (report.awaiting or report.new) and not self._quiet():
            self._chimes.play(self._preferences.now.check)
            self._notifications.show(check_note(report))
        self.checked.emit(report)


def _last_at(cache: Cache, now: int) -> int:
    reader = cache.reader()
    try:
        last = last_check(reader, now)
    finally:
        reader.close()
    return last.at if last is not None else 0
