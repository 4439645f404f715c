"""What works on this computer: sound, notification, tray, count; tested, and said in a sentence each (PRODUCT A7)."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal, Slot

from desktop.alerts.badge import Badge
from desktop.alerts.chime import ChimePlayer
from desktop.alerts.notifications.freedesktop_link import abilities_here
from desktop.alerts.notifications.notifications import Notifications, NotifierState
from desktop.alerts.notifications.port import Note
from desktop.alerts.tray import Tray
from desktop.lanes import Lane
from sync.domain.alerting import Chime
from sync.domain.clock import Clock

TEST_KEY = "test"
TEST_COUNT = 12


class Way(StrEnum):
    """A way to reach the agent."""

    SOUND = "sound"
    NOTIFICATION = "notification"
    TRAY = "tray"
    COUNT = "count"


class Verdict(StrEnum):
    """How far it works: `UNKNOWN` where only the person can see it."""

    WORKS = "works"
    FAILS = "fails"
    UNKNOWN = "unknown"
    UNDER_WAY = "underWay"


@dataclass(frozen=True, slots=True)
class Truth:
    """One finding."""

    way: Way
    verdict: Verdict
    sentence: str


class Truths(QObject):
    """Runs the tests. Each tells its result by `found`, some after a moment.

    found(Truth): a way was tested.
    """

    found = Signal(object)

    def __init__(
        self, chimes: ChimePlayer, notifications: Notifications, tray: Tray, badge: Badge, lane: Lane, clock: Clock
    ) -> None:
        """`lane` is where the desktop's service may be waited for."""
        super().__init__()
        self._chimes = chimes
        self._notifications = notifications
        self._tray = tray
        self._badge = badge
        self._lane = lane
        self._clock = clock
        self.known: dict[Way, Truth] = {}
        self.tested_at: int | None = None
        self.at_start = True
        notifications.state_changed.connect(self._note_went)
        tray.available_changed.connect(self.test_tray)
        chimes.outputs_changed.connect(self._outputs_changed)

    def test_quietly(self) -> None:
        """At the start: everything that can be known without a sound, a notification or a number on the screen."""
        self.at_start = True
        self.test_sound(quietly=True)
        self._probe_notification()
        self.test_tray()
        self._tell(Way.COUNT, Verdict.UNKNOWN, self.tr("Not shown yet. Only you can see whether the number is there."))

    def test_all(self) -> None:
        """All four, to be heard and seen."""
        self.at_start = False
        self.test_sound()
        self.test_notification()
        self.test_tray()
        self.test_count()

    def test_sound(self, quietly: bool = False) -> None:
        """Play the desk bell to its end."""
        device = self._chimes.device
        if device is None:
            self._tell(
                Way.SOUND, Verdict.FAILS, self.tr("This computer has no sound output. Plug in a headset or speakers.")
            )
            return
        self._tell(Way.SOUND, Verdict.UNDER_WAY, self.tr("Playing on “{device}”…").replace("{device}", device))
        self._chimes.prove(Chime.DESK_BELL, 0 if quietly else 70, self._sound_went(device, quietly))

    def test_notification(self) -> None:
        """Show one."""
        self._tell(Way.NOTIFICATION, Verdict.UNDER_WAY, self.tr("Showing one…"))
        title, body = self.tr("This is a test"), self.tr("Deskbell can reach you here.")
        self._notifications.show(Note(TEST_KEY, title, body, self.tr("Close")), in_window=False)

    @Slot()
    def test_tray(self) -> None:
        """Ask whether there is a tray."""
        if self._tray.available:
            self._tell(Way.TRAY, Verdict.WORKS, self.tr("Works. The bell stands in the tray."))
        else:
            words = self.tr("This desktop has no tray. The window stays in the task bar, so nothing is lost.")
            self._tell(Way.TRAY, Verdict.FAILS, words)

    def test_count(self) -> None:
        """Send a number."""
        self._badge.show_for_test(TEST_COUNT)
        words = self.tr("Sent; the task bar does not say whether it shows it. Do you see {count} now?")
        self._tell(Way.COUNT, Verdict.UNKNOWN, words.replace("{count}", str(TEST_COUNT)))

    def _sound_went(self, device: str, quietly: bool) -> Callable[[bool], None]:
        def done(played: bool) -> None:
            words = self.tr("Works. Played on “{device}”.")
            if quietly:
                words = self.tr("Works. “{device}” takes sound.")
            if not played:
                words = self.tr("“{device}” does not take the sound. Choose another output, then test again.")
            self._tell(Way.SOUND, Verdict.WORKS if played else Verdict.FAILS, words.replace("{device}", device))

        return done

    def _probe_notification(self) -> None:
        if sys.platform in ("win32", "darwin"):
            self._tell(Way.NOTIFICATION, Verdict.UNKNOWN, self.tr("Not shown yet. Show one to see whether it works."))
            return
        self._lane.run(abilities_here, self._probed)

    def _probed(self, abilities: frozenset[str] | None) -> None:
        if abilities is None:
            words = self.tr("This desktop has no notification service. Notices stand in the window instead.")
            self._tell(Way.NOTIFICATION, Verdict.FAILS, words)
        else:
            self._tell(Way.NOTIFICATION, Verdict.WORKS, self._notification_words("actions" in abilities))

    def _notification_words(self, clickable: bool) -> str:
        if clickable:
            return self.tr("Works. The desktop confirmed it, and a click opens the ticket.")
        return self.tr("Works. The desktop confirmed it; a click does not reach Deskbell here.")

    @Slot(object)
    def _note_went(self, state: NotifierState) -> None:
        if state.shown:
            self._tell(Way.NOTIFICATION, Verdict.WORKS, self._notification_words(state.clickable))
        elif state.sent:
            words = self.tr("Sent; this desktop does not say whether it shows it. Do you see it?")
            self._tell(Way.NOTIFICATION, Verdict.UNKNOWN, words)
        elif state.shown is False:
            words = self.tr("{why} Notices stand in the window instead.").replace("{why}", state.why)
            self._tell(Way.NOTIFICATION, Verdict.FAILS, words)

    @Slot()
    def _outputs_changed(self) -> None:
        if Way.SOUND in self.known:
            self.test_sound(quietly=True)

    def _tell(self, way: Way, verdict: Verdict, sentence: str) -> None:
        truth = Truth(way, verdict, sentence)
        self.known[way] = truth
        self.tested_at = self._clock.now_ms()
        self.found.emit(truth)
