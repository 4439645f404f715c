"""The language of the search field: words, "phrases", from:, category:, status:, tag:, before:, after:, a number.

Whatever is typed is a query; what is half typed is taken as far as it goes.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, tzinfo

from sync.domain.records import Status

_TOKEN = re.compile(
    r"(?P<bare>[A-Za-z]+):(?=\s|$)"
    r'|(?:(?P<name>[A-Za-z]+):)?(?:"(?P<phrase>[^"]*)(?P<end>"|$)|(?P<word>[^\s"]+))'
)
MOST_CHARACTERS = 2_000
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?-?")
_NUMBER = re.compile(r"#?(\d{1,15})")


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase to be found; `prefix`: what is still being typed, the beginning of a word."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; all parts must hold. `after` and `before` in ms UTC, `before` excluded.

    `statuses` None: any. `number` where the text could be a ticket's number.
    """

    terms: tuple[Term, ...] = ()
    senders: tuple[Term, ...] = ()
    categories: tuple[str, ...] = ()
    statuses: frozenset[Status] | None = None
    tags: tuple[str, ...] = ()
    after: int | None = None
    before: int | None = None
    number: int | None = None

    def is_empty(self) -> bool:
        """Whether nothing is looked for."""
        return self == Query()


def parse(text: str, zone: tzinfo = UTC) -> Query:
    """The query that a text's first 2,000 characters stand for; dates are days of `zone`. Never raises."""
    query, text = Query(), text[:MOST_CHARACTERS]
    for token in _TOKEN.finditer(text):
        if token["bare"]:
            continue
        value = token["word"] if token["phrase"] is None else token["phrase"]
        prefix = token.end() == len(text) and token["end"] != '"'
        query = _add(query, (token["name"] or "").lower(), value, prefix, zone)
    number = _NUMBER.fullmatch(text.strip())
    return replace(query, number=int(number[1])) if number else query


def _add(query: Query, name: str, value: str, prefix: bool, zone: tzinfo) -> Query:
    part = _PARTS.get(name)
    found = None if part is None else part(query, value, prefix, zone)
    if found is not None:
        return found
    text = value if not name else f"{name} {value}"
    if not any(character.isalnum() for character in text):
        return query
    return replace(query, terms=(*query.terms, Term(_clean(text), prefix)))


def _clean(text: str) -> str:
    return text.replace("\0", " ").strip()


def _sender(query: Query, value: str, _prefix: bool, _zone: tzinfo) -> Query | None:
    if not any(character.isalnum() for character in value):
        return query
    return replace(query, senders=(*query.senders, Term(_clean(value), prefix=True)))


def _category(query: Query, value: str, _prefix: bool, _zone: tzinfo) -> Query | None:
    return replace(query, categories=(*query.categories, value.strip()))


def _tag(query: Query, value: str, _prefix: bool, _zone: tzinfo) -> Query | None:
    return replace(query, tags=(*query.tags, value.strip()))


def _status(query: Query, value: str, _prefix: bool, _zone: tzinfo) -> Query | None:
    chosen = frozenset(status for status in Status if status.value.startswith(value.strip().lower()))
    if not chosen:
        return None
    return replace(query, statuses=chosen if query.statuses is None else query.statuses | chosen)


def _after(query: Query, value: str, _prefix: bool, zone: tzinfo) -> Query | None:
    start = _start_of(value, zone)
    return None if start is None else replace(query, after=start)


def _before(query: Query, value: str, _prefix: bool, zone: tzinfo) -> Query | None:
    start = _start_of(value, zone)
    return None if start is None else replace(query, before=start)


def _start_of(value: str, zone: tzinfo) -> int | None:
    """The first moment of a day, month or year, also of one half typed; None for what is no date."""
    match = _DATE.fullmatch(value.strip())
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2] or 1) or 1, int(match[3] or 1) or 1)
        return int(datetime.combine(day, time(), zone).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


_PARTS: Mapping[str, Callable[[Query, str, bool, tzinfo], Query | None]] = {
    "from": _sender,
    "category": _category,
    "status": _status,
    "tag": _tag,
    "after": _after,
    "before": _before,
}
