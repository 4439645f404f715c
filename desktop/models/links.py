"""Finds what may be clicked in a stranger's plain text: http, https and mailto, each with its target in sight."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_START = re.compile(r"(?<![\w@])(?:https?://|mailto:)", re.IGNORECASE)
_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+|[^\W_]", re.UNICODE)
_TRAILING = ".,;:!?'\""
_CLOSERS = {")": "(", "]": "["}
LINK_MAX = 2000


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch of the text that is its own target."""

    start: int
    end: int
    target: str


def links(text: str) -> Iterator[Link]:
    """Every link of the text, in order; the words shown are the address itself, so it cannot pretend."""
    position = 0
    while found := _START.search(text, position):
        end = _end(text, found.end())
        position = max(end, found.end())
        if end > found.end():
            yield Link(found.start(), end, text[found.start() : end])


def _end(text: str, start: int) -> int:
    end = start
    limit = min(len(text), start + LINK_MAX)
    while end < limit and (more := _CHARACTERS.match(text, end, limit)):
        end = more.end()
    while end > start and (text[end - 1] in _TRAILING or _is_unopened(text, start, end)):
        end -= 1
    return end


def _is_unopened(text: str, start: int, end: int) -> bool:
    closer = text[end - 1]
    opener = _CLOSERS.get(closer)
    return opener is not None and text.count(closer, start, end) > text.count(opener, start, end)
