"""An mbox file or a Maildir as mails in the order of their dates, each read when its turn comes."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, Final

from sync.domain.errors import Rejected
from sync.domain.times import DAY_MS
from sync.server.mail.anatomy import headers_of
from sync.server.mail.headers import Headers

_HEAD: Final = 64 * 1024
_END: Final = b"\n\n"
_ESCAPED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)
_EPOCH_OF_MAIL: Final = 315_532_800_000
"""1980: a date before that is a clock that was never set."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail of a folder. `place` names it for people; `at`: when it was written or came, in ms UTC."""

    place: str
    at: int
    octets: bytes


class MailFolder:
    """Opens what is there for reading only. Only the place and date of each mail are held."""

    def __init__(self, path: Path, now: int) -> None:
        """`now`: what has no date that can be believed is as old as the mail before it. Raises Rejected."""
        self._box = _opened(path)
        self._order = self._ordered(now)

    def __len__(self) -> int:
        return len(self._order)

    def close(self) -> None:
        """Let go of the file."""
        self._box.close()

    def mails(self) -> Iterator[Stored]:
        """The oldest first: an answer comes behind what it answers."""
        for at, number, key in self._order:
            yield Stored(f"mail {number}", at, _octets(self._box, key))

    def _ordered(self, now: int) -> list[tuple[int, int, Any]]:
        found: list[tuple[int, int, Any]] = []
        before = 0
        for number, key in enumerate(self._box.iterkeys(), start=1):
            head = _headers(_head(self._box, key))
            before = _date(head, now) or before
            found.append((before, number, key))
        return sorted(found, key=lambda one: one[:2])


def _opened(path: Path) -> mailbox.Mailbox[Any]:
    if path.is_dir():
        if not any((path / one).is_dir() for one in ("cur", "new")):
            raise Rejected(
                f"{path} is no Maildir: it has neither a folder cur nor new. Give an mbox file or a Maildir."
            )
        return mailbox.Maildir(path, create=False)
    with path.open("rb") as file:
        if file.read(5) not in (b"From ", b""):
            raise Rejected(f"{path} is no mbox: it does not begin with a line 'From '. Give an mbox file or a Maildir.")
    return mailbox.mbox(path, create=False)


def _head(box: mailbox.Mailbox[Any], key: Any) -> bytes:
    with box.get_file(key) as file:
        return bytes(file.read(_HEAD)).replace(b"\r\n", b"\n").partition(_END)[0] + _END


def _octets(box: mailbox.Mailbox[Any], key: Any) -> bytes:
    """Without the line 'From ' before it; an escaped one within is what it was."""
    octets = bytes(box.get_bytes(key))
    return _ESCAPED.sub(rb"\1", octets) if isinstance(box, mailbox.mbox) else octets


def _headers(head: bytes) -> Headers:
    try:
        return headers_of(message_from_bytes(head, policy=policy.compat32))
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        return Headers(())


def _date(head: Headers, now: int) -> int | None:
    written = head.date_ms()
    if written is None or not _EPOCH_OF_MAIL <= written <= now + DAY_MS:
        return None
    return min(written, now)
