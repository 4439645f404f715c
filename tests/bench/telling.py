"""From the filing of a ticket to the agent's desktop, and to all agents of the category: a real server, real streams.

Counted from before the ticket is sent, so acceptance itself is in each figure: with many streams the news is often
out before the answer is.
"""

import json
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sync.connectors.port import Account, AccountKind, Routed
from sync.domain.actions import CreateTicket
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from tests.bench.house import Filled, Server, filled
from tests.bench.memory import private_kb
from tests.bench.report import Row, percentile
from tests.bench.window import window
from tests.rigs.office import PASSWORD

TICKETS = 200
PAUSE_S = 0.1
SETTLE_S = 3.0
CROWDS = (200, 1000)
HELD, FEW = 10_000, 10
BUDGETS = {1: 50.0, 200: 100.0, 1000: 300.0}
STREAM_KB = 30.0

Heard = dict[str, list[float]]


def run(large: bool = False) -> list[Row]:
    """One desktop; then 200 and 1,000 streams on the category beside it; `large`: 10,000 streams are held."""
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
        folder = Path(name)
        made = filled(folder, 3000, 3, 2 + max(CROWDS))
        rows = []
        with made.served() as server:
            data = folder / "data"
            data.mkdir()
            told, _, _ = _desktop_hears(data, made, server, [])
            floor = bare(folder, 1)
            rows += _rows("agent told, chime decided", told, floor, 1)
            for crowd in CROWDS:
                told, heard, each = _desktop_hears(data, made, server, made.tokens[2 : 2 + crowd])
                floor = bare(folder, crowd)
                rows += _rows(f"agent told, beside {crowd:,} streams", told, floor, crowd)
                rows += _rows(f"all {crowd:,} streams", heard, floor, crowd)
            rows.append(_memory(max(CROWDS), each))
            if large:
                rows += _held(made, server)
    return rows


