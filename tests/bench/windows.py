"""Start to a settled window, memory, and how long the UI thread is stalled while everything arrives."""

import statistics
import tempfile
from pathlib import Path

from tests.bench.house import Filled, Server, filled
from tests.bench.report import Row
from tests.bench.window import virtual_screen, window
from tests.rigs.office import PASSWORD

TICKETS = 100_000
MILLION = 1_000_000
STARTS = 5
EMPTY_MB, PEAK_MB = 53, 130


def run(large: bool = False) -> list[Row]:
    """A first copy of 100,000 tickets watched, then starts over them; `large`: memory with ten times as many."""
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
        folder = Path(name)
        made = filled(folder, TICKETS, 1)
        with made.served() as server:
            rows = stalls(folder / "data", server)
            rows += starts(folder / "data", server, None, "off screen")
            with virtual_screen() as display:
                rows += starts(folder / "data", server, display, "Xvfb") if display else []
            few = peak(folder / "data", server)
            rows.append(Row(f"peak memory, {TICKETS:,} messages", empty_peak(), few, f"{PEAK_MB} MB", few <= PEAK_MB,
                            "MB", "empty window"))  # fmt: skip
    return rows + (_million(few) if large else [])


def _million(few: float) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
        folder = Path(name)
        made: Filled = filled(folder, MILLION, 3)
        with made.served() as server:
            _copy(folder / "data", server, MILLION // 3, gaps=False)
            many = peak(folder / "data", server)
    return [Row("peak memory, 1 M messages", few, many, "1.1 times", many <= 1.1 * few, "MB", "with 100,000")]


def stalls(data: Path, server: Server) -> list[Row]:
    """The longest times in which the UI thread could not answer, from the window's start to rest."""
    with window(gaps=True, until="input") as empty:
        empty.until("rested")
        floor = empty.finish()
    told = _copy(data, server, TICKETS, gaps=True)
    beside = "empty window"
    return [
        Row("stall while 100,000 tickets arrive, p99", floor["p99"], told["p99"], "16 ms", told["p99"] <= 16, "ms",
            beside),
        Row("stall while 100,000 tickets arrive, longest", floor["longest"], told["longest"], "50 ms",
            told["longest"] <= 50, "ms", beside),
        Row("peak memory of that first copy", floor["peak"], told["peak"], f"{PEAK_MB} MB", told["peak"] <= PEAK_MB,
            "MB", beside),
    ]  # fmt: skip


def _copy(data: Path, server: Server, tickets: int, *, gaps: bool) -> dict[str, float]:
    data.mkdir()
    plan = {"data": str(data), "server": server.address, "name": "agent0", "password": PASSWORD}
    with window(**plan, gaps=gaps, until="loaded", tickets=tickets) as first:
        return first.until("end")


def starts(data: Path, server: Server, display: str | None, where: str) -> list[Row]:
    """From the start of the process to the list painted, and to rest; medians of some, in turns with the empty one."""
    painted: list[float] = []
    rested: list[float] = []
    empty_painted: list[float] = []
    empty_rested: list[float] = []
    for _ in range(STARTS):
        for plan, paints, rests in (
            ({}, empty_painted, empty_rested),
            ({"data": str(data), "server": server.address}, painted, rested),
        ):
            with window(display, **plan) as one:
                paints.append(one.until("painted")["at"] - one.began)
                rests.append(one.until("rested")["since"] - one.began)
                one.until("end")
    rows = []
    for words, ours, floor in (("painted list", painted, empty_painted), ("settled window", rested, empty_rested)):
        measured, reference = statistics.median(ours) * 1e3, statistics.median(floor) * 1e3
        within = measured <= 3 * reference
        rows.append(Row(f"start to a {words}, {TICKETS:,} tickets, {where}", reference, measured, "3 times", within,
                        "ms", "empty PySide6 window"))  # fmt: skip
    return rows


def peak(data: Path, server: Server) -> float:
    """The most memory of a start with lists, threads and searches looked at, MB."""
    with window(data=str(data), server=server.address, browse=True) as one:
        return float(one.until("end")["peak"])


def empty_peak() -> float:
    """The most memory of an empty window, MB."""
    with window() as one:
        return float(one.until("end")["peak"])
