"""Which ticket a quick note may belong to: by a number in it, its requester's name, its words, and the time."""

import re
from collections import Counter
from collections.abc import Callable, Iterable

from sync.cache.rows import TicketRow
from sync.domain.times import DAY_MS

_NUMBER = re.compile(r"#?(\d{1,9})\b")
_WORD = re.compile(r"[^\W\d_]{4,}")
WORDS_MOST = 8
EACH_MOST = 20
NUMBER_WEIGHT, NAME_WEIGHT, NEAR_WEIGHT = 100, 4, 2


def proposals(
    text: str, created_at: int, search: Callable[[str, int], Iterable[TicketRow]], most: int = 5
) -> list[TicketRow]:
    """The likeliest first. `search(words, limit)` finds tickets, the newest first."""
    rows: dict[str, TicketRow] = {}
    weights: Counter[str] = Counter()
    numbers = set(_NUMBER.findall(text)[:3])
    for number in numbers:
        for row in search(number, EACH_MOST):
            rows[row.id] = row
            if str(row.number) == number:
                weights[row.id] += NUMBER_WEIGHT
    words = _words(text)
    for word in words:
        for row in search(word, EACH_MOST):
            rows[row.id] = row
            weights[row.id] += 1
    for row in rows.values():
        weights[row.id] += _likeness(row, words, created_at) if weights[row.id] else 0
    chosen = [row for row in rows.values() if weights[row.id]]
    return sorted(chosen, key=lambda row: (-weights[row.id], -row.updated_at))[:most]


def _words(text: str) -> list[str]:
    found = list(dict.fromkeys(word.casefold() for word in _WORD.findall(text)))
    return sorted(found, key=len, reverse=True)[:WORDS_MOST]


def _likeness(row: TicketRow, words: list[str], created_at: int) -> int:
    names = {part.casefold() for part in _WORD.findall(row.requester_name)}
    name = NAME_WEIGHT if names & set(words) else 0
    return name + (NEAR_WEIGHT if abs(row.updated_at - created_at) <= DAY_MS else 0)
