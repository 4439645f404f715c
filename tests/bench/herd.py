"""All workstations of a large house come back at once: the server's processes are killed and started again."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.bench.crew import Crew, Process, crew, start, stop
from tests.bench.report import Row, percentile

CLIENTS = 10_000
PROCESSES = 4
LONGEST_S = 300.0
ERRORS_AFTER_S = 60.0
AWAY_S = 2.0


def run(clients: int = CLIENTS) -> list[Row]:
    """One API and one stream process, killed together; then told to end, as an upgrade does it."""
    with crew(clients) as made:
        return [*_herd(made, "killed", signal.SIGKILL), *_herd(made, "restarted", signal.SIGTERM)]


def _herd(made: Crew, how: str, end: signal.Signals) -> list[Row]:
    ports = [_free_port(), _free_port()]
    with ExitStack() as stack:
        servers = _started(made, ports)
        stack.callback(_stop_all, servers)
        plan = {"api": servers[0].address, "stream": servers[1].address}
        members = [stack.enter_context(_clients(plan, part)) for part in _parts(made.tokens)]
        for one in members:
            _line(one, "quiet", LONGEST_S)
        for server in servers:
            server.process.send_signal(end)
        for server in servers:
            server.process.communicate()
        time.sleep(AWAY_S)
        servers[:] = _started(made, ports)
        back = time.monotonic()
        for one in members:
            _say(one, {"back": back})
        told = [_line(one, "end", LONGEST_S) for one in members]
    return _rows(made, how, told)


def _stop_all(servers: list[Process]) -> None:
    for one in servers:
        stop(one)


def _rows(made: Crew, how: str, told: Sequence[dict[str, Any]]) -> list[Row]:
    name = f"{len(made.tokens):,} workstations, server {how}"
    syncs = [one for part in told for one in part["syncs"]]
    late = sum(at > ERRORS_AFTER_S for part in told for at in part["errors"])
    return [
        Row(f"{name}: quiet after", None, max(part["quiet"] for part in told), "none", None, "s"),
        Row(f"{name}: 5xx after {ERRORS_AFTER_S:g} s", None, late, "0", late == 0, ""),
        Row(f"{name}: 5xx at all", None, sum(len(part["errors"]) for part in told), "none", None, ""),
        Row(f"{name}: first sync p50", None, percentile(syncs, 0.5) * 1e3, "none", None, "ms"),
        Row(f"{name}: first sync p99", None, percentile(syncs, 0.99) * 1e3, "none", None, "ms"),
    ]


def _started(made: Crew, ports: Sequence[int]) -> list[Process]:
    return [start(made.database, role, port) for role, port in zip(("api", "stream"), ports, strict=True)]


def _parts(tokens: list[str]) -> list[list[str]]:
    share = -(-len(tokens) // PROCESSES)
    return [tokens[first : first + share] for first in range(0, len(tokens), share)]


@contextmanager
def _clients(plan: dict[str, str], tokens: list[str]) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.returning", json.dumps(plan)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        _say(process, tokens)
        yield process
    finally:
        process.kill()
        process.communicate()


def _say(process: "subprocess.Popen[str]", what: Any) -> None:
    if process.stdin is None:
        raise RuntimeError("no input to write to")
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()


def _line(process: "subprocess.Popen[str]", event: str, seconds: float) -> dict[str, Any]:
    if process.stdout is None:
        raise RuntimeError("no output to read")
    found: dict[str, Any] = json.loads(process.stdout.readline())
    if found["event"] != event:
        raise RuntimeError(f"a client process says {found} and not {event} within {seconds:g} s")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
