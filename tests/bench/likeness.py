"""Duplicates: precision and recall on labelled pairs of real tickets, and how long a suggestion takes among a million.

The pairs (`pairs.csv`: two row numbers of it-tickets.csv, counted from 0, the label, and how many pairs of the file
this one stands for) were drawn from all 30,343 pairs with a plain TF-IDF cosine of 0.3 or more, by bands of score, 10
to 16 from each. A pair is a repeat if, greetings, politeness, dates and words of processing apart, neither text names a
thing, a person, a place or a wish that the other does not: one answer would serve both. All were read by one person.

With DESKBELL_TEST_TICKETS=FOLDER of the full files; without it only the time is measured.
"""

import csv
import gzip
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stage.postgres import postgres
from sync.domain.likeness import FORM_SCORE, NEAR, SAME, Rarity, Text, compare, form_of, on_form, text_of
from sync.server.house import House
from tests.bench.corpus import corpus
from tests.bench.house import stored
from tests.bench.report import Row, percentile
from tests.rigs.office import quick_hasher

PAIRS = Path(__file__).with_name("pairs.csv")
FEW, MANY = 100_000, 1_000_000
ASKED = 200
_SEED = 5
Score = Callable[[int, int], float]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Two tickets, whether they are repeats, and for how many pairs they stand."""

    one: int
    other: int
    is_repeat: bool
    stands_for: float


def run(large: bool) -> list[Row]:
    """`large`: a million messages on both databases."""
    folder = os.environ.get("DESKBELL_TEST_TICKETS")
    rows = quality(Path(folder)) if folder else []
    return rows + speed(MANY if large else FEW)


def quality(folder: Path) -> list[Row]:
    """Precision and recall at both thresholds, beside the best that plain cosine can do on the same pairs."""
    with gzip.open(folder / "it-tickets.csv.gz", "rt", encoding="utf-8", newline="") as file:
        texts = [text_of(row["title"], row["body"]) for row in csv.DictReader(file)]
    with PAIRS.open(encoding="utf-8", newline="") as file:
        pairs = [
            Labelled(int(row["a"]), int(row["b"]), row["repeat"] == "1", float(row["stands_for"]))
            for row in csv.DictReader(file)
        ]
    rarity = Rarity(len(texts), Counter(word for text in texts for word in text.words))
    weights = {word: rarity.weight(word) for text in texts for word in text.words}
    plain = {(one.one, one.other): cosine(texts[one.one], texts[one.other], weights) for one in pairs}
    ours = {(one.one, one.other): scored(texts, one, rarity, weights) for one in pairs}
    best = max((harmonic(*judged(pairs, plain, at / 100)), at / 100) for at in range(30, 100))[1]
    rows = []
    for name, threshold in (("near-identical", NEAR), ("to be merged unread", SAME)):
        for what, measured, reference in zip(
            ("precision", "recall"), judged(pairs, ours, threshold), judged(pairs, plain, best), strict=True
        ):
            beside = f"plain TF-IDF cosine, exhaustive, at its best threshold ({best:.2f})"
            title = f"duplicates, {name} ({threshold:.2f}): {what}"
            rows.append(Row(title, 100 * reference, 100 * measured, f"{len(pairs)} pairs", None, "%", beside))
    return rows


def cosine(one: Text, other: Text, weights: Mapping[str, float]) -> float:
    """The reference: nothing but the words and their rarity."""
    sets = (one.words & other.words, one.words, other.words)
    both, here, there = (sum(weights[word] ** 2 for word in words) for words in sets)
    return both / (here * there) ** 0.5 if both else 0.0


def scored(texts: list[Text], pair: Labelled, rarity: Rarity, weights: Mapping[str, float]) -> float:
    """As the product judges the second ticket beside the first, with everything as candidates."""
    asked, other = texts[pair.one], texts[pair.other]
    compared = ((at, compare(asked, text, weights.__getitem__)) for at, text in enumerate(texts) if at != pair.one)
    around = [texts[at] for at, likeness in compared if likeness.score >= FORM_SCORE]
    return on_form(compare(asked, other, weights.__getitem__), asked, other, form_of(around), rarity).score


def judged(pairs: list[Labelled], scores: Mapping[tuple[int, int], float], threshold: float) -> tuple[float, float]:
    """Precision and recall, each pair counted for those that it stands for."""
    found = [one for one in pairs if scores[one.one, one.other] >= threshold]
    right = sum(one.stands_for for one in found if one.is_repeat)
    said, there = sum(one.stands_for for one in found), sum(one.stands_for for one in pairs if one.is_repeat)
    return (right / said if said else 0.0, right / there if there else 0.0)


def harmonic(precision: float, recall: float) -> float:
    """The harmonic mean of both."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def speed(messages: int) -> list[Row]:
    """What `Ticket/similar` costs the server, and the feeding of its index."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="deskbell-bench-") as name, _house(str(Path(name) / "s.sqlite")) as house:
        rows += _timed("SQLite", house, messages)
    with postgres() as server, server.database() as address, _house(address) as house:
        rows += _timed("PostgreSQL", house, messages)
    return rows


@contextmanager
def _house(address: str) -> Iterator[House]:
    house = House.open(address, hasher=quick_hasher())
    try:
        yield house
    finally:
        house.close()


def _timed(kind: str, house: House, messages: int) -> list[Row]:
    category_id = house.grants.add_category("Downloads")
    for batch in corpus(messages, 3, category_id):
        stored(house, category_id, batch)
    began = time.perf_counter()
    count = 0
    while done := house.likeness.index.work(500):
        count += done
    fed = time.perf_counter() - began
    account = house.parts.accounts.of_category(category_id)
    if account is None:
        raise RuntimeError("the category has no account")
    database = house.parts.database
    ids = [str(one) for (one,) in database.read(lambda: database.select("SELECT id FROM ticket ORDER BY id"))]
    times = []
    for ticket_id in random.Random(_SEED).sample(ids, ASKED):
        began = time.perf_counter()
        database.read(lambda: house.likeness.of_ticket(ticket_id, [account]))  # noqa: B023  # called at once
        times.append((time.perf_counter() - began) * 1000)
    among = f"{kind}, {messages:,} messages"
    slow = percentile(times, 0.95)
    return [
        Row(f"similar tickets, {among}: median", None, percentile(times, 0.5), "50 ms", None),
        Row(f"similar tickets, {among}: p95", None, slow, "50 ms", slow <= 50),
        Row(f"index of words fed, {among}", None, count / fed, "none", None, "tickets/s"),
    ]
