"""Filed at one process, told at another: NOTIFY between them, beside a bare NOTIFY of a bare insert."""

import threading
import time
from contextlib import ExitStack

import psycopg

from tests.bench.crew import Crew, crew, serving
from tests.bench.report import Row, percentile
from tests.bench.streams import file_tickets, heard_by
from tests.bench.telling import delays

TICKETS = 200
CROWD = 200
BUDGET_MS = 100.0


def run() -> list[Row]:
    """An API process and a stream process; one stream, then 200."""
    rows = []
    with crew(CROWD) as made, serving(made.database, "api", "stream") as (api, stream):
        floor = _bare(made)
        for listeners in (1, CROWD):
            with heard_by(stream.address, made.tokens[:listeners]) as end:
                filed = file_tickets(made, api.address, TICKETS)
                told = delays(filed, end(), listeners)
            for words, share in (("p50", 0.5), ("p99", 0.99)):
                measured = percentile(told, share) * 1e3
                name = f"filed at one process, {listeners} told at another, {words}"
                beside = "bare insert and NOTIFY"
                rows.append(
                    Row(name, percentile(floor, share) * 1e3, measured, f"p99 {BUDGET_MS:g} ms",
                        measured <= BUDGET_MS, "ms", beside)
                )  # fmt: skip
    return rows


def _bare(made: Crew) -> list[float]:
    """Seconds from before an insert to its NOTIFY at another connection."""
    came: dict[str, float] = {}
    every = threading.Event()

    def listen(connection: psycopg.Connection[tuple[object, ...]]) -> None:
        for notice in connection.notifies(timeout=30):
            came[notice.payload] = time.monotonic()
            if len(came) == TICKETS:
                every.set()
                return

    with ExitStack() as stack:
        writes, hears = (stack.enter_context(psycopg.connect(made.database, autocommit=True)) for _ in range(2))
        writes.execute("CREATE TABLE bare (id TEXT, text TEXT)")
        hears.execute("LISTEN bare")
        thread = threading.Thread(target=listen, args=(hears,))
        thread.start()
        began = {}
        for number in range(TICKETS):
            began[str(number)] = time.monotonic()
            writes.execute("INSERT INTO bare VALUES (%s, %s)", (str(number), "The invoice was taken twice. " * 10))
            writes.execute("SELECT pg_notify('bare', %s)", (str(number),))
            time.sleep(0.01)
        every.wait(30)
        thread.join()
    return [came[one] - at for one, at in began.items() if one in came]
