"""Tickets accepted a second, beside a bare insert of the same rows, one transaction for each ticket."""

import http.client
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

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
BESIDE = "bare insert of the same rows"
_PRAGMAS = ("journal_mode = wal", "synchronous = full", "wal_autocheckpoint = 4000", "cache_size = -32000")
_OF_TICKET = {
    "ticket": "id = :ticket",
    "message": "ticket_id = :ticket",
    "arrival": "ticket_id = :ticket",
    "requester": "id = :requester",
    "page_secret": "ticket_id = :ticket",
    "object_state": "object_id IN (:ticket, :requester, :message, :arrival)",
}


def run() -> list[Row]:
    """Through the desk behind the form, and through the form of a server process on the same two cores.

    The best of some rounds each, taken in turns: what waits for the disk is told from what the code costs.
    """
    filed, bare, posted = 0.0, 0.0, 0.0
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
            folder = Path(name)
            filed = max(filed, COUNT / _filed(folder / "filed.sqlite"))
            bare = max(bare, COUNT / _bare(folder / "filed.sqlite", folder / "bare.sqlite"))
            posted = max(posted, COUNT / _posted(folder / "served"))
    return [_row("filed by one thread", filed, bare), _row(f"POST /tickets on {LINES} lines", posted, bare)]


def _row(how: str, measured: float, bare: float) -> Row:
    name, beside = f"tickets accepted: {how}", "bare insert of the same rows, a transaction each"
    return Row(name, bare, measured, BUDGET, measured >= bare / 2, "/s", beside)


def _form(number: int) -> TicketForm:
    text = f"Invoice {number} was taken from my card on Friday and again on Monday. Please pay one of them back. " * 4
    return TicketForm("", f"Person {number}", f"p{number}@mail.example", f"Charged twice, invoice {number}", text)


def _filed(path: Path) -> float:
    house = House.open(path)
    category = house.grants.add_category("Billing")
    desk = FrontDesk(house)
    forms = [replace(_form(number), category_id=category) for number in range(COUNT)]

    def work() -> None:
        for form in forms:
            desk.file(form, ())

    seconds = _seconds(work)
    house.close()
    return seconds


def _bare(source: Path, target: Path) -> float:
    """Seconds for the rows of each ticket in a transaction of their own, prepared beforehand."""
    filled = sqlite3.connect(source)
    made = Database.open(target)
    migrate(made)
    made.close()
    batches = [_rows_of(filled, ticket) for (ticket,) in filled.execute("SELECT id FROM ticket ORDER BY number")]
    filled.close()
    base = sqlite3.connect(target, isolation_level=None)
    for pragma in _PRAGMAS:
        base.execute(f"PRAGMA {pragma}")

    def write() -> None:
        for statements in batches:
            base.execute("BEGIN IMMEDIATE")
            for sql, values in statements:
                base.execute(sql, values)
            base.execute("COMMIT")

    seconds = _seconds(write)
    base.close()
    return seconds


def _rows_of(base: sqlite3.Connection, ticket: str) -> list[tuple[str, tuple[object, ...]]]:
    sql = "SELECT t.requester_id, m.id, a.id FROM ticket t JOIN message m ON m.ticket_id = t.id "
    found = base.execute(sql + "JOIN arrival a ON a.ticket_id = t.id WHERE t.id = ?", (ticket,)).fetchone()
    ids = {"ticket": ticket, "requester": found[0], "message": found[1], "arrival": found[2]}
    statements: list[tuple[str, tuple[object, ...]]] = []
    for table, condition in _OF_TICKET.items():
        for row in base.execute(f"SELECT * FROM {table} WHERE {condition}", ids):  # noqa: S608  # our own tables
            statements.append((f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row))  # noqa: S608  # the same
    return statements


def _posted(folder: Path) -> float:
    command = [sys.executable, "-m", "sync.server", "--data", str(folder)]
    for words in (["init"], ["category", "add", "Billing"], ["setting", "form.per_hour", "1000000"]):
        subprocess.run([*command, *words], check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([*command, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        if server.stdout is None:
            raise RuntimeError("no output to read")
        host = server.stdout.readline().split()[-1].removeprefix("http://")
        with ThreadPoolExecutor(LINES) as pool:
            return _seconds(lambda: list(pool.map(lambda line: _post(host, line), range(LINES))))
    finally:
        server.terminate()
        server.wait()


def _post(host: str, line: int) -> None:
    connection = http.client.HTTPConnection(host)
    for number in range(line, COUNT, LINES):
        form = _form(number)
        fields = {"category": "Billing", "name": form.name, "email": form.email}
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
