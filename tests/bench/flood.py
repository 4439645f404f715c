"""Agents' traffic while the public side is flooded (PRODUCT G6): an agent's round, and from filing to being told."""

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.house import Filled, Server, filled
from tests.bench.report import Row, percentile
from tests.bench.telling import crowd_of, delays, post

LINES, SECONDS = 200, 25
TICKETS = 60
ROUND_PAUSE_S = 0.05
BUDGET = "p99 250 ms in the flood"
LIMIT_MS = 250.0


def run() -> list[Row]:
    """Quiet, then beside 200 connections from 200 addresses that send forms, files, passwords, or nothing for long."""
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
        made = filled(Path(name), 2000, 3, 4)
        with made.served() as server:
            quiet_rounds, quiet_told = _measured(made, server)
            with _flooded(server) as seen:
                rounds, told = _measured(made, server)
    print(f"the flood was answered: {seen}")  # noqa: T201  # how hard it was, for whoever reads the figures
    return [
        *_rows("an agent's round", quiet_rounds, rounds),
        *_rows("ticket to agent told", quiet_told, told),
    ]


def _rows(name: str, quiet: list[float], flooded: list[float]) -> list[Row]:
    return [
        Row(f"{name} in a flood, {words}", percentile(quiet, share) * 1e3, percentile(flooded, share) * 1e3,
            BUDGET if share > 0.9 else "none", percentile(flooded, share) * 1e3 <= LIMIT_MS if share > 0.9 else None,
            "ms", "the same, quiet")
        for words, share in (("p50", 0.5), ("p99", 0.99))
    ]  # fmt: skip


def _measured(made: Filled, server: Server) -> tuple[list[float], list[float]]:
    """Seconds of each round of one agent, and from filing to telling for another."""
    rounds: list[float] = []
    done = threading.Event()

    def work() -> None:
        connector = server.connector(made.tokens[2])
        while not done.wait(ROUND_PAUSE_S):
            at = time.monotonic()
            connector.access()
            rounds.append(time.monotonic() - at)

    agent = threading.Thread(target=work)
    with crowd_of(server.address, made.tokens[3:4]) as end:
        agent.start()
        try:
            filed = post(made, server, TICKETS)
        finally:
            done.set()
            agent.join()
        heard = end()
    return rounds, delays(filed, heard, 1)


@contextmanager
def _flooded(server: Server) -> Iterator[dict[str, int]]:
    seen: dict[str, int] = {}
    words = [sys.executable, "-m", "tests.bench.flooder", server.address, str(SECONDS), str(LINES)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise RuntimeError("the flood did not begin")
        yield seen
        seen.update(json.loads(process.communicate(timeout=4 * SECONDS)[0].splitlines()[-1]))
    finally:
        process.kill()
        process.wait()
