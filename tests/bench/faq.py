"""FAQ offers beside a bare full-text query of the same database: 10,000 entries, questions as people type them."""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random

import psycopg

from stage.postgres import postgres
from sync.domain.faq import Status
from sync.server.audit import ADMINISTRATOR
from sync.server.faq.entries import Draft
from sync.server.faq.words import asked_stems
from sync.server.house import House
from tests.bench.corpus import corpus
from tests.bench.report import Row, percentile
from tests.rigs.office import quick_hasher

ENTRIES = 10_000
ASKED = 200
_PIECE = 500
_MOST_MS = 50
_BARE_SQLITE = "SELECT entry_id FROM faq_words WHERE faq_words MATCH ? ORDER BY rank LIMIT 5"
_BARE_POSTGRES = """
SELECT id FROM faq_entry, to_tsquery('english', %s) AS query WHERE words @@ query
ORDER BY ts_rank(words, query) DESC LIMIT 5
"""


def run() -> list[Row]:
    """On SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
        path = Path(name) / "faq.sqlite"
        rows = _measured("SQLite", str(path), partial(_bare_sqlite, path))
    with postgres() as server, server.database() as address:
        return rows + _measured("PostgreSQL", address, partial(_bare_postgres, address))


def _measured(kind: str, address: str, bare: Callable[[Sequence[str]], list[float]]) -> list[Row]:
    house, questions = _filled(address)
    try:
        offered = _times(house.faq.matching, questions)
        searched = _times(house.faq.search, [one.partition("\n")[0] for one in questions])
    finally:
        house.close()
    floor = bare([" ".join(asked_stems(one, "english")) for one in questions])
    return [
        _row(f"FAQ offers while one writes, {kind}, p95", offered, floor),
        _row(f"FAQ search by five words, {kind}, p95", searched, floor),
    ]


def _bare_sqlite(path: Path, questions: Sequence[str]) -> list[float]:
    base = sqlite3.connect(path)
    try:
        texts = [" OR ".join(f'"{word}"' for word in one.split()) for one in questions]
        return _times(lambda text: base.execute(_BARE_SQLITE, (text,)).fetchall(), texts)
    finally:
        base.close()


def _bare_postgres(address: str, questions: Sequence[str]) -> list[float]:
    with psycopg.connect(address) as base:
        texts = [" | ".join(one.split()) for one in questions]
        return _times(lambda text: base.execute(_BARE_POSTGRES, (text,)).fetchall(), texts)


def _row(name: str, measured: Sequence[float], bare: Sequence[float]) -> Row:
    found, reference = percentile(measured, 0.95), percentile(bare, 0.95)
    beside = "a bare query of the database's own for the same words, its five best"
    return Row(name, reference, found, f"{_MOST_MS} ms", found <= _MOST_MS, beside=beside)


def _times(look: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    look(questions[0])
    found = []
    for one in questions:
        began = time.perf_counter()
        look(one)
        found.append((time.perf_counter() - began) * 1000)
    return found


def _filled(address: str) -> tuple[House, list[str]]:
    """Entries made of tickets' words, and questions made of other tickets'."""
    house, randomness = House.open(address, hasher=quick_hasher()), Random(11)
    drafts: list[Draft] = []
    questions: list[str] = []
    for batch in corpus(3 * (ENTRIES + ASKED + 1_000)):
        for ticket, message in zip(batch.tickets, batch.messages, strict=False):
            words = str(message["bodyText"])
            if len(drafts) < ENTRIES:
                drafts.append(Draft(str(ticket["subject"]), words, status=Status.PUBLISHED))
            elif len(questions) < ASKED:
                questions.append(f"{ticket['subject']}\n{words[: randomness.randrange(40, 400)]}")
        if len(questions) == ASKED:
            break
    for start in range(0, len(drafts), _PIECE):
        house.parts.journal.write(partial(_add, house, drafts[start : start + _PIECE]))
    house.parts.database.write(lambda: house.parts.database.execute("ANALYZE faq_entry"))  # as autovacuum does
    return house, questions


def _add(house: House, drafts: Sequence[Draft]) -> None:
    for one in drafts:
        house.faq.entries.add(one, ADMINISTRATOR)