def _held(made: Filled, server: Server) -> list[Row]:
    """As many streams as one machine shall hold, with a few tickets told to all of them."""
    streams = made.tokens[2:] * (HELD // max(CROWDS))
    before = private_kb(server.pid)
    with crowd_of(server.address, streams) as end:
        time.sleep(SETTLE_S)
        each = (private_kb(server.pid) - before) / len(streams)
        filed = post(made, server, FEW)
        heard = delays(filed, end(), len(streams))
    name = f"{len(streams):,} streams, each told, p99"
    return [_memory(len(streams), each), Row(name, None, percentile(heard, 0.99), "none", None, "s")]


def _memory(streams: int, each: float) -> Row:
    name = f"memory of a stream on the server, of {streams:,}"
    return Row(name, None, each, f"{STREAM_KB:g} kB", each <= STREAM_KB, "kB")


def _rows(name: str, delays: list[float], floor: list[float], crowd: int) -> list[Row]:
    beside = "bare commit and sends; Dovecot 500 ms" if crowd == 1 else "bare commit and sends"
    budget = BUDGETS[crowd]
    return [
        Row(f"ticket to {name}, {words}", percentile(floor, share) * 1e3, percentile(delays, share) * 1e3,
            f"p99 {budget:g} ms", percentile(delays, share) * 1e3 <= budget, "ms", beside)
        for words, share in (("p50", 0.5), ("p99", 0.99))
    ]  # fmt: skip


def _desktop_hears(
    data: Path, made: Filled, server: Server, tokens: list[str]
) -> tuple[list[float], list[float], float]:
    """Delays at the desktop, delays at the streams, and kB of the server for each stream."""
    plan = {"data": str(data), "server": server.address, "name": "agent0", "password": PASSWORD}
    with window(**plan, until="input") as desktop:
        desktop.until("rested")
        before = private_kb(server.pid)
        with crowd_of(server.address, tokens) as end:
            time.sleep(SETTLE_S if tokens else 0.0)
            each = (private_kb(server.pid) - before) / max(1, len(tokens))
            filed = post(made, server, TICKETS)
            heard = end()
        desktop.finish()
    here = {
        ticket: [event["at"]] for event in desktop.events if event["event"] == "arrived" for ticket in event["tickets"]
    }
    return delays(filed, here, 1), delays(filed, heard, len(tokens)), each


def delays(filed: dict[str, float], heard: Heard, listeners: int) -> list[float]:
    """Seconds from each filing to each hearing. Raises RuntimeError where somebody missed one."""
    missed = [one for one in filed if listeners and len(heard.get(one, ())) < listeners]
    if missed:
        raise RuntimeError(f"{len(missed)} of {len(filed)} tickets were not heard by all")
    return [at - when for one, when in filed.items() for at in heard.get(one, ())]


def post(made: Filled, server: Server, count: int) -> dict[str, float]:
    """File tickets as another agent; when each was sent, by id."""
    clock, chance = SystemClock(), random.Random(3)
    ids = IdFactory(clock)
    connector = server.connector(made.tokens[1])
    account = next(one for one in connector.access().accounts if one.kind is AccountKind.CATEGORY)
    filed: dict[str, float] = {}
    for number in range(count):
        filing = Routed(_ticket(made, account, ids, clock, number), account.id)
        at = time.monotonic()
        filed[connector.send([filing])[0].ids["ticket"]] = at
        time.sleep(PAUSE_S * (0.5 + chance.random()))
    time.sleep(SETTLE_S)
    return filed


def _ticket(made: Filled, account: Account, ids: IdFactory, clock: SystemClock, number: int) -> CreateTicket:
    text = "The invoice was taken twice. " * 10
    return CreateTicket(
        ids.client_key(), ids.new("t"), made.category_id, f"Call {number}", text, clock.now_ms(), "Cleo"
    )


@contextmanager
def crowd_of(address: str, tokens: list[str]) -> Iterator[Callable[[], Heard]]:
    """Streams with these tokens while the block runs; the value ends them and gives what they heard."""
    if not tokens:
        yield dict
        return
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.listeners", address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("no pipes")
        process.stdin.write(json.dumps(tokens) + "\n")
        process.stdin.flush()
        if process.stdout.readline() != "ready\n":
            raise RuntimeError("not all streams were opened")
        yield lambda: json.loads(process.communicate()[0])
    finally:
        process.kill()
        process.wait()


def bare(folder: Path, listeners: int) -> list[float]:
    """The same delays for a server that does nothing but commit a row and send a line to each socket."""
    server = BareServer(folder / f"bare{listeners}.sqlite")
    with crowd_of(server.address, ["none"] * listeners) as end:
        filed = {f"t{number}": server.file(f"t{number}") for number in range(TICKETS)}
        time.sleep(1.0)
        heard = end()
    server.close()
    return delays(filed, heard, listeners)


class BareServer:
    """Answers each connection with the beginning of a stream."""

    def __init__(self, path: Path) -> None:
        self._base: Any = sqlite3.connect(path, isolation_level=None)
        for sql in (
            "PRAGMA journal_mode = wal",
            "PRAGMA synchronous = full",
            "CREATE TABLE ticket (id TEXT, text TEXT)",
        ):
            self._base.execute(sql)
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._streams: list[socket.socket] = []
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._welcome, daemon=True).start()

    def file(self, ticket_id: str) -> float:
        """Commit, tell, pause; when that began."""
        at = time.monotonic()
        self._base.execute("INSERT INTO ticket VALUES (?, ?)", (ticket_id, "The invoice was taken twice. " * 10))
        event = f'event: arrival\ndata: {{"ticketId":"{ticket_id}","kind":"new"}}\n\n'.encode()
        for stream in self._streams:
            stream.sendall(event)
        time.sleep(PAUSE_S / 2)
        return at

    def close(self) -> None:
        """End everything."""
        for one in (self._socket, *self._streams):
            one.close()
        self._base.close()

    def _welcome(self) -> None:
        with suppress(OSError):
            while True:
                stream, _ = self._socket.accept()
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stream.recv(65_536)
                stream.sendall(b"HTTP/1.1 200 OK\r\n\r\nretry: 1\n\nid: 1\n\n")
                self._streams.append(stream)
