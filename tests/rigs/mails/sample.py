"""A mail, and what must come out of it."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

from sync.server.mail.nature import Nature


@dataclass(frozen=True)
class Sample:
    """`raw` and what is to be read; what is None does not matter. `own` is exact, `history` and `has` are parts."""

    name: str
    raw: bytes
    own: str | None = None
    subject: str | None = None
    sender: str | None = None
    person: str | None = None
    signature: str | None = None
    history: str | None = ""
    files: tuple[str, ...] | None = ()
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    nature: Nature = Nature.ORDINARY


def crlf(text: str, charset: str = "utf-8") -> bytes:
    """A mail as it travels, from lines that are indented for the reader."""
    return dedent(text).lstrip("\n").replace("\n", "\r\n").encode(charset)


def simple(head: str, body: str, charset: str = "utf-8") -> bytes:
    """A mail from Ada with these further headers and this body."""
    lines = [one.strip() for one in head.strip().split("\n") if one.strip()]
    first = ["From: Ada Byron <ada@example.org>", "To: help@deskbell.test", *lines]
    return ("\r\n".join(first) + "\r\n\r\n" + body.replace("\n", "\r\n")).encode(charset)
