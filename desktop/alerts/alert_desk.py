"""Everything that reaches the agent outside the window, put together for one signed-in person."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.alerts.alerts import Alerts
from desktop.alerts.badge import Badge
from desktop.alerts.check_timer import CheckTimer
from desktop.alerts.chime import ChimePlayer
from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.notifications.port import Note
from desktop.alerts.notifications.toast import Toasts
from desktop.alerts.notifications.ways import ways_here
from desktop.alerts.places import Places
from desktop.alerts.preferences import Preferences
from desktop.alerts.quiet_times import QuietChoice, quiet_until
from desktop.alerts.standing_told import Voice
from desktop.alerts.surge_told import SurgeTold
from desktop.alerts.tray import Tray
from desktop.alerts.tray_face import face_of
from desktop.alerts.truths import Truth, Truths, Verdict, Way
from desktop.alerts.wording import tooltip
from desktop.desk import Desk
from desktop.files import RESOURCES
from sync.cache.rows import Counts
from sync.domain.alerting import UNTIL_CANCELLED
from sync.engine.status import SyncStatus

DESKTOP_ENTRY = "deskbell"
_TRUTH_KEY = "truth"
_MINUTE_MS = 60_000
_TEST_AFTER_MS = 1_500
_SAY_AFTER_MS = 6_000


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in."""

    id: str
    is_owner: bool


