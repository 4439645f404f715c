"""As many connected streams as a large house has, on one stream process: memory, idle load, time to tell."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sync.connectors.central import CentralConnector
from sync.connectors.port import AccountKind, Routed
from sync.connectors.session import Session
from sync.domain.actions import CreateTicket
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from tests.bench.crew import CATEGORY_SIZE, Crew, crew, serving
from tests.bench.memory import private_kb
from tests.bench.report import Row, percentile
from tests.bench.telling import STREAM_KB, Heard, crowd_of, delays

STREAMS = 10_000
TICKETS = 20
IDLE_S = 20.0
PAUSE_S = 0.5
SETTLE_S = 5.0
CLIENTS = 4
"""Processes that listen; with the server's they share this machine's cores."""


def run(streams: int = STREAMS) -> list[Row]:
    """One API process, one stream process."""
    with crew(streams) as made, serving(made.database, "api", "stream") as (api, stream):
        before, began = private_kb(stream.pid), time.monotonic()
        with heard_by(stream.address, made.tokens) as end:
            opened = time.monotonic() - began
            time.sleep(SETTLE_S)
            each = (private_kb(stream.pid) - before) / streams
            used, at = _cpu_s(stream.pid), time.monotonic()
            time.sleep(IDLE_S)
            idle = 100 * (_cpu_s(stream.pid) - used) / (time.monotonic() - at)
            to_all = file_tickets(made, api.address, TICKETS, PAUSE_S)
            to_few = file_tickets(made, api.address, TICKETS, PAUSE_S, team=0)
            heard = end()
    return [
        Row(f"memory of a stream, of {streams:,}", None, each, f"{STREAM_KB:g} kB", each <= STREAM_KB, "kB"),
        Row(f"{streams:,} streams opened, each signed in", None, streams / opened, "none", None, "/s"),
        Row(f"{streams:,} streams, idle with pings, of a core", None, idle, "none", None, "%"),
        *_told(f"ticket to all {streams:,} streams", delays(to_all, heard, streams)),
        *_told(f"ticket to {CATEGORY_SIZE} of {streams:,} streams", delays(to_few, heard, min(CATEGORY_SIZE, streams))),
    ]


def _told(name: str, seconds: list[float]) -> list[Row]:
    return [
        Row(f"{name}, {words}", None, percentile(seconds, share) * 1e3, "none", None, "ms")
        for words, share in (("p50", 0.5), ("p99", 0.99))
    ]


@contextmanager
def heard_by(address: str, tokens: list[str]) -> Iterator[Callable[[], Heard]]:
    """Streams with these tokens, in several processes; the value ends them and gives what all heard."""
    with ExitStack() as stack:
        share = -(-len(tokens) // CLIENTS)
        parts = [tokens[first : first + share] for first in range(0, len(tokens), share)]
        ends = [stack.enter_context(crowd_of(address, part)) for part in parts]

        def end() -> Heard:
            together: Heard = {}
            for one in ends:
                for ticket, times in one().items():
                    together.setdefault(ticket, []).extend(times)
            return together

        yield end


def file_tickets(
    made: Crew, address: str, count: int, pause_s: float = 0.05, team: int | None = None
) -> dict[str, float]:
    """File them as the first agent in the category of everybody, or of that team; when each was sent, by id."""
    clock, chance = SystemClock(), random.Random(3)
    ids = IdFactory(clock)
    connector = CentralConnector(Session(address, made.tokens[0], clock, ids.client_key))
    accounts = [one for one in connector.access().accounts if one.kind is AccountKind.CATEGORY]
    name = "Everybody" if team is None else f"Team {team}"
    account = next(one for one in accounts if one.name == name)
    filed: dict[str, float] = {}
    for number in range(count):
        text, subject = "The invoice was taken twice. " * 10, f"Call {number}"
        action = CreateTicket(
            ids.client_key(), ids.new("t"), str(account.category_id), subject, text, clock.now_ms(), "Cleo"
        )
        at = time.monotonic()
        filed[connector.send([Routed(action, account.id)])[0].ids["ticket"]] = at
        time.sleep(pause_s * (0.5 + chance.random()))
    time.sleep(SETTLE_S)
    return filed


def _cpu_s(pid: int) -> float:
    """Seconds of processor time that it has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
