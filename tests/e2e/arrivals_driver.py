"""A program with a real cache and the whole alert desk: files arrivals when told, and says what happened."""

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication, QMainWindow

from desktop.alerts.alert_desk import AlertDesk, Person
from desktop.lanes import Lanes
from sync.domain.records import ArrivalKind, Priority, TicketArrival
from sync.engine.reports import ArrivalNotice
from sync.engine.status import Condition, SyncStatus
from tests.rigs.world import ME, World


def say(**values: Any) -> None:
    """Tell the test."""
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


class Driver:
    """Does what the lines say."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        self._application = application
        self._world = World(folder, application)
        self._lanes = Lanes()
        desk = self._world.desk
        self._desk = replace(desk, lanes=self._lanes)
        self._world.desk = self._desk
        self.window = QMainWindow()
        self.window.resize(1000, 600)
        self.window.show()
        self._alerts = AlertDesk(self._desk, application, Person(ME, is_owner=False), lambda: None)
        self._alerts.open_ticket.connect(lambda ticket_id: say(opened=ticket_id))
        self._alerts.truths.found.connect(lambda truth: say(way=truth.way.value, verdict=truth.verdict.value))
        self._alerts.start(self.window)
        self._desk.bridge.report_status(SyncStatus(Condition.ONLINE, self._world.clock.now))
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)
        self._rest = b""

    def stop(self) -> None:
        """Take everything apart."""
        self._alerts.stop()
        self._lanes.close()
        self._world.close()

    def _read(self) -> None:
        data = os.read(0, 65_536)
        if not data:
            self._application.quit()
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._do(**json.loads(line))

    def _do(self, do: str, **values: Any) -> None:
        match do:
            case "arrive":
                self._arrive(**values)
            case "quiet":
                self._alerts.toggle_quiet()
                say(quiet=self._alerts.alerts.quiet)
            case "grab":
                self.window.grab().save(values["file"])
                say(grabbed=True)

    def _arrive(self, count: int, subject: str, kind: str = "new", priority: str = "normal") -> None:
        """`count` tickets, each told ahead of its rows, as push does."""
        world = self._world
        last = ""
        for place in range(count):
            last = world.ticket(f"{subject} {place}" if count > 1 else subject, priority=priority, minutes_ago=0)
            arrival = TicketArrival(
                f"a{last}", last, None, ArrivalKind(kind), Priority(priority), None, world.clock.now
            )
            notice = ArrivalNotice(world.account_ids["Downloads"], arrival)
            self._desk.bridge.report_arrivals((notice,), False)
            world.clock.now += 200
        self._alerts.show_counts(self._desk.reader.counts())
        say(arrived=last, at=time.time())


def main() -> None:
    """Run until the input ends."""
    application = QApplication(sys.argv)
    application.setApplicationName("deskbell")
    application.setDesktopFileName("deskbell")
    application.setQuitOnLastWindowClosed(False)
    with tempfile.TemporaryDirectory() as folder:
        driver = Driver(application, Path(folder))
        say(ready=True)
        application.exec()
        driver.stop()


if __name__ == "__main__":
    main()
