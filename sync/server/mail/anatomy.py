"""The parts of a mail: its words, its files, what it reports; within bounds, whatever was nested in whatever."""

from __future__ import annotations

import mimetypes
import re
from binascii import a2b_base64
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from typing import Any, Final

from sync.domain import limits
from sync.domain.file_names import harmless_name
from sync.server.mail.charsets import decoded
from sync.server.mail.headers import Headers, header_text
from sync.server.mail.markup import text_of
from sync.server.mail.winmail import NoWinmailError, unpacked

_DEEPEST: Final = 60
_MOST_PARTS: Final = 1_000
_MOST_MULTIPARTS: Final = 200
_MOST_WORK: Final = 20_000_000
"""Lines times boundaries: the standard parser compares each line with each boundary around it."""
_BOUNDARY: Final = re.compile(rb"boundary\s*=", re.IGNORECASE)
_TNEF: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_WORDS: Final = frozenset({"text/plain", "text/html"})
_NOT_BASE64: Final = re.compile(rb"[^A-Za-z0-9+/]+")
_SCANT: Final = 5
"""Where the HTML has so many times the words of the plain text, the plain text says only that there is HTML."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a mail, with a harmless name. `is_inline`: it was meant to be seen among the words."""

    name: str
    type: str
    data: bytes
    is_inline: bool = False


@dataclass
class Parts:
    """What was found, in its order."""

    texts: list[str] = field(default_factory=list)
    files: list[FoundFile] = field(default_factory=list)
    invitations: list[str] = field(default_factory=list)
    letters: list[bytes] = field(default_factory=list)
    statuses: list[Headers] = field(default_factory=list)
    returned: list[Headers] = field(default_factory=list)
    from_html: bool = False

    def take(self, other: Parts, *, texts: bool = True) -> None:
        """Everything of another; its words too, unless they are the same in another form."""
        if texts:
            self.texts.extend(other.texts)
            self.from_html |= other.from_html
        self.files.extend(other.files)
        self.invitations.extend(other.invitations)
        self.letters.extend(other.letters)
        self.statuses.extend(other.statuses)
        self.returned.extend(other.returned)


