"""A window in a process of its own, watched: takes a plan as JSON, tells as JSON lines; by itself an empty one.

Plan: `data`, `server`, `name`, `password` of the desktop; `gaps`: watch the UI thread, once painted, with a timer of
1 ms; `until`: "rest", "loaded" (so many `tickets`) or "input"; `browse`: look at lists, threads and searches at last.
"""

import json
import os
import random
import sys
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QMainWindow

from tests.bench.memory import peak_mb
from tests.bench.report import percentile

REST_S = 1.0
REST_SHARE = 0.05
WATCHING_SHARE = 0.15
SAMPLE_MS = 50
POLL_MS = 5
FINE = Qt.TimerType.PreciseTimer


def say(event: str, **values: Any) -> None:
    """Tell whoever started this."""
    sys.stdout.write(json.dumps({"event": event, "at": time.monotonic(), **values}) + "\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Plan:
    """What this run is for."""

    data: str = ""
    server: str = ""
    name: str = ""
    password: str = ""
    tickets: int = 0
    gaps: bool = False
    until: str = "rest"
    browse: bool = False


class Gaps(QObject):
    """How long the UI thread is busy with something else, as a timer of 1 ms sees it."""

    def __init__(self) -> None:
        super().__init__()
        self._all = array("d")
        self._last = 0.0
        self._timer = QTimer(self, interval=1, timerType=FINE)
        self._timer.timeout.connect(self._tick)

    @Slot()
    def start(self) -> None:
        """From now on."""
        self._last = time.perf_counter()
        self._timer.start()

    def figures(self) -> dict[str, float]:
        """In ms."""
        return {"p99": percentile(self._all, 0.99) * 1e3, "longest": max(self._all, default=0.0) * 1e3}

    def _tick(self) -> None:
        now = time.perf_counter()
        self._all.append(now - self._last)
        self._last = now


class Rest(QObject):
    """Finds the first full second in which this process used next to nothing of a core."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share
        self._seen: list[tuple[float, float]] = []
        self._timer = QTimer(self, interval=SAMPLE_MS)
        self._timer.timeout.connect(self._look)
        self.since: float | None = None

    def start(self) -> None:
        """Look from now on; what was before does not count."""
        self._seen.clear()
        self.since = None
        self._timer.start()

    def _look(self) -> None:
        now = (time.monotonic(), time.process_time())
        self._seen.append(now)
        while len(self._seen) > 1 and self._seen[1][0] <= now[0] - REST_S:
            self._seen.pop(0)
        first = self._seen[0]
        if now[0] - first[0] >= REST_S and now[1] - first[1] <= self._share * (now[0] - first[0]):
            self.since = first[0]
            self._timer.stop()


class Painted(QObject):
    """Says so when a widget has been painted for the first time."""

    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.done = False

    @Slot()
    def _tell(self) -> None:
        say("painted")
        self.painted.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and not self.done:
            self.done = True
            QTimer.singleShot(0, self, self._tell)
        return False


class Shown(Protocol):
    """What fills a seat."""

    def ready(self) -> bool:
        """Whether what the plan waits for is there."""
        ...

    def browse(self, done: Callable[[], None]) -> None:
        """Look at everything, then call `done`."""
        ...

    def close(self) -> None:
        """End in order."""
        ...


Fill = Callable[[QApplication, Plan, Painted], Shown]


class Empty:
    """The floor: a main window with nothing in it."""

    def __init__(self, _application: QApplication, _plan: Plan, painted: Painted) -> None:
        self._window = QMainWindow()
        self._window.installEventFilter(painted)
        self._window.resize(1280, 800)
        self._window.show()

    def ready(self) -> bool:
        return True

    def browse(self, done: Callable[[], None]) -> None:
        done()

    def close(self) -> None:
        self._window.close()


class Seat(QObject):
    """Runs the plan and quits."""

    def __init__(self, application: QApplication, plan: Plan, fill: Fill) -> None:
        super().__init__()
        self._application = application
        self._plan = plan
        self._gaps = Gaps()
        self._rest = Rest(REST_SHARE + (WATCHING_SHARE if plan.gaps else 0.0))
        self._painted = Painted()
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self._look)
        self._input = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self._input.activated.connect(self._read)
        self._shown = fill(application, plan, self._painted)
        if plan.gaps:
            self._painted.painted.connect(self._gaps.start)
        self._poll.start()

    def _look(self) -> None:
        if not self._shown.ready() or not self._painted.done:
            return
        self._poll.setInterval(SAMPLE_MS)
        self._poll.timeout.disconnect(self._look)
        self._poll.timeout.connect(self._wait_for_rest)
        say("loaded")
        self._rest.start()

    def _wait_for_rest(self) -> None:
        if self._rest.since is None:
            return
        self._poll.stop()
        say("rested", since=self._rest.since, peak=peak_mb(os.getpid()), **self._gaps.figures())
        if self._plan.browse:
            self._shown.browse(self._end)
        elif self._plan.until != "input":
            self._end()

    def _read(self) -> None:
        if not os.read(0, 65_536):
            self._input.setEnabled(False)
            self._end()

    def _end(self) -> None:
        say("end", peak=peak_mb(os.getpid()), **self._gaps.figures())
        self._shown.close()
        self._application.quit()


def main(fill: Fill) -> None:
    """Run the plan."""
    random.seed(5)
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    seat = Seat(application, Plan(**json.loads(sys.argv[1])), fill)
    application.exec()
    del seat


if __name__ == "__main__":
    main(Empty)
