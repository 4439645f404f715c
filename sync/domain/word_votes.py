"""Which category a text belongs to, learnt from the words of earlier texts: multinomial naive Bayes. Pure.

Own, since the libraries that offer it bring hundreds of megabytes: counts as ln(1 + times), a share of each word in
each category smoothed by `SMOOTHING`, and how common the category itself is (Manning, Raghavan and Schuetze,
Introduction to Information Retrieval, 13.2).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final

SMOOTHING: Final = 0.3
LEAST_TEXTS: Final = 5
"""A category with fewer texts is never proposed."""
CLEAR: Final = 3.0
"""The lead, as a natural logarithm of odds, from which a category is proposed."""
ANY: Final = ""
"""The word that every text has: how common the category is."""
_WORD = re.compile(r"[^\W_]{2,40}")
_READ_AT_MOST = 20_000

Votes = Mapping[str, Mapping[str, float]]
"""How much a word speaks for a category, by word and then by category; beside what all categories share."""


def words_of(text: str) -> Counter[str]:
    """The words of a text, folded; digits alone say nothing of what it is about."""
    return Counter(word for word in _WORD.findall(text[:_READ_AT_MOST].casefold()) if not word.isdigit())


class Learning:
    """Counts texts; `votes` says what was learnt."""

    def __init__(self) -> None:
        self._texts: Counter[str] = Counter()
        self._spread: Counter[str] = Counter()
        self._counts: dict[str, defaultdict[str, float]] = {}

    def add(self, category: str, text: str) -> None:
        """One text of that category."""
        words = words_of(text)
        self._texts[category] += 1
        self._spread.update(words.keys())
        counts = self._counts.setdefault(category, defaultdict(float))
        for word, times in words.items():
            counts[word] += math.log1p(times)

    def votes(self, most_words: int) -> dict[str, dict[str, float]]:
        """Of the words that tell most. Empty where there are not two categories to choose from."""
        known = [one for one, texts in self._texts.items() if texts >= LEAST_TEXTS]
        if len(known) < 2:
            return {}
        words = [word for word, texts in self._spread.items() if texts >= 2]
        totals = {one: sum(self._counts[one][word] for word in words) + SMOOTHING * len(words) for one in known}
        found = {
            word: _apart({one: math.log((self._counts[one][word] + SMOOTHING) / totals[one]) for one in known})
            for word in words
        }
        order = sorted(words, key=lambda word: (-self._spread[word] * _strongest(found[word]), word))
        all_texts = sum(self._texts[one] for one in known)
        common = _apart({one: math.log(self._texts[one] / all_texts) for one in known})
        return {ANY: common} | {word: found[word] for word in order[:most_words]}


def proposed(text: str, votes: Votes, clear: float = CLEAR) -> str | None:
    """The category that the text belongs to; None where that is not clear, or no word is known."""
    totals = defaultdict(float, votes.get(ANY, {}))
    known = False
    for word, times in words_of(text).items():
        by_category = votes.get(word)
        if by_category is not None:
            known = True
            for category, value in by_category.items():
                totals[category] += value * math.log1p(times)
    order = sorted(((value, one) for one, value in totals.items()), reverse=True)
    if not known or len(order) < 2 or order[0][0] - order[1][0] < clear:
        return None
    return order[0][1]


def _apart(logs: Mapping[str, float]) -> dict[str, float]:
    """Less what all categories share: only the differences decide."""
    middle = sum(logs.values()) / len(logs)
    return {category: value - middle for category, value in logs.items()}


def _strongest(by_category: Mapping[str, float]) -> float:
    return max(abs(value) for value in by_category.values())
