"""A mail of any program as what Deskbell keeps of it. Never refuses one for being ugly, never raises."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from sync.domain import limits
from sync.server.mail.anatomy import FoundFile, Parts, dissected, headers_of, parsed
from sync.server.mail.charsets import decoded
from sync.server.mail.headers import Headers, Person
from sync.server.mail.history import Parted, parted
from sync.server.mail.invitation import in_a_line
from sync.server.mail.nature import Judged, Nature, is_spam, nature_of
from sync.server.mail.reports import Report, report_in

_MOST_LETTERS: Final = 10
_MOST_TEXT: Final = 4_000_000
_FIRST_WORDS: Final = 80
_HEAD: Final = 64_000


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What a mail says. `message_id` and `references` without brackets, the newest reference last.

    `parted`: its words in three parts. `report` where it is a delivery report. `is_whole` is False where something
    could not be read: the original has it.
    """

    subject: str
    sender: Person
    reply_to: Person | None
    recipients: tuple[Person, ...]
    date_ms: int | None
    message_id: str | None
    references: tuple[str, ...]
    parted: Parted
    files: tuple[FoundFile, ...]
    judged: Judged
    spam: bool
    report: Report | None
    headers: Headers
    is_whole: bool = True

    @property
    def nature(self) -> Nature:
        """What kind of letter it is."""
        return self.judged.nature

    @property
    def text(self) -> str:
        """The words as they stand in a message: see sync.domain.quoting."""
        return self.parted.body()


def read_mail(raw: bytes, is_ours: Callable[[str], bool], envelope_from: str | None = None) -> ReadMail:
    """`is_ours`: whether an address is one of ours. `envelope_from`: see `nature_of`."""
    try:
        message = parsed(raw)
        if message is not None:
            headers = headers_of(message)
            kind = headers.first("content-type").lower()
            return _read(headers, dissected(message), nature_of(headers, is_ours, envelope_from, kind))
    except Exception:  # a stranger's mail must not stand in the way of the next one: see below
        logging.getLogger("sync.server").exception("a mail is read as plain text, since its parts could not be read")
    return _plainly(raw, is_ours, envelope_from)


def _read(headers: Headers, parts: Parts, judged: Judged) -> ReadMail:
    text, files = _words(parts)
    report = report_in(parts, text, headers) if judged.nature is Nature.DELIVERY_REPORT else None
    split = parted(limits.clean_text(text[:_MOST_TEXT]))
    summaries = [in_a_line(one) for one in parts.invitations[:_MOST_LETTERS]]
    if summaries:
        split = replace(split, own="\n\n".join([one for one in (split.own,) if one.strip()] + summaries))
    if parts.letters and report is None:
        letters = [_letter(one) for one in parts.letters[:_MOST_LETTERS]]
        split = replace(split, history="\n\n".join([one for one in (split.history,) if one] + letters))
    return _mail(headers, split, tuple(files), judged, report, is_whole=len(text) <= _MOST_TEXT)


def _words(parts: Parts) -> tuple[str, list[FoundFile]]:
    """The text; where there is none, a file that is one."""
    text = "\n\n".join(one.strip("\r\n") for one in parts.texts if one.strip())
    if text:
        return text, parts.files
    for place, file in enumerate(parts.files):
        if file.type == "text/plain" and file.is_inline:
            return decoded(file.data, None), parts.files[:place] + parts.files[place + 1 :]
    return "", parts.files


def _letter(octets: bytes) -> str:
    """A mail inside the mail, in words."""
    message = parsed(octets)
    if message is None:
        return ""
    headers = headers_of(message)
    text, _ = _words(dissected(message))
    names = ("From", "Date", "To", "Subject")
    head = [f"{name}: {headers.first(name)}" for name in names if headers.has(name)]
    return "\n".join([*head, "", limits.clean_text(text[:_MOST_TEXT]).strip("\n")])


def _plainly(raw: bytes, is_ours: Callable[[str], bool], envelope_from: str | None) -> ReadMail:
    """The head line by line, and behind it whatever text there is: for what no parser takes."""
    head, _, body = raw.replace(b"\r\n", b"\n").lstrip(b"\n").partition(b"\n\n")
    items: list[tuple[str, str]] = []
    for line in head[:_HEAD].decode("ascii", "surrogateescape").split("\n"):
        name, colon, value = line.partition(":")
        if line[:1] in " \t" and items:
            items[-1] = (items[-1][0], items[-1][1] + " " + line.strip())
        elif colon and name.strip():
            items.append((name, value.strip()))
    headers = Headers(items)
    text = limits.clean_text(decoded(body[:_MOST_TEXT], None))[: _MOST_TEXT // 8]
    judged = nature_of(headers, is_ours, envelope_from, "")
    return _mail(headers, Parted(text.strip("\n")), (), judged, None, is_whole=False)


def _mail(
    headers: Headers,
    split: Parted,
    files: tuple[FoundFile, ...],
    judged: Judged,
    report: Report | None,
    *,
    is_whole: bool,
) -> ReadMail:
    senders = [one for one in headers.people("from") if one.email] or headers.people("from", "sender", "return-path")
    answers = [one for one in headers.people("reply-to") if one.email]
    own_ids = headers.ids("message-id")
    references = [*headers.ids("references"), *headers.ids("in-reply-to")]
    return ReadMail(
        subject=_subject(headers, split),
        sender=senders[0] if senders else Person("", None),
        reply_to=answers[0] if answers else None,
        recipients=tuple(headers.people("to", "cc")),
        date_ms=headers.date_ms(),
        message_id=own_ids[0] if own_ids else None,
        references=tuple(dict.fromkeys(references)),
        parted=split,
        files=files,
        judged=judged,
        spam=is_spam(headers),
        report=report,
        headers=headers,
        is_whole=is_whole,
    )


def _subject(headers: Headers, split: Parted) -> str:
    """One line of the length that a ticket takes; the first words where the mail has none."""
    said = (
        headers.first("subject")
        or next((one.strip() for one in split.own.split("\n") if one.strip()), "")[:_FIRST_WORDS]
    )
    said = limits.clean_line(said) or "(no subject)"
    return said if len(said) <= limits.SUBJECT_MAX else said[: limits.SUBJECT_MAX - 1] + "…"
