"""Words as they are looked for: without those that say nothing, cut to their stems by the rules of their language."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import snowballstemmer

WORDS_ASKED: Final = 32
"""Different words of a question that are looked for."""
_READ: Final = 4_000
"""Characters of a question that are read."""
_WORD: Final = re.compile(r"[^\W_]+")
_LONGEST: Final = 64
_LISTS: Final = files("resources") / "stop-words"
_LANGUAGES: Final = {
    "da": "danish", "de": "german", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "nb": "norwegian", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pt": "portuguese", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
SIMPLE: Final = "simple"
"""Of a language whose rules are not known: every word counts, as it is written."""


def rules_of(language: str) -> str:
    """Whose rules hold for a BCP 47 language, by the name that PostgreSQL and Snowball give them."""
    return _LANGUAGES.get(language.partition("-")[0].lower(), SIMPLE)


def words(text: str) -> list[str]:
    """Every word and number in order, in small letters; marks, punctuation and controls are left out."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [one[:_LONGEST] for one in _WORD.findall(folded)]


def stems(text: str, rules: str) -> list[str]:
    """The stems of the words that say something, in order."""
    idle = _idle(rules)
    return [_stem(one, rules) for one in words(text) if one not in idle]


def asked(text: str) -> list[str]:
    """The words of what somebody asks, each once, as far as they are looked for."""
    return list(dict.fromkeys(words(text[:_READ])))


def asked_stems(text: str, rules: str) -> list[str]:
    """The stems that are looked for, each once."""
    return list(dict.fromkeys(stems(text[:_READ], rules)))[:WORDS_ASKED]


def is_unfinished(text: str) -> bool:
    """Whether the last word may still be being typed."""
    return bool(text) and _WORD.match(text[-1]) is not None


@cache
def _idle(rules: str) -> frozenset[str]:
    if rules == SIMPLE:
        return frozenset()
    return frozenset((_LISTS / f"{rules}.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=50_000)
def _stem(word: str, rules: str) -> str:
    """A stemmer of its own for each word: one holds the word that it works on, and threads would share it."""
    return word if rules == SIMPLE else str(snowballstemmer.stemmer(rules).stemWord(word))
