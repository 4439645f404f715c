"""Figures of the cache beside a reference measured in the same run: `python -m tests.bench.cache [MESSAGES]`."""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from sync.cache.cache import Cache
from sync.cache.reader import Reader
from sync.cache.rows import Sort, SortName, View, ViewName
from sync.connectors.port import Page
from sync.domain.actions import PostMessage
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind
from sync.domain.times import to_utc_date
from tests.rigs.fed_cache import BILLING, DOWNLOADS, OVERSIGHT, PERSONAL, TEAM, access, account

THREAD = 3
PAGE = 1000
VIEWS: tuple[ViewName, ...] = ("all", "closed", "awaiting")
SORTS: tuple[SortName, ...] = ("mostInNeed", "updated", "subject")
Row = dict[str, Any]


def say(what: str, seconds: float, reference: float | None = None) -> None:
    """One line of the report."""
    ratio = "" if reference is None else f"   {seconds / reference:6.2f} x of {reference * 1e3:.2f} ms"
    sys.stdout.write(f"{what:58} {seconds * 1e3:11.2f} ms{ratio}\n")


def timed(work: Callable[..., object], *arguments: object) -> float:
    """Seconds that it took."""
    start = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - start


def corpus(messages: int) -> Iterator[tuple[list[Row], list[Row], list[Row]]]:
    """Pages of requesters, tickets and messages, the newest first; words as rare and as common as in real texts."""
    chance = random.Random(11)
    words = ["".join(chance.choices("abcdefghijklmnoprstuvw", k=chance.randint(2, 11))) for _ in range(30_000)]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    pool = chance.choices(words, weights, k=2_000_000)
    now = int(time.time() * 1000)
    for start in range(0, messages // THREAD, PAGE):
        tickets, rows, people = [], [], {}
        for number in range(start, min(start + PAGE, messages // THREAD)):
            at = now - number * 300_000
            person = number % 9000
            people[person] = {
                "id": f"r{person:032x}",
                "name": f"Person {person}",
                "email": f"p{person}@firm{person % 900}.example",
                "phone": None,
                "createdAt": to_utc_date(now),
            }
            place = number * 7 % 1_999_000
            tickets.append(_ticket(number, at, person, " ".join(pool[place : place + 5])))
            for seq in range(THREAD):
                place = chance.randrange(1_999_000)
                text = " ".join(pool[place : place + chance.randint(20, 100)])
                rows.append(_message(number, seq, at + seq * 777, text))
        yield list(people.values()), tickets, rows


def _ticket(number: int, at: int, person: int, subject: str) -> Row:
    stamp, is_open = to_utc_date(at), number % 20 == 0
    return {
        "id": f"t{(at << 80) | number:032x}", "number": number, "subject": subject, "categoryId": DOWNLOADS,
        "requesterId": f"r{person:032x}", "createdAt": stamp, "updatedAt": stamp,
        "status": "open" if is_open else "closed", "priority": "normal", "channel": "form",
        "awaiting": "team" if is_open else None, "awaitingSince": stamp if is_open else None,
        "closedAt": None if is_open else stamp, "tags": {"vip": True} if number % 50 == 0 else {}, "lastSeq": THREAD,
    }  # fmt: skip


def _message(number: int, seq: int, at: int, text: str) -> Row:
    stamp, ticket_at = to_utc_date(at), at - seq * 777
    return {
        "id": f"m{(at << 80) | (number * THREAD + seq):032x}", "ticketId": f"t{(ticket_at << 80) | number:032x}",
        "seq": seq + 1, "kind": "reply" if seq else "inbound", "authorId": None, "bodyText": text,
        "composedAt": stamp, "postedAt": stamp, "attachments": [], "clientKey": None,
    }  # fmt: skip


class Reference:
    """Bare SQLCipher: two tables, one index each, executemany, then FTS5 over subject and body."""

    def __init__(self, folder: Path, messages: int) -> None:
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
        self.insert = sum(self._page(*page) for page in corpus(messages))
        self.index = timed(self._build)

    def _page(self, _: list[Row], tickets: list[Row], rows: list[Row]) -> float:
        first = [
            (one["number"], one["subject"], "Person", "p@firm.example", "open", 1, "q", 1, one["number"], 1, 1)
            for one in tickets
        ]
        subjects = {one["id"]: (one["number"], one["subject"]) for one in tickets}
        second = []
        for row in rows:
            number, subject = subjects[row["ticketId"]]
            second.append((None, number, "p@firm.example", row["seq"], subject, row["bodyText"]))
        start = time.perf_counter()
        self.database.execute("BEGIN")
        self.database.executemany("INSERT INTO ticket VALUES (?,?,?,?,?,?,?,?,?,?,?)", first)
        self.database.executemany("INSERT INTO message VALUES (?,?,?,?,?,?)", second)
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


def first_copy(cache: Cache, messages: int) -> list[float]:
    """Seconds of each page's apply."""
    cache.save_access(access(DOWNLOADS, BILLING))
    cache.apply(Page(TEAM, "1", {"Category": [{"id": DOWNLOADS, "name": "Downloads"}]}, {}, False, True, "a"))
    for other in (account(BILLING), PERSONAL, OVERSIGHT):
        cache.apply(Page(other, "1", {}, {}, False, True, "a"))
    times: list[float] = []
    for number, (people, tickets, rows) in enumerate(corpus(messages)):
        wire = {"Requester": people, "Ticket": tickets, "Message": rows}
        page = Page(account(DOWNLOADS), str(number), wire, {}, True, number == 0, "a")
        start = time.perf_counter()
        cache.apply(page)
        times.append(time.perf_counter() - start)
    cache.apply(Page(account(DOWNLOADS), "end", {}, {}, False, False, "a"))
    return times


def typed(queries: list[str]) -> list[str]:
    """Each query as it grows, key by key."""
    return [query[:end] for query in queries for end in range(1, len(query) + 1) if query[:end].strip()]


def percentile(times: list[float], share: float) -> float:
    """That share of the times is not above."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def searches(reader: Reader, reference: Reference, messages: int) -> None:
    """As one types, here and bare."""
    _, tickets, rows = next(corpus(min(messages, 3000)))
    queries = [" ".join(row["bodyText"].split()[3:5]) for row in rows[:20]]
    queries += [ticket["subject"].split()[0] for ticket in tickets[:20]]
    keys = typed(queries)
    here = [timed(reader.search, key, 50) for key in keys]
    bare = [timed(reference.search, key) for key in keys]
    say("search as one types, median", statistics.median(here), statistics.median(bare))
    say("search as one types, p95", percentile(here, 0.95), percentile(bare, 0.95))
    say("search as one types, longest", max(here), max(bare))


def reads(reader: Reader) -> None:
    """Lists, rows, threads, counts."""
    for view in VIEWS:
        for sort in SORTS:
            say(f"all keys of {view} by {sort}", timed(reader.ticket_ids, View(view), Sort(sort)))
    keys = reader.ticket_ids(View("all"), Sort("updated"))
    chance = random.Random(5)
    pages = [timed(reader.ticket_rows, chance.sample(keys, 100)) for _ in range(50)]
    say("100 rows anywhere, median", statistics.median(pages))
    say("100 rows anywhere, longest", max(pages))
    ids = [row.id for row in reader.ticket_rows(chance.sample(keys, 100))]
    say("a thread, median", statistics.median([timed(reader.thread, one) for one in ids]))
    say("a ticket, median", statistics.median([timed(reader.ticket, one) for one in ids]))
    say("counts, median", statistics.median([timed(reader.counts) for _ in range(20)]))


def writes(cache: Cache, reader: Reader, ids: IdFactory, clock: SystemClock) -> None:
    """What a key press costs before the screen says saved."""
    keys = reader.ticket_ids(View("awaiting"), Sort())[:50]
    rows = reader.ticket_rows(keys)
    notes = [PostMessage(ids.client_key(), row.id, MessageKind.NOTE, "Called her.", clock.now_ms()) for row in rows]
    say("put a note, median", statistics.median([timed(cache.put, one) for one in notes]))
    drafts = [timed(cache.save_draft, row.id, "reply", "Dear Bob " * 50) for row in rows]
    say("save a draft, median", statistics.median(drafts))


def memory() -> float:
    """Peak of this process in MB, where the system tells."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def main(messages: int) -> None:
    """Print the report."""
    clock = SystemClock()
    ids = IdFactory(clock)
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
        folder = Path(name)
        cache = Cache.open(folder / "cache", os.urandom(32), clock, ids)
        times = first_copy(cache, messages)
        peak = memory()
        reference = Reference(folder, messages)
        say(f"first copy of {messages} messages, all rows", sum(times), reference.insert)
        say("first page of 1,000 tickets", times[0])
        say("longest page", max(times))
        slices: list[float] = []
        more = True
        while more:
            start = time.perf_counter()
            more = cache.index_some(500)
            slices.append(time.perf_counter() - start)
        say("search index, in slices of 500", sum(slices), reference.index)
        say("longest slice", max(slices))
        reader = cache.reader()
        searches(reader, reference, messages)
        reads(reader)
        writes(cache, reader, ids, clock)
        sys.stdout.write(f"peak memory after the first copy {peak:.0f} MB, at the end {memory():.0f} MB\n")
        reader.close()
        cache.close()
        reference.database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
