"""A first copy of 100,000 messages from a real server, and the idle round after it beside a small store's."""

import os
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import requests

from desktop.lanes import begun
from sync.cache.cache import Cache
from sync.cache.reader import Reader
from sync.cache.rows import Sort, View
from sync.connectors.central import CentralConnector
from sync.connectors.central.api import Api
from sync.connectors.session import PatientAdapter
from sync.domain.ids import IdFactory
from sync.engine.engine import Engine
from sync.engine.reports import Changed, Report
from tests.bench.bare import Bare
from tests.bench.house import Server, filled
from tests.bench.report import Row

MESSAGES, SMALL, LARGE = 100_000, 10_000, 1_000_000
ROUNDS = 100
BESIDE_IDLE = "Core/echo; mbsync 318 ms"
BUDGET_FIRST_MS, BUDGET_IDLE_MS = 1000.0, 5.0


class Counting(PatientAdapter):
    """The network, with a count of the requests."""

    count = 0

    def send(self, *arguments: Any, **named: Any) -> requests.Response:
        self.count += 1
        return super().send(*arguments, **named)


class Leaping:
    """A clock that leaps over waits."""

    def __init__(self) -> None:
        self.leapt = 0.0

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + int(self.leapt * 1000)

    def monotonic(self) -> float:
        return time.monotonic() + self.leapt


class Station:
    """A workstation without a screen."""

    def __init__(self, folder: Path, server: Server, token: str) -> None:
        self._folder = folder
        self._clock = Leaping()
        self.cache = Cache.open(folder, os.urandom(32), self._clock, IdFactory(self._clock))
        self._reader: Reader = self.cache.reader()
        self.network = Counting()
        self._session = server.session(token, self.network)
        self.engine = Engine(
            self.cache, CentralConnector(self._session), self._clock, random.SystemRandom(), self._hear, begun
        )
        self.usable = self.copied = 0.0
        self._began = 0.0

    def copy(self) -> float:
        """Everything down and indexed; seconds of all. `usable`, `copied`: seconds to the first rows and to all."""
        self._began = time.perf_counter()
        loading = False
        while self.engine.step().wait_seconds == 0.0:
            loading = loading or self.engine.status.loading is not None
            if loading and not self.copied and self.engine.status.loading is None:
                self.copied = time.perf_counter() - self._began
        return time.perf_counter() - self._began

    def rounds(self) -> tuple[float, float, bool]:
        """Idle rounds: ms of each (median), requests of each, and whether one of them wrote."""
        times = []
        wait = self.engine.step().wait_seconds
        before, state = self.network.count, self._on_disk()
        for _ in range(ROUNDS):
            self._clock.leapt += wait
            start = time.perf_counter()
            wait = self.engine.step().wait_seconds
            times.append((time.perf_counter() - start) * 1e3)
        wrote = self._on_disk() != state
        return statistics.median(times), (self.network.count - before) / ROUNDS, wrote

    def echo(self) -> float:
        """A bare request of the same server, ms (median)."""
        times = []
        api = Api(self._session)
        for _ in range(ROUNDS):
            request = api.request()
            request.call("Core/echo", {"hello": True})
            start = time.perf_counter()
            api.run(request)
            times.append((time.perf_counter() - start) * 1e3)
        return statistics.median(times)

    def close(self) -> None:
        """Done with it."""
        self._reader.close()
        self.cache.close()

    def _hear(self, report: Report) -> None:
        if isinstance(report, Changed) and not self.usable and len(self._reader.ticket_ids(View("all"), Sort())):
            self.usable = time.perf_counter() - self._began

    def _on_disk(self) -> list[tuple[int, int]]:
        return [(one.stat().st_size, one.stat().st_mtime_ns) for one in sorted(self._folder.glob("*.db*"))]


def first_copy() -> list[Row]:
    """Beside the bare insert of the same messages."""
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
        folder = Path(name)
        made = filled(folder, MESSAGES)
        reference = Bare(folder, MESSAGES)
        reference.close()
        with made.served() as server:
            station = Station(folder / "cache", server, made.tokens[0])
            whole = station.copy()
            station.close()
    usable, copied, bare = station.usable * 1e3, station.copied * 1e3, reference.insert * 1e3
    index, bare_index = whole * 1e3 - copied, reference.index * 1e3
    beside = "bare executemany into SQLCipher"
    return [
        Row("first copy, newest tickets usable", None, usable, "1,000 ms", usable <= BUDGET_FIRST_MS),
        Row(f"first copy, all {MESSAGES:,} messages", bare, copied, "3 times", copied <= 3 * bare, "ms", beside),
        Row("first copy, index behind it", bare_index, index, "none", None, "ms", "bare FTS5 rebuild"),
    ]


def idle(large: bool = False) -> list[Row]:
    """`large`: a million messages beside ten thousand, else a hundred thousand."""
    few, many, echo = _idle(SMALL), _idle(LARGE if large else MESSAGES), 0.0
    (small, _, _, echo), (big, calls, wrote, _) = few, many
    words = "1 M" if large else f"{MESSAGES:,}"
    return [
        Row(f"idle round, {words} messages", echo, big, "5 ms", big <= BUDGET_IDLE_MS, "ms", BESIDE_IDLE),
        Row(f"idle round, {words} beside {SMALL:,} messages", small, big, "1.1 times", big <= 1.1 * small, "ms",
            f"with {SMALL:,}"),
        Row("idle round, requests", 1.0, calls, "1", calls <= 1, ""),
        Row("idle round, writes", None, float(wrote), "none", not wrote, ""),
    ]  # fmt: skip


def _idle(messages: int) -> tuple[float, float, bool, float]:
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
        folder = Path(name)
        made = filled(folder, messages)
        with made.served() as server:
            station = Station(folder / "cache", server, made.tokens[0])
            station.copy()
            figures = station.rounds()
            echo = station.echo()
            station.close()
    return (*figures, echo)
