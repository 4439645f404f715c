"""`deskbell --self-test`: what of sound, notification, tray and count works on this computer."""

import click
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.alerts.alert_desk import DESKTOP_ENTRY
from desktop.alerts.badge import Badge
from desktop.alerts.chime import ChimePlayer
from desktop.alerts.notifications.notifications import Notifications
from desktop.alerts.notifications.ways import ways_here
from desktop.alerts.tray import Tray
from desktop.alerts.truths import Truth, Truths, Verdict, Way
from desktop.files import RESOURCES
from desktop.lanes import Lanes
from sync.domain.clock import SystemClock

_MOST_MS = 10_000
_WORDS = {
    Verdict.WORKS: "works",
    Verdict.FAILS: "does not work",
    Verdict.UNKNOWN: "look for yourself",
    Verdict.UNDER_WAY: "no answer",
}
_NAMES = {Way.SOUND: "Sound", Way.NOTIFICATION: "Notification", Way.TRAY: "Tray icon", Way.COUNT: "Count on task bar"}


def run(application: QApplication) -> int:
    """Test all four, print a table, and give the exit code: 1 if one of them does not work, else 0."""
    lanes = Lanes()
    chimes, notifications, tray, badge = ChimePlayer(RESOURCES / "sounds"), Notifications(), Tray(), Badge(application)
    notifications.use(ways_here(lanes.home, notifications, RESOURCES / "deskbell.svg", DESKTOP_ENTRY))
    truths = Truths(chimes, notifications, tray, badge, lanes.chores, SystemClock())
    tray.start()
    try:
        known = _found(truths)
    finally:
        badge.show(0)
        chimes.stop()
        tray.stop()
        notifications.stop()
        lanes.close()
    for way in Way:
        click.echo(_line(known[way]))
    return 1 if any(truth.verdict in (Verdict.FAILS, Verdict.UNDER_WAY) for truth in known.values()) else 0


def _found(truths: Truths) -> dict[Way, Truth]:
    """Run the tests until each has told its result, or for ten seconds."""
    loop = QEventLoop()

    def look() -> None:
        if all(way in truths.known and truths.known[way].verdict is not Verdict.UNDER_WAY for way in Way):
            loop.quit()

    truths.found.connect(lambda _truth: QTimer.singleShot(0, look))
    QTimer.singleShot(_MOST_MS, loop.quit)
    QTimer.singleShot(0, truths.test_all)
    loop.exec()
    return dict(truths.known)


def _line(truth: Truth) -> str:
    return f"{_NAMES[truth.way]:<20} {_WORDS[truth.verdict]:<18} {truth.sentence}"
