"""Mails of strangers as targets: every parser of ours, without the net that `read_mail` has below it."""

from __future__ import annotations

from typing import Final

from sync.domain.file_names import harmless_name
from sync.domain.limits import SUBJECT_MAX
from sync.domain.quoting import folded
from sync.server.mail.anatomy import dissected, headers_of, parsed
from sync.server.mail.history import parted
from sync.server.mail.invitation import in_a_line
from sync.server.mail.markup import text_of
from sync.server.mail.nature import nature_of
from sync.server.mail.reading import read_mail
from sync.server.mail.reports import report_in
from sync.server.mail.winmail import NoWinmailError, unpacked
from tests.rigs.mails.natures import NATURES
from tests.rigs.mails.programs import PROGRAMS
from tests.rigs.mails.ugly import BOMB, UGLY, WINMAIL

SEEDS: Final = tuple(one.raw for one in (*PROGRAMS, *UGLY, *NATURES) if len(one.raw) < 4_000)
MARKUP: Final = (b"<div><p>a<blockquote type=cite>b<br><a href='http://x.y'>c</a></blockquote><!-- d --><pre>e\n f",)
WINMAILS: Final = (WINMAIL, BOMB)


def mail(octets: bytes) -> None:
    """A mail, whole and by its parts."""
    read = read_mail(octets, _is_ours)
    body = read.text
    own, rest = folded(body)
    assert "".join((own + rest).split()) == "".join(body.split())
    body.encode()
    assert len(read.subject) <= SUBJECT_MAX
    assert "\n" not in read.subject
    assert all(harmless_name(one.name) == one.name for one in read.files)
    message = parsed(octets)
    if message is None:
        return
    headers, parts = headers_of(message), dissected(message)
    nature_of(headers, _is_ours, None, headers.first("content-type").lower())
    report_in(parts, body, headers)
    for text in parts.invitations:
        assert "\n" not in in_a_line(text)


def markup(octets: bytes) -> None:
    """HTML of a mail, down to what is folded of it."""
    folded(parted(text_of(octets.decode("utf-8", "replace"))).body())


def winmail(octets: bytes) -> None:
    """Outlook's bundle."""
    try:
        unpacked(octets)
    except NoWinmailError:
        return


def _is_ours(address: str) -> bool:
    return address == "help@deskbell.test"
