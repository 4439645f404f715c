"""One person's desk over a real server in this process: real cache, connector and engine, everything in this thread."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from random import Random
from typing import Any

from PySide6.QtWidgets import QApplication
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from desktop.bridge import Bridge
from desktop.desk import Desk
from desktop.files import RESOURCES
from desktop.intents import Intents
from desktop.lanes import InlineLanes
from desktop.models.moments import Moments
from desktop.settings import Settings
from desktop.theme.appearance import Appearance, Choice
from sync.cache.cache import Cache
from sync.connectors.central.connector import CentralConnector
from sync.connectors.port import Hint
from sync.domain.ids import IdFactory
from sync.engine.engine import Engine, Nudge
from sync.engine.reports import Arrived, Changed, Report, StatusChanged
from tests.rigs.office import Office


class _Shared(BaseAdapter):
    """The office's transport, which outlives the connections of one workstation."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self._office = office

    def send(self, request: PreparedRequest, *arguments: Any, **more: Any) -> Response:
        assert self._office.transport is not None
        return self._office.transport.send(request, *arguments, **more)

    def close(self) -> None:
        """New connections: nothing to end here."""


class Seat:
    """`sync()` asks the server until nothing is new; screens are told at once."""

    def __init__(self, office: Office, name: str, folder: Path, application: QApplication) -> None:
        folder.mkdir()
        self.office = office
        self.syncs = 0
        ids = IdFactory(office.clock, Random(3))
        self.cache = Cache.open(folder / "cache", None, office.clock, ids)
        self.connector = CentralConnector(office.session(office.token(name), _Shared(office)))
        self.engine = Engine(self.cache, self.connector, office.clock, Random(5), self._report)
        appearance = Appearance(RESOURCES, application)
        appearance.choose(Choice.LIGHT)
        lanes, bridge = InlineLanes(), Bridge()
        intents = Intents(self.cache, lanes.cache, bridge, ids, office.clock, self.sync)
        self.desk = Desk(
            appearance=appearance, settings=Settings(folder), cache=self.cache, reader=self.cache.reader(),
            lanes=lanes, bridge=bridge, intents=intents, ids=ids, clock=office.clock, moments=Moments(UTC),
        )  # fmt: skip
        self.sync()

    def sync(self) -> None:
        """A person's click on "sync now"."""
        self.syncs += 1
        nudge = Nudge.CLICK
        for _ in range(60):
            if self.engine.step(nudge).wait_seconds:
                return
            nudge = Nudge.TIMER
        raise AssertionError("the engine does not come to rest")

    def hear(self, hint: Hint) -> None:
        """As if the stream had brought it."""
        self.engine.on_hint(hint)

    def close(self) -> None:
        """Nothing is told any more."""
        self.desk.bridge.blockSignals(True)
        self.desk.intents.close()
        self.desk.reader.close()
        self.cache.close()

    def _report(self, report: Report) -> None:
        if isinstance(report, Changed):
            self.desk.bridge.changed.emit(report.changes)
        elif isinstance(report, Arrived):
            self.desk.bridge.arrived.emit(report.notices, report.digest)
        elif isinstance(report, StatusChanged):
            self.desk.bridge.status = report.status
            self.desk.bridge.status_changed.emit(report.status)


@contextmanager
def seat_of(office: Office, name: str, folder: Path, application: QApplication) -> Iterator[Seat]:
    """Signed in, and everything here."""
    seat = Seat(office, name, folder / f"seat-{name}", application)
    try:
        yield seat
    finally:
        seat.close()
