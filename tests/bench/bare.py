"""The reference for the cache: bare SQLCipher with two tables, one index each, executemany, then FTS5."""

import time
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from tests.bench.corpus import Batch, corpus


def timed(work: Any, *arguments: object) -> float:
    """Seconds that it took."""
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


class Bare:
    """`insert` and `index`: seconds that filling and indexing took."""

    def __init__(self, folder: Path, messages: int, *, indexed: bool = True) -> None:
        self.database: Any = dbapi2.connect(str(folder / "bare.db"), isolation_level=None)
        for pragma in (f"key=\"x'{'2f' * 32}'\"", "journal_mode=WAL", "synchronous=FULL", "cache_size=-32768"):
            self.database.execute(f"PRAGMA {pragma}").fetchall()
        self.database.execute(
            "CREATE TABLE ticket (id INTEGER PRIMARY KEY, subject, requester, email, state, priority, queue, owner, "
            "created, updated, version)"
        )
        self.database.execute("CREATE INDEX ticket_updated ON ticket (state, updated DESC)")
        self.database.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, ticket, sender, created, subject, body)")
        self.database.execute("CREATE INDEX message_ticket ON message (ticket, created)")
        self.insert = sum(self._page(batch) for batch in corpus(messages))
        self.index = timed(self._build) if indexed else 0.0

    def _page(self, batch: Batch) -> float:
        tickets = [
            (one["number"], one["subject"], "Person", "p@firm.example", "open", 1, "q", 1, one["number"], 1, 1)
            for one in batch.tickets
        ]
        subjects = {one["id"]: (one["number"], one["subject"]) for one in batch.tickets}
        messages = []
        for row in batch.messages:
            number, subject = subjects[row["ticketId"]]
            messages.append((None, number, "p@firm.example", row["seq"], subject, row["bodyText"]))
        start = time.perf_counter()
        self.database.execute("BEGIN")
        self.database.executemany("INSERT INTO ticket VALUES (?,?,?,?,?,?,?,?,?,?,?)", tickets)
        self.database.executemany("INSERT INTO message VALUES (?,?,?,?,?,?)", messages)
        self.database.execute("COMMIT")
        return time.perf_counter() - start

    def _build(self) -> None:
        self.database.execute("BEGIN")
        self.database.execute(
            "CREATE VIRTUAL TABLE fts USING fts5(subject, body, content='message', content_rowid='id', "
            "tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4')"
        )
        self.database.execute("INSERT INTO fts(fts) VALUES ('rebuild')")
        self.database.execute("COMMIT")

    def search(self, text: str) -> list[Any]:
        """The newest 50."""
        words = text.split()
        match = " AND ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}" *'])
        found: list[Any] = self.database.execute(
            "SELECT m.id, m.ticket, m.sender, m.created, m.subject FROM fts JOIN message m ON m.id = fts.rowid "
            "WHERE fts MATCH ? ORDER BY fts.rowid DESC LIMIT 50",
            (match,),
        ).fetchall()
        return found

    def close(self) -> None:
        """Done with it."""
        self.database.close()
