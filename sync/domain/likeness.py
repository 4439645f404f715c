"""How alike two tickets are: their words, weighed by how rare these are, and the numbers that both name (PRODUCT D7).

Pure, and the same at the server and at a workstation without a network. The words of a ticket are a set: order, case
and repetition do not count. The score is the cosine of the two sets, each word weighed by the logarithm of its rarity
(TF-IDF with counts cut to one), and no more than the same for the rarest words alone. Where many texts are made by one
form, what is rare among them decides: two orders that differ in the item ordered are two orders.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log, sqrt
from typing import Final

NEAR: Final = 0.62
"""From this score on two texts are near-identical; chosen on labelled pairs (tests/bench/likeness.py)."""
SAME: Final = 0.76
"""From this score on they may be merged without being read one by one."""
ALIKE: Final = 0.40
"""From this score on an earlier answer is worth being shown."""
TEXT_MAX: Final = 2_000
"""So many characters of a message are looked at."""
WORDS_MAX: Final = 200
TELLING: Final = 8
"""So many of a text's rarest words say what it is about."""
FORM_SCORE: Final = 0.5
FORM_LEAST: Final = 8
"""So many texts, each of them so much like one, are filled in on one form."""
_FORM_WEIGHT: Final = 0.8
FEWEST: Final = 3
"""With fewer words in common nothing is near-identical: "printer broken" is no matter of its own."""

_QUOTED: Final = re.compile(r"^(?:>.*|-- )$", re.MULTILINE)
_WORD: Final = re.compile(r"[^\W_]+")
_UNSPACED: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{3,}")
_NUMBER: Final = re.compile(r"(?<![\w.-])#?(?:[A-Za-z]{1,6}[-/]?)?\d+(?:[-/]\d+)*(?![\w-])")
_DATE: Final = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}")
_LEAST_DIGITS: Final = 5
_PRIOR: Final = 100
"""As if so many tickets had been seen already, none with the word: a small category has no rare words yet."""

Weight = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Text:
    """What of a ticket is compared. `numbers` as they were first written, by their bare form, which is a word too."""

    words: frozenset[str]
    numbers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rarity:
    """In how many of `total` tickets each word occurs; a word that is not named occurs in none."""

    total: int
    counts: Mapping[str, int]

    def weight(self, word: str) -> float:
        """How much the word says, above 0."""
        return log(1 + (self.total + _PRIOR) / (self.counts.get(word, 0) + 1))

    def share(self, word: str) -> float:
        """The same beside what a word says that nobody has written yet: up to 1."""
        return self.weight(word) / log(1 + self.total + _PRIOR)

    def rarest(self, words: Iterable[str], most: int) -> list[str]:
        """Those that say most, the longer ones first among equals."""
        return sorted(words, key=lambda one: (self.counts.get(one, 0), -len(one), one))[:most]


@dataclass(frozen=True, slots=True)
class Form:
    """What texts around one have in common: in how many of `total` each word occurs."""

    total: int
    counts: Mapping[str, int]

    def differ(self, one: Text, other: Text, share: Weight) -> float:
        """How telling the most telling word is that only one of them has, here and (`share`) everywhere: 0 to 1."""
        whole = log(2 + self.total)
        return max((self._weight(word) / whole * share(word) for word in one.words ^ other.words), default=0.0)

    def _weight(self, word: str) -> float:
        return log(1 + (self.total + 1) / (self.counts.get(word, 0) + 1))


@dataclass(frozen=True, slots=True)
class Likeness:
    """`score` from 0 to 1; `percent` of the words that are in both; the numbers that both name, as written."""

    score: float
    percent: int
    shared: int
    numbers: tuple[str, ...] = ()

    @property
    def is_near(self) -> bool:
        """Whether the two say the same."""
        return self.score >= NEAR and self.shared >= FEWEST

    @property
    def is_same(self) -> bool:
        """Whether they say the same beyond doubt."""
        return self.score >= SAME and self.shared >= FEWEST


def text_of(subject: str, body: str) -> Text:
    """The words and numbers of a ticket's subject and first message; quoted lines are left out."""
    whole = f"{subject}\n{_QUOTED.sub('', body[:TEXT_MAX])}"
    found: dict[str, None] = {}
    for word in _WORD.findall(unicodedata.normalize("NFKC", whole).casefold()):
        for piece in _pieces(word):
            found[piece] = None
        if len(found) >= WORDS_MAX:
            break
    numbers = _numbers(whole)
    return Text(frozenset(found) | frozenset(numbers), numbers)


def compare(one: Text, other: Text, weight: Weight) -> Likeness:
    """How alike they are."""
    both = one.words & other.words
    if not both:
        return Likeness(0.0, 0, 0)
    common, here, there = (sum(weight(word) ** 2 for word in words) for words in (both, one.words, other.words))
    whole = common / sqrt(here * there)
    percent = round(200 * len(both) / (len(one.words) + len(other.words)))
    numbers = tuple(sorted(one.numbers[bare] for bare in one.numbers.keys() & other.numbers.keys()))
    return Likeness(min(whole, _telling(one, other, weight)), percent, len(both), numbers)


def form_of(texts: Sequence[Text]) -> Form | None:
    """The form on which these texts, each much like one (`FORM_SCORE`), are filled in; None: too few for a form."""
    if len(texts) < FORM_LEAST:
        return None
    return Form(len(texts), Counter(word for text in texts for word in text.words))


def on_form(likeness: Likeness, one: Text, other: Text, form: Form | None, rarity: Rarity) -> Likeness:
    """The likeness of two texts as the form allows it."""
    if form is None:
        return likeness
    return replace(likeness, score=likeness.score * (1 - _FORM_WEIGHT * form.differ(one, other, rarity.share)))


def _telling(one: Text, other: Text, weight: Weight) -> float:
    """The same for the rarest words of each alone: forms that a machine fills in differ in little else."""
    found = total = 0.0
    for mine, theirs in ((one.words, other.words), (other.words, one.words)):
        rarest = sorted(((weight(word), word) for word in mine), reverse=True)[:TELLING]
        total += sum(weighs**2 for weighs, _ in rarest)
        found += sum(weighs**2 for weighs, word in rarest if word in theirs)
    return found / total


def _pieces(word: str) -> Iterable[str]:
    """A word; where a script sets no spaces, every two letters that stand together."""
    if len(word) == 1 and word.isascii():
        return ()
    if _UNSPACED.fullmatch(word):
        return (word[at : at + 2] for at in range(len(word) - 1))
    return (word[:40],)


def _numbers(text: str) -> dict[str, str]:
    """Numbers of orders, invoices and the like, by their bare form: dates and small numbers name no matter."""
    found: dict[str, str] = {}
    for match in _NUMBER.findall(text):
        written = match.lstrip("#")
        bare = re.sub(r"[-/]", "", written).casefold()
        digits = sum(character.isdigit() for character in bare)
        if digits >= _LEAST_DIGITS and len(bare) <= 40 and not _DATE.fullmatch(written):
            found.setdefault(f"#{bare}", written)
    return found
