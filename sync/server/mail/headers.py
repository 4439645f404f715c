"""The head of a mail as it really comes: encoded words folded wrongly, naked 8-bit, no end in sight."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import getaddresses, parsedate_to_datetime
from quopri import decodestring
from typing import Final

from sync.domain.addresses import normal_address
from sync.domain.limits import clean_line
from sync.server.mail.charsets import decoded

_MOST_HEADERS: Final = 1_000
_LONGEST: Final = 20_000
_MOST_ADDRESSES: Final = 200
_WORD: Final = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN: Final = re.compile(r"(\?=)\s+(=\?[^?\s]{1,60}\?[bBqQ]\?)")
_ADDRESS: Final = re.compile(r"[^\s<>\"'(),;:\[\]]{1,64}@[^\s<>\"'(),;:\[\]]{1,255}")
_FOLDED_WORD: Final = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]*\?=")
_FOLD: Final = re.compile(r"\r?\n[ \t]+")
_ID: Final = re.compile(r"<([^<>\s]{1,300})>")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in a header; `email` is well-formed, or None."""

    name: str
    email: str | None


class Headers:
    """The headers of a mail, or of a part of it; those of one name in their order. Nothing here raises."""

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        """`items` as the standard library's parser gives them: 8-bit octets as lone surrogates."""
        self._values: dict[str, list[str]] = {}
        for number, (name, value) in enumerate(items):
            if number >= _MOST_HEADERS:
                break
            self._values.setdefault(name.strip().lower(), []).append(str(value)[:_LONGEST])

    def all(self, name: str) -> list[str]:
        """Every value, decoded, each on one line."""
        return [header_text(one) for one in self._values.get(name.lower(), ())]

    def first(self, name: str) -> str:
        """The first value, decoded, on one line; empty if there is none."""
        found = self._values.get(name.lower())
        return header_text(found[0]) if found else ""

    def has(self, name: str) -> bool:
        """Whether such a header is there."""
        return name.lower() in self._values

    def people(self, *names: str) -> list[Person]:
        """Everybody in these headers."""
        return [one for name in names for value in self._values.get(name.lower(), ()) for one in people_in(value)]

    def ids(self, *names: str) -> list[str]:
        """Message-IDs in these headers, without their brackets, in their order."""
        found: dict[str, None] = {}
        for name in names:
            for value in self._values.get(name.lower(), ()):
                text = clean_line(_unfolded(value))
                for one in _ID.findall(text) or ([text] if "@" in text and " " not in text else []):
                    found[one[:300]] = None
        return list(found)

    def date_ms(self) -> int | None:
        """When it was written, in ms UTC, if it says so understandably."""
        try:
            return int(parsedate_to_datetime(clean_line(self.first("date"))).timestamp() * 1000)
        except (ValueError, TypeError, OverflowError, IndexError):
            return None


def header_text(value: str) -> str:
    """A header's words on one line."""
    return clean_line(_words(_unfolded(value)))


def people_in(value: str) -> list[Person]:
    """Everybody in a header of addresses; where it is none, whatever looks like an address."""
    text = _unfolded(value)
    try:
        pairs = [pair for pair in getaddresses([text]) if any(pair)]
    except (ValueError, IndexError, RecursionError):
        pairs = []
    found = [Person(clean_line(_words(name)), _email(address)) for name, address in pairs[:_MOST_ADDRESSES]]
    if any(one.email for one in found):
        return found
    plain = _words(text)
    looking = [_email(one) for one in _ADDRESS.findall(plain)[:_MOST_ADDRESSES]]
    name = clean_line(plain.partition("<")[0]).strip("\"' ")
    usable = [one for one in looking if one is not None]
    return [Person(name if len(usable) == 1 and "@" not in name else "", one) for one in usable] or found[:1]


def _email(text: str) -> str | None:
    try:
        return normal_address(clean_line(_words(text)).strip("<>\"' "))
    except ValueError:
        return None


def _unfolded(value: str) -> str:
    """One line, naked 8-bit read as what it is; a word that was folded in its middle is whole again."""
    line = _FOLDED_WORD.sub(lambda word: _FOLD.sub("", word[0]), value) if "=?" in value else value
    line = line.replace("\r", "").replace("\n", "")
    if line.isascii():
        return line
    try:
        return decoded(line.encode("ascii", "surrogateescape"), None)
    except UnicodeEncodeError:
        return line


def _words(text: str) -> str:
    """RFC 2047, and what is made of it: no blank between two words, one character split over two of them."""
    if "=?" not in text:
        return text
    text = _BETWEEN.sub(r"\1\2", text)
    made: list[str] = []
    pending: list[bytes] = []
    charset, end = "", 0
    for word in _WORD.finditer(text):
        if word.start() != end or word[1].lower() != charset:
            made.append(decoded(b"".join(pending), charset))
            pending.clear()
        made.append(text[end : word.start()])
        charset = word[1].partition("*")[0].lower()
        pending.append(_octets(word[2], word[3]))
        end = word.end()
    return "".join([*made, decoded(b"".join(pending), charset), text[end:]])


def _octets(way: str, text: str) -> bytes:
    octets = text.encode("utf-8", "replace")
    if way in "qQ":
        return decodestring(octets.replace(b"_", b" ").replace(b" ", b"=20"), header=False)
    try:
        return b64decode(octets + b"=" * (-len(octets.rstrip(b"=")) % 4)) or octets
    except ValueError:
        return octets
