"""Tickets accepted a second, beside a bare insert of the same rows, a transaction for each; on both databases."""

import http.client
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from stage.postgres import postgres
from stage.process import ProgramMissing
from sync.server.database import Database
from sync.server.house import House
from sync.server.migrations import migrate
from sync.server.web.forms import TicketForm
from sync.server.web.front_desk import FrontDesk
from tests.bench.report import Row

COUNT = 700
ROUNDS = 3
LINES = 8
BUDGET = "at least 0.5"
BESIDE = "bare insert of the same rows, a transaction each"
_PRAGMAS = ("journal_mode = wal", "synchronous = full", "wal_autocheckpoint = 4000", "cache_size = -32000")
_OF_TICKET = {
    "ticket": "id = :ticket",
    "message": "ticket_id = :ticket",
    "arrival": "ticket_id = :ticket",
    "requester": "id = :requester",
    "page_secret": "ticket_id = :ticket",
    "object_state": "object_id IN (:ticket, :requester, :message, :arrival)",
}
_IDS = """
SELECT t.id, t.requester_id, m.id, a.id FROM ticket t JOIN message m ON m.ticket_id = t.id
JOIN arrival a ON a.ticket_id = t.id ORDER BY t.number
"""
Statement = tuple[str, tuple[object, ...]]
Fresh = Callable[[], str]
"""The address of a new, empty database."""


def run() -> list[Row]:
    """Through the desk behind the form, and through the form of a server process on the same two cores.

    The best of some rounds each, taken in turns: what waits for the disk is told from what the code costs.
    """
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
        numbers = iter(range(1_000))
        rows += _measured("SQLite", lambda: str(Path(name) / f"{next(numbers)}.sqlite"))
    try:
        with postgres(durable=True) as server, ExitStack() as stack:
            rows += _measured("PostgreSQL", lambda: stack.enter_context(server.database()))
    except ProgramMissing:
        pass
    return rows


def _measured(kind: str, fresh: Fresh) -> list[Row]:
    filed = bare = posted = stepped = 0.0
    for _ in range(ROUNDS):
        filled = fresh()
        filed = max(filed, COUNT / _filed(filled))
        bare = max(bare, COUNT / _bare(filled, fresh()))
        posted = max(posted, COUNT / _posted(fresh(), {}))
        stepped = max(stepped, COUNT / _posted(fresh(), {"step": "offer"}))
    return [
        _row(f"{kind}: filed by one thread", filed, bare),
        _row(f"{kind}: POST /tickets on {LINES} lines", posted, bare),
        replace(_row(f"{kind}: the same by our form, with its step", stepped, bare), within=None, budget="none"),
    ]


def _row(how: str, measured: float, bare: float) -> Row:
    return Row(f"tickets on {how}", bare, measured, BUDGET, measured >= bare / 2, "/s", BESIDE)


def _form(number: int) -> TicketForm:
    text = f"Invoice {number} was taken from my card on Friday and again on Monday. Please pay one of them back. " * 4
    return TicketForm("", f"Person {number}", f"p{number}@mail.example", f"Charged twice, invoice {number}", text)


def _filed(address: str) -> float:
    house = House.open(address)
    category = house.grants.add_category("Billing")
    desk = FrontDesk(house)
    forms = [replace(_form(number), category_id=category) for number in range(COUNT)]

    def work() -> None:
        for form in forms:
            desk.file(form)

    seconds = _seconds(work)
    house.close()
    return seconds


def _bare(source: str, target: str) -> float:
    """Seconds for the rows of each ticket in a transaction of their own, prepared beforehand."""
    made = Database.open(target)
    migrate(made)
    made.close()
    filled = Database.open(source)
    batches = filled.read(lambda: list(_batches(filled)))
    filled.close()
    write = _into_postgres if filled.is_postgres else _into_sqlite
    with write(target) as insert:
        return _seconds(lambda: [insert(statements) for statements in batches])


def _batches(base: Database) -> Iterator[list[Statement]]:
    mark = "%s" if base.is_postgres else "?"
    for ticket, requester, message, arrival in base.select(_IDS):
        ids = {"ticket": ticket, "requester": requester, "message": message, "arrival": arrival}
        statements: list[Statement] = []
        for table, condition in _OF_TICKET.items():
            named = [word.strip("(),") for word in condition.split() if word.strip("(").startswith(":")]
            asked = condition
            for one in named:
                asked = asked.replace(one, "?", 1)
            sql = f"SELECT * FROM {table} WHERE {asked}"  # noqa: S608  # our own tables
            for row in base.select(sql, [ids[one[1:]] for one in named]):
                marks = ", ".join([mark] * len(row))
                statements.append((f"INSERT INTO {table} VALUES ({marks})", tuple(row)))  # noqa: S608  # the same
        yield statements


@contextmanager
def _into_sqlite(target: str) -> Iterator[Callable[[Sequence[Statement]], None]]:
    base = sqlite3.connect(target, isolation_level=None)
    for pragma in _PRAGMAS:
        base.execute(f"PRAGMA {pragma}")

    def insert(statements: Sequence[Statement]) -> None:
        base.execute("BEGIN IMMEDIATE")
        for sql, values in statements:
            base.execute(sql, values)
        base.execute("COMMIT")

    yield insert
    base.close()


@contextmanager
def _into_postgres(target: str) -> Iterator[Callable[[Sequence[Statement]], None]]:
    with psycopg.connect(target, prepare_threshold=1) as base:

        def insert(statements: Sequence[Statement]) -> None:
            for sql, values in statements:
                base.execute(sql.encode(), values)
            base.commit()

        yield insert


def _posted(address: str, more: dict[str, str]) -> float:
    """By a server process."""
    house = House.open(address)
    house.grants.add_category("Billing")
    house.parts.settings.put("form.per_hour", "1000000")
    house.close()
    command = [sys.executable, "-m", "sync.server", "--database", address, "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        if server.stdout is None:
            raise RuntimeError("no output to read")
        host = server.stdout.readline().split()[-1].removeprefix("http://")
        with ThreadPoolExecutor(LINES) as pool:
            return _seconds(lambda: list(pool.map(partial(_post, host, more), range(LINES))))
    finally:
        server.terminate()
        server.wait()


def _post(host: str, more: dict[str, str], line: int) -> None:
    connection = http.client.HTTPConnection(host)
    for number in range(line, COUNT, LINES):
        form = _form(number)
        fields = {"category": "Billing", "name": form.name, "email": form.email, **more}
        body = urlencode({**fields, "subject": form.subject, "text": form.text})
        connection.request("POST", "/tickets", body, {"content-type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
        if answer.status != 303:
            raise RuntimeError(f"the server answered {answer.status}")
    connection.close()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