class AlertDesk(QObject):
    """Made after sign-in, stopped at sign-out.

    wanted(str): raise, next_awaiting, quick_note, sync_now, settings, spot_check, view_new, quit.
    open_ticket(str): a ticket's id.
    """

    wanted = Signal(str)
    open_ticket = Signal(str)

    def __init__(
        self, desk: Desk, application: QGuiApplication, person: Person, in_view: Callable[[], str | None]
    ) -> None:
        """`in_view` names the ticket on the screen, None while its window is not the active one."""
        super().__init__()
        self._desk = desk
        self._counts = Counts()
        self.person = person
        self.in_view = in_view
        self.preferences = Preferences(desk.settings)
        self.chimes = ChimePlayer(RESOURCES / "sounds")
        self.notifications = Notifications()
        self.tray = Tray()
        self.badge = Badge(application)
        self._places = Places(desk.reader, desk.bridge)
        self.alerts = self._make_alerts(in_view)
        self.truths = Truths(self.chimes, self.notifications, self.tray, self.badge, desk.lanes.chores, desk.clock)
        self.checks = self._make_checks()
        self.voice = Voice(self.preferences, self.chimes, self.notifications, lambda: self.alerts.quiet)
        self.surges = SurgeTold(desk, self.voice, self._places)
        self.alerts.covered = self.surges.covers
        self._minute = QTimer(self, interval=_MINUTE_MS)
        self._test = QTimer(self, singleShot=True, interval=_TEST_AFTER_MS)
        self._say = QTimer(self, singleShot=True, interval=_SAY_AFTER_MS)
        self._connect()

    def _make_alerts(self, in_view: Callable[[], str | None]) -> Alerts:
        desk = self._desk
        return Alerts(
            desk.bridge,
            desk.reader,
            self._places,
            self.preferences,
            self.chimes,
            self.notifications,
            desk.clock,
            self.person.id,
            in_view,
        )

    def _make_checks(self) -> CheckTimer:
        desk = self._desk
        return CheckTimer(
            desk.cache,
            desk.lanes.search,
            desk.intents,
            desk.bridge,
            desk.settings,
            self.preferences,
            self.chimes,
            self.notifications,
            desk.clock,
            lambda: self.alerts.quiet,
            records=self.person.is_owner,
        )

    def start(self, window: QWidget) -> None:
        """Show the icon and listen; `window` carries the toasts."""
        home = self._desk.lanes.home
        self.notifications.use(ways_here(home, self.notifications, RESOURCES / "deskbell.svg", DESKTOP_ENTRY))
        toasts = Toasts(self._desk.appearance, window)
        toasts.activated.connect(self._toast_clicked)
        self.notifications.use_window(toasts)
        self.tray.set_owner(self.person.is_owner)
        self.tray.start()
        self._minute.start()
        self._test.start()
        self._say.start()
        if self.person.is_owner:
            self.checks.start()
        self.refresh()

    def stop(self) -> None:
        """Silence, no icon, no count."""
        for timer in (self._minute, self._test, self._say):
            timer.stop()
        self.checks.stop()
        self.alerts.stop()
        self.chimes.stop()
        self.tray.stop()
        self.badge.show(0)
        self.notifications.stop()

    def show_counts(self, counts: Counts) -> None:
        """The figures of the one count query."""
        self._counts = counts
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Icon, tooltip, badge and menu as things stand now."""
        status = self._desk.bridge.status
        condition = status.condition if status is not None else None
        self.tray.show_face(face_of(condition, self._counts.awaiting, self.alerts.quiet))
        self.tray.show_tooltip(tooltip(self._counts, self._places.names, status, self._desk.moments))
        self.badge.show(self._counts.awaiting)
        self.tray.set_quiet(self._quiet_words())

    def toggle_quiet(self) -> str:
        """Do-not-disturb for an hour, or off; answers with a sentence about it."""
        now = self._desk.clock.now_ms()
        on = self.preferences.now.do_not_disturb(now)
        self._be_quiet(QuietChoice.OFF if on else QuietChoice.HOUR)
        if on:
            return self.tr("You are rung again.")
        return self.tr("Do not disturb {until}. Counts go on.").replace("{until}", self._quiet_words())

    def _be_quiet(self, choice: QuietChoice) -> None:
        until = quiet_until(choice, self._desk.clock.now_ms())
        self.preferences.set(replace(self.preferences.now, dnd_until=until))

    def _quiet_words(self) -> str:
        now, until = self._desk.clock.now_ms(), self.preferences.now.dnd_until
        if not self.preferences.now.do_not_disturb(now):
            return ""
        if until == UNTIL_CANCELLED:
            return self.tr("until you switch it off")
        return self.tr("until {time}").replace("{time}", self._desk.moments.short(until, now))

    def _connect(self) -> None:
        self.tray.chosen.connect(self._chosen)
        self.alerts.open_ticket.connect(self.open_ticket)
        self.alerts.open_new.connect(lambda: self.wanted.emit("view_new"))
        self.alerts.open_check.connect(lambda: self.wanted.emit("spot_check"))
        self.preferences.changed.connect(self.refresh)
        self._desk.bridge.status_changed.connect(self._status_changed)
        self._minute.timeout.connect(self.refresh)
        self._test.timeout.connect(self.truths.test_quietly)
        self._say.timeout.connect(self._say_what_fails)

    @Slot(object)
    def _status_changed(self, _status: SyncStatus) -> None:
        self.refresh()

    @Slot(str)
    def _chosen(self, name: str) -> None:
        quiet = {
            "dnd_hour": QuietChoice.HOUR,
            "dnd_tomorrow": QuietChoice.TOMORROW,
            "dnd_off": QuietChoice.OFF,
        }
        if name in quiet:
            self._be_quiet(quiet[name])
        else:
            self.wanted.emit(name)

    @Slot(str)
    def _toast_clicked(self, key: str) -> None:
        if key.startswith(_TRUTH_KEY):
            self.wanted.emit("settings")
        else:
            self.notifications.activated.emit(key, "")

    @Slot()
    def _say_what_fails(self) -> None:
        """Once for each way that does not work here, again only after it worked in between."""
        for way in (Way.TRAY, Way.SOUND, Way.NOTIFICATION):
            truth = self.truths.known.get(way)
            if truth is None or truth.verdict is Verdict.UNDER_WAY:
                continue
            name = f"alerts/said/{way.value}"
            fails = truth.verdict is Verdict.FAILS
            if fails and not self._desk.settings.flag(name):
                self.notifications.show_in_window(self._truth_note(truth))
            self._desk.settings.put(name, fails)

    def _truth_note(self, truth: Truth) -> Note:
        title = {
            Way.SOUND: self.tr("No sound on this computer"),
            Way.NOTIFICATION: self.tr("No desktop notifications here"),
            Way.TRAY: self.tr("No tray on this desktop"),
            Way.COUNT: "",
        }[truth.way]
        return Note(f"{_TRUTH_KEY}:{truth.way.value}", title, truth.sentence, self.tr("Open the settings"))