def parsed(raw: bytes) -> Message[str, str] | None:
    """The standard library's view of a mail; None where that would take too long."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    boundaries = len(_BOUNDARY.findall(raw))
    if boundaries > _MOST_MULTIPARTS or boundaries * raw.count(b"\n") > _MOST_WORK:
        return None
    try:
        return message_from_bytes(raw.lstrip(b"\r\n\t "), policy=policy.compat32)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError, AssertionError):
        return None  # the standard parser promises not to raise, and does so now and then


def headers_of(message: Message[str, str]) -> Headers:
    """Its headers."""
    return Headers((name, str(value)) for name, value in message.raw_items())


def dissected(message: Message[str, str]) -> Parts:
    """All parts of a mail."""
    return _Dissection().visit(message, 0)


class _Dissection:
    def __init__(self) -> None:
        self._left = _MOST_PARTS

    def visit(self, part: Message[str, str], depth: int) -> Parts:
        self._left -= 1
        found = Parts()
        if self._left < 0:
            return found
        kind = part.get_content_type()
        children: Any = part.get_payload() if part.is_multipart() else None
        if not isinstance(children, list):
            self._leaf(part, kind, found)
        elif kind == "message/delivery-status":
            found.statuses.extend(headers_of(one) for one in children[:_MOST_PARTS])
        elif part.get_content_maintype() == "message":
            self._letter(children, found)
        elif depth >= _DEEPEST:
            found.files.append(_file(part, "message/rfc822", _octets_of(part)))
        else:
            self._branch(kind, [self.visit(one, depth + 1) for one in children], found)
        return found

    def _branch(self, kind: str, children: list[Parts], found: Parts) -> None:
        if kind != "multipart/alternative":
            for one in children:
                found.take(one)
            return
        best = _best(children)
        for one in children:
            found.take(one, texts=one is best)

    def _letter(self, children: list[Message[str, str]], found: Parts) -> None:
        """A mail inside the mail: a file, and its words to be quoted."""
        inner = children[0] if children else None
        if inner is None:
            return
        headers = headers_of(inner)
        found.returned.append(headers)
        octets = _octets_of(inner)
        found.letters.append(octets)
        title = headers.first("subject")[:80] or "message"
        found.files.append(FoundFile(harmless_name(f"{title}.eml"), "message/rfc822", octets))

    def _leaf(self, part: Message[str, str], kind: str, found: Parts) -> None:
        octets = _payload(part)
        disposition = _quietly(part.get_content_disposition) or ""
        name = _name_of(part)
        if kind == "text/rfc822-headers":
            found.returned.append(_headers_in(octets))
        elif kind == "message/delivery-status":
            found.statuses.append(_headers_in(octets))
        elif kind in _TNEF or name.lower() == "winmail.dat":
            self._winmail(part, octets, found)
        elif kind == "text/calendar":
            found.invitations.append(decoded(octets, _charset(part)))
            found.files.append(_file(part, kind, octets))
        elif (kind in _WORDS or kind.startswith("multipart/")) and disposition != "attachment" and not name:
            self._words(part, kind, octets, found)
        elif octets.strip() or name:
            found.files.append(
                _file(part, kind, octets, is_inline=disposition == "inline" or part["Content-ID"] is not None)
            )

    def _words(self, part: Message[str, str], kind: str, octets: bytes, found: Parts) -> None:
        text = decoded(octets, _charset(part))
        if kind == "text/html":
            found.texts.append(text_of(text))
            found.from_html = True
        elif str(_quietly(lambda: part.get_param("format")) or "").lower() == "flowed":
            found.texts.append(unflowed(text, str(_quietly(lambda: part.get_param("delsp")) or "").lower() == "yes"))
        else:
            found.texts.append(text)

    def _winmail(self, part: Message[str, str], octets: bytes, found: Parts) -> None:
        try:
            inside = unpacked(octets)
        except NoWinmailError:
            found.files.append(_file(part, "application/ms-tnef", octets))
            return
        words = inside.text or (text_of(inside.html) if inside.html else "")
        if words.strip():
            found.texts.append(words)
        for one in inside.files:
            kind = one.type or mimetypes.guess_type(one.name)[0] or "application/octet-stream"
            found.files.append(FoundFile(harmless_name(limits.clean_line(one.name)), kind, one.data))
        if not inside.files and not words.strip():
            found.files.append(_file(part, "application/ms-tnef", octets))


def unflowed(text: str, deletes_blank: bool) -> str:
    """RFC 3676: a line that ends in a blank goes on in the next, if that is quoted as deeply."""
    made: list[str] = []
    goes_on, depth_before = False, 0
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        is_signature = words.rstrip("\r") == "-- "
        if goes_on and depth == depth_before and not is_signature:
            made[-1] = (made[-1][:-1] if deletes_blank else made[-1]) + words
        else:
            made.append((">" * depth + " " if depth else "") + words)
        goes_on, depth_before = words.endswith(" ") and not is_signature, depth
    return "\n".join(made)


def _best(children: list[Parts]) -> Parts | None:
    """The plain words, unless they are none, or only say that there are others."""
    plain = next((one for one in children if one.texts and not one.from_html), None)
    marked = next((one for one in reversed(children) if one.texts and one.from_html), None)
    if plain is None or marked is None:
        return plain or marked
    size, other = (len("".join(one.texts).split()) for one in (plain, marked))
    return marked if size == 0 or (size < 40 and other > _SCANT * size) else plain


def _payload(part: Message[str, str]) -> bytes:
    try:
        octets: Any = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        octets = None
    text = _quietly(part.get_payload)
    plain = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else b""
    if not isinstance(octets, bytes):
        return plain
    is_base64 = str(part.get("content-transfer-encoding", "")).strip().lower() == "base64"
    if is_base64 and octets == b"".join(plain.split(b"\n")).replace(b"\r", b""):
        return _patched(plain)
    return octets


def _patched(octets: bytes) -> bytes:
    """Base64 that is damaged: as much of it as there is. What is no base64 at all is the words themselves."""
    kept = _NOT_BASE64.sub(b"", octets)
    if not kept or len(kept) < 0.9 * len(b"".join(octets.split()).rstrip(b"=")):
        return octets
    return a2b_base64(kept[: len(kept) // 4 * 4])


def _octets_of(part: Message[str, str]) -> bytes:
    try:
        return part.as_bytes(policy=policy.compat32)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        return _payload(part)


def _headers_in(octets: bytes) -> Headers:
    message = parsed(octets)
    return Headers(()) if message is None else headers_of(message)


def _charset(part: Message[str, str]) -> str | None:
    found = _quietly(lambda: part.get_param("charset"))
    if isinstance(found, tuple):
        found = found[2]
    return found if isinstance(found, str) else None


def _name_of(part: Message[str, str]) -> str:
    name = _quietly(part.get_filename)
    return header_text(str(name)) if name else ""


def _file(part: Message[str, str], kind: str, octets: bytes, *, is_inline: bool = False) -> FoundFile:
    kind = limits.clean_line(kind)[:100]
    name = _name_of(part)
    if not name:
        name = "file" + (mimetypes.guess_extension(kind) or ("" if "/" not in kind else ".bin"))
    return FoundFile(harmless_name(name), kind, octets, is_inline)


def _quietly(ask: Any) -> Any:
    """What the standard library says of a parameter; None where it stumbles over it."""
    try:
        return ask()
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
        return None
