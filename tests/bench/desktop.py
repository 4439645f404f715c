"""The whole desktop for a benchmark: signed in by itself, its arrivals told, its screens looked at."""

import gc
import random
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop import lean  # noqa: F401  # as the program begins
from desktop.app import Options, Program
from desktop.models.place import view
from desktop.run import Run
from desktop.secrets import Secrets
from sync.cache.rows import Sort, View, ViewName
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.engine.reports import ArrivalNotice
from sync.engine.status import Condition
from tests.bench.seat import Painted, Plan, main, say

STEP_MS = 150
VIEWS: tuple[ViewName, ...] = ("all", "closed", "awaiting")


class FileVault:
    """Secrets in a plain file of a folder that lives as long as the benchmark."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "secrets.json"

    def load(self) -> Secrets | None:
        return Secrets.from_text(self._path.read_text()) if self._path.exists() else None

    def save(self, kept: Secrets) -> None:
        self._path.write_text(kept.to_text())


class Desktop(QObject):
    """The program, and what a benchmark wants to know of it."""

    def __init__(self, application: QApplication, plan: Plan, painted: Painted) -> None:
        super().__init__()
        clock, data = SystemClock(), Path(plan.data)
        options = Options(data, plan.server, plan.name, plan.password, FileVault(data))
        self._program = Program(application, options, clock, IdFactory(clock, random.SystemRandom()))
        self._painted = painted
        self._watched = False
        self._plan = plan
        self._steps: list[Callable[[], object]] = []
        self._stepping = QTimer(self, interval=STEP_MS)
        self._program.start()

    def ready(self) -> bool:
        """Whether the list is there; with "loaded" every ticket too, with "input" the live connection."""
        run = self._program.run
        if run is None or not run.parts.model.loaded:
            return False
        if not self._watched:
            self._watch(run)
        status = run.status
        if self._plan.until == "rest":
            return True
        if status is None or status.condition is not Condition.ONLINE or status.loading is not None:
            return False
        return self._plan.until == "input" or len(run.desk.reader.ticket_ids(View("all"), Sort())) >= self._plan.tickets

    def close(self) -> None:
        """End in order."""
        self._program.quit()

    def browse(self, done: Callable[[], None]) -> None:
        """Lists by several orders, places anywhere in them, threads, searches as one types."""
        run = self._running()
        steps: list[Callable[[], object]] = []
        for name in VIEWS:
            steps.append(partial(run.parts.browsing.go, view(name)))
            steps += [partial(self._open, run, share) for share in (0.0, 0.2, 0.5, 0.9)] * 2
        for text in ("a", "ab", "sta", "person 42", "vip"):
            steps += [partial(run.parts.browsing.search, text[:end]) for end in range(1, len(text) + 1)]
        steps.append(done)
        self._steps = steps
        self._stepping.timeout.connect(self._step)
        self._stepping.start()

    def _step(self) -> None:
        step = self._steps.pop(0)
        if not self._steps:
            self._stepping.stop()
        step()

    def _open(self, run: Run, share: float) -> None:
        model, pane = run.parts.model, run.window.list_pane
        position = int((model.rowCount() - 1) * share) + random.randrange(3) - 1
        row = model.row_at(max(position, 0))
        if row is not None:
            pane.view.scrollTo(model.index(max(position, 0), 0))
            run.parts.presenter.show_ticket(row.id)

    def _running(self) -> Run:
        if self._program.run is None:
            raise RuntimeError("nobody is signed in")
        return self._program.run

    def _watch(self, run: Run) -> None:
        self._watched = True
        run.window.list_pane.view.viewport().installEventFilter(self._painted)
        run.window.list_pane.view.viewport().update()
        run.desk.bridge.arrived.connect(self._arrived)
        run.alerts.alerts.rang.connect(lambda _choice: say("rang"))

    def _arrived(self, notices: Iterable[ArrivalNotice], digest: bool) -> None:
        say("arrived", tickets=[one.arrival.ticket_id for one in notices], digest=digest)


if __name__ == "__main__":
    gc.freeze()  # as the program does
    main(Desktop)
