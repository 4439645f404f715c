"""Which FAQ entries are offered, and in which order: relevance, weighed with how often the entry helped.

    score = relevance * language * (1/2 + u / (u + 1/10)),  u = (answered + 1) / (shown + 10)
    relevance = sum over the words asked for of ln(1 + (n - d + 1/2) / (d + 1/2)) * (4 if in the question + 1 if in
    the answer)

`n` is the number of published entries, `d` that of those with the word: a rare word says more. `u` is the share of
those to whom the entry was shown and who said that it answered them, with a prior of one in ten: a new entry is
weighed with 1, one that always helps with almost 1.5, one that never does with a little over 0.5. `language` is 1.25
for the asker's own.

An entry is offered to somebody who writes (not: searches) if a third of its question's words or half of theirs agree,
and if it scores at least a quarter of the best.
"""

from dataclasses import dataclass
from math import log
from typing import Final

QUESTION_WEIGHT, ANSWER_WEIGHT = 4.0, 1.0
_PRIOR_ANSWERED, _PRIOR_SHOWN = 1.0, 10.0
_USUAL: Final = _PRIOR_ANSWERED / _PRIOR_SHOWN
_OWN_LANGUAGE: Final = 1.25
_OF_QUESTION, _OF_ASKED, _OF_BEST = 1 / 3, 1 / 2, 1 / 4


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that has words of the question. `matched`: different ones of the `asked`, `in_question` those in the
    entry's question, which has `question_words`."""

    entry_id: str
    relevance: float
    matched: int
    in_question: int
    question_words: int
    asked: int


@dataclass(frozen=True, slots=True)
class Record:
    """What became of an entry so far."""

    language: str
    shown: int
    answered: int


def rarity(having: int, published: int) -> float:
    """How much a word says that so many of the entries have; never nothing."""
    return log(1 + (max(published - having, 0) + 0.5) / (having + 0.5))


def usefulness(shown: int, answered: int) -> float:
    """The share of those to whom it was shown and whom it answered, with the prior."""
    return (answered + _PRIOR_ANSWERED) / (shown + _PRIOR_SHOWN)


def score(relevance: float, record: Record, language: str | None) -> float:
    """As the module says."""
    share = usefulness(record.shown, record.answered)
    own = language is not None and record.language.partition("-")[0] == language.partition("-")[0]
    return relevance * (_OWN_LANGUAGE if own else 1.0) * (0.5 + share / (share + _USUAL))


def is_about(hit: Hit) -> bool:
    """Whether enough words agree to speak of the same matter."""
    of_question = hit.in_question / max(hit.question_words, 1)
    return of_question >= _OF_QUESTION or hit.matched / max(hit.asked, 1) >= _OF_ASKED


def near_best(scores: list[tuple[float, str]]) -> list[str]:
    """The ids whose score is near enough to the best, best first; equal ones by id."""
    ordered = sorted(scores, key=lambda one: (-one[0], one[1]))
    return [entry_id for value, entry_id in ordered if value >= _OF_BEST * ordered[0][0]]
