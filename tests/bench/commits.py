"""Tickets committed a second by the server's own code on SQLite and on PostgreSQL, beside a bare insert on each."""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from stage.postgres import postgres
from sync.server.house import House
from sync.server.intake import Asker, Filing
from tests.bench.report import Row
from tests.rigs.office import quick_hasher

COUNT = 600
LINES = 8
_BARE = "CREATE TABLE bare (id {serial}, subject TEXT, text TEXT, at BIGINT)"
_TEXT = "Invoice was taken from my card on Friday and again on Monday. Please pay one of them back. " * 4


def run() -> list[Row]:
    """By one thread and by eight: tickets of one category, and each thread its own."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
        rows += _measured("SQLite", str(Path(name) / "server.sqlite"), _bare_sqlite(Path(name) / "bare.sqlite"))
    with postgres(durable=True) as server, server.database() as address:
        rows += _measured("PostgreSQL", address, _bare_postgres(address))
    return rows


def _measured(kind: str, address: str, bare: Callable[[int], float]) -> list[Row]:
    house = House.open(address, hasher=quick_hasher())
    try:
        categories = [house.grants.add_category(f"Category {number}") for number in range(LINES)]
        rows = []
        for lines, chosen, how in (
            (1, categories[:1], "one thread"),
            (LINES, categories[:1], f"{LINES} threads, one category"),
            (LINES, categories, f"{LINES} threads, a category each"),
        ):
            floor = COUNT / bare(lines)
            speed = COUNT / _seconds(lines, partial(_file, house, chosen))
            beside = f"bare insert of one row on {kind}, {lines} connections, a transaction each"
            rows.append(Row(f"{kind}: tickets committed, {how}", floor, speed, "none", None, "/s", beside))
        return rows
    finally:
        house.close()


def _file(house: House, categories: Sequence[str], number: int) -> None:
    asker = Asker(f"Person {number}", f"p{number}@mail.example")
    filing = Filing(categories[number % len(categories)], asker, f"Charged twice, invoice {number}", _TEXT)
    house.parts.journal.write(lambda: house.intake.file_ticket(filing))


def _bare_sqlite(path: Path) -> Callable[[int], float]:
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA journal_mode = wal")
        base.execute(_BARE.format(serial="INTEGER PRIMARY KEY"))
    base.close()

    def insert(number: int) -> None:
        connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        connection.execute("PRAGMA synchronous = full")
        _many(connection, "INSERT INTO bare (subject, text, at) VALUES (?, ?, ?)", number)
        connection.close()

    return lambda lines: _in_lines(lines, insert)


def _bare_postgres(address: str) -> Callable[[int], float]:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(_BARE.format(serial="BIGSERIAL PRIMARY KEY").encode())

    def insert(lines: int) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            _many(connection, "INSERT INTO bare (subject, text, at) VALUES (%s, %s, %s)", lines)

    return lambda lines: _in_lines(lines, insert)


def _many(connection: Any, sql: str, lines: int) -> None:
    for number in range(COUNT // lines):
        connection.execute(sql, (f"Charged twice, invoice {number}", _TEXT, number))


def _in_lines(lines: int, insert: Callable[[int], None]) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(lines) as pool:
        list(pool.map(insert, [lines] * lines))
    return time.perf_counter() - began


def _seconds(lines: int, work: Callable[[int], None]) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(lines) as pool:
        list(pool.map(work, range(COUNT)))
    return time.perf_counter() - began
