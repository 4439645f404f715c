"""The cache alone: filling it, search as one types, lists, and what a saved word costs, beside bare SQLCipher."""

import os
import random
import statistics
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from sync.cache.cache import Cache
from sync.cache.reader import Reader
from sync.cache.rows import Sort, SortName, View, ViewName
from sync.connectors.port import Page
from sync.domain.actions import PostMessage
from sync.domain.clock import SystemClock
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind
from tests.bench.bare import Bare, timed
from tests.bench.corpus import corpus
from tests.bench.report import Row, percentile
from tests.rigs.fed_cache import BILLING, DOWNLOADS, OVERSIGHT, PERSONAL, TEAM, access, account

MESSAGES, LARGE = 100_000, 1_000_000
SLICE = 500
LISTS: tuple[tuple[ViewName, SortName], ...] = (("awaiting", "mostInNeed"), ("all", "updated"), ("all", "subject"))
FRAME_MS = 16.0


def run(large: bool = False) -> list[Row]:
    """With 100,000 messages; `large`: with a million."""
    messages = LARGE if large else MESSAGES
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name:
        folder = Path(name)
        cache = Cache.open(folder / "cache", os.urandom(32), clock, IdFactory(clock))
        pages = _fill(cache, messages)
        bare = Bare(folder, messages)
        slices = _index(cache)
        reader = cache.reader()
        rows = [
            _row(f"{messages:,} messages into the cache", sum(pages), bare.insert, 3),
            _row("the longest of its pages", max(pages), None),
            _row("their search index", sum(slices), bare.index),
            _row("the longest of its slices", max(slices), None),
            *_search(reader, bare, messages),
            *_lists(reader),
            *_saving(cache, reader, clock),
        ]
        for one in (reader, cache, bare):
            one.close()
    return rows


def _row(name: str, seconds: float, reference: float | None, times: float | None = None, most_ms: float = 0.0) -> Row:
    """In ms. The budget is so many times the reference, or `most_ms`, or there is none."""
    floor, measured = None if reference is None else reference * 1e3, seconds * 1e3
    beside = "" if reference is None else "bare SQLCipher"
    if times is not None and floor is not None:
        return Row(name, floor, measured, f"{times:g} times", measured <= times * floor, "ms", beside)
    if most_ms:
        return Row(name, floor, measured, f"{most_ms:g} ms", measured <= most_ms, "ms", beside)
    return Row(name, floor, measured, "none", None, "ms", beside)


def _fill(cache: Cache, messages: int) -> list[float]:
    """Seconds of each page's apply."""
    cache.save_access(access(DOWNLOADS, BILLING))
    cache.apply(Page(TEAM, "1", {"Category": [{"id": DOWNLOADS, "name": "Downloads"}]}, {}, False, True, "a"))
    for other in (account(BILLING), PERSONAL, OVERSIGHT):
        cache.apply(Page(other, "1", {}, {}, False, True, "a"))
    times = []
    for number, batch in enumerate(corpus(messages)):
        wire = {"Requester": batch.requesters, "Ticket": batch.tickets, "Message": batch.messages}
        page = Page(account(DOWNLOADS), str(number), wire, {}, True, number == 0, "a")
        times.append(timed(cache.apply, page))
    cache.apply(Page(account(DOWNLOADS), "end", {}, {}, False, False, "a"))
    return times


def _index(cache: Cache) -> list[float]:
    more, times = [True], []
    while more[-1]:
        times.append(timed(lambda: more.append(cache.index_some(SLICE))))
    return times


def _search(reader: Reader, bare: Bare, messages: int) -> list[Row]:
    batch = next(corpus(min(messages, 3000)))
    queries = [" ".join(row["bodyText"].split()[3:5]) for row in batch.messages[:40]]
    queries += [ticket["subject"].split()[0] for ticket in batch.tickets[:20]]
    keys = [query[:end] for query in queries for end in range(1, len(query) + 1) if query[:end].strip()]
    here = [timed(reader.search, key, 50) for key in keys]
    floor = [timed(bare.search, key) for key in keys]
    ours, theirs = percentile(here, 0.95), percentile(floor, 0.95)
    absolute = _row(f"search as one types, {messages:,} messages, longest", max(here), max(floor), most_ms=50)
    return [
        _row("search as one types, median", statistics.median(here), statistics.median(floor)),
        _row(f"search as one types, {messages:,} messages, p95", ours, theirs, 1.5),
        absolute,
    ]


def _lists(reader: Reader) -> list[Row]:
    rows = [
        _row(f"all keys of {view} by {sort}", timed(reader.ticket_ids, View(view), Sort(sort)), None)
        for view, sort in LISTS
    ]
    keys = list(reader.ticket_ids(View("all"), Sort("updated")))
    chance = random.Random(5)
    pages = [timed(reader.ticket_rows, chance.sample(keys, 100)) for _ in range(50)]
    ids = [row.id for row in reader.ticket_rows(chance.sample(keys, 100))]
    return [
        *rows,
        _frame("100 rows anywhere", pages),
        _frame("a thread", _each(reader.thread, ids)),
        _frame("a ticket", _each(reader.ticket, ids)),
        _row("counts, median", statistics.median([timed(reader.counts) for _ in range(20)]), None),
    ]


def _saving(cache: Cache, reader: Reader, clock: SystemClock) -> list[Row]:
    """What a key press costs before the screen says saved."""
    ids = IdFactory(clock)
    rows = reader.ticket_rows(reader.ticket_ids(View("awaiting"), Sort())[:50])
    notes = [PostMessage(ids.client_key(), row.id, MessageKind.NOTE, "Called her.", clock.now_ms()) for row in rows]
    drafts = [timed(cache.save_draft, row.id, "reply", "Dear Bob " * 50) for row in rows]
    return [
        _row("a note saved, median", statistics.median(_each(cache.put, notes)), None),
        _row("a draft saved, median", statistics.median(drafts), None),
    ]


def _each(work: Callable[[str], object] | Callable[[PostMessage], object], values: Iterable[object]) -> list[float]:
    return [timed(work, one) for one in values]


def _frame(name: str, times: list[float]) -> Row:
    """Something that the UI thread does itself must fit into a frame."""
    return _row(f"{name}, p95", percentile(times, 0.95), None, most_ms=FRAME_MS)
