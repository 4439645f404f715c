"""What kind of letter a mail is: a person's, or a program's that must never be answered (RFC 3834, 3464, 2919)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sync.server.mail.headers import Headers

TICKET_HEADER: Final = "X-Deskbell-Ticket"
"""On everything that we send: by it our own mail is known when it comes back."""
MOST_HOPS: Final = 40


class Nature(StrEnum):
    """What a mail is."""

    ORDINARY = "ordinary"
    AUTO_REPLY = "autoReply"
    MACHINE = "machine"
    DELIVERY_REPORT = "deliveryReport"
    LIST = "list"
    LOOP = "loop"

    @property
    def may_be_answered(self) -> bool:
        """Whether a program of ours may write back."""
        return self is Nature.ORDINARY


@dataclass(frozen=True, slots=True)
class Judged:
    """A nature and the header that tells it."""

    nature: Nature
    why: str


_DAEMONS: Final = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mmdf|bounces?)(?:[+-].*)?@.*", re.IGNORECASE)
_NOBODY: Final = re.compile(
    r"(?:(?:no|do-?not)[-_.]?reply|ne-pas-repondre|keine-?antwort)(?:[+-].*)?@.*", re.IGNORECASE
)
_FAILED: Final = re.compile(
    r"undeliver|returned (?:mail|to sender)|mail delivery (?:failed|failure|subsystem|system)"
    r"|delivery (?:status notification|has failed|failure|incomplete)|failure notice|could not (?:be )?deliver"
    r"|unzustellbar|nicht zugestellt|non remis"
    r"|échec de la remise|no se puede entregar|mancato recapito|onbestelbaar|warning: could not send",
    re.IGNORECASE,
)
_AWAY: Final = re.compile(
    r"^(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|autoreply|out of (?:the )?office|abwesenheit"
    r"|automatische antwort|réponse automatique|absence du bureau|respuesta automática|fuera de la oficina"
    r"|risposta automatica|fuori sede"
    r"|automatisch antwoord|resposta automática|automatiskt svar|autosvar|automaattinen|автоответ|автоматический ответ"
    r"|自動返信|自动回复|자동 회신)\b",
    re.IGNORECASE,
)
_REPLY_MARKS: Final = (
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-mail-autoreply",
    "x-ms-exchange-inbox-rules-loop", "x-vacation", "x-vacationmessage",
)  # fmt: skip
_LIST_MARKS: Final = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "list-help")
_SPAM: Final = re.compile(r"^\s*yes\b", re.IGNORECASE)


def nature_of(
    headers: Headers, is_ours: Callable[[str], bool], envelope_from: str | None = None, content_type: str = ""
) -> Judged:
    """What the headers tell. `is_ours`: whether an address is one of ours. `envelope_from` empty: nobody wants it back;
    None: it is not known. `content_type`: of the whole mail, in lower case, with its parameters."""
    sender = next((one.email for one in headers.people("from") if one.email), "") or ""
    returns = envelope_from if envelope_from is not None else _return_path(headers)
    for judge in (_loop, _report, _reply, _list, _machine):
        found = judge(headers, sender, returns, content_type, is_ours)
        if found is not None:
            return found
    return Judged(Nature.ORDINARY, "")


def is_spam(headers: Headers) -> bool:
    """Whether a filter before us said so."""
    return any(_SPAM.match(one) for name in ("x-spam-flag", "x-spam-status") for one in headers.all(name))


_Ours = Callable[[str], bool]


def _loop(headers: Headers, sender: str, returns: str | None, kind: str, is_ours: _Ours) -> Judged | None:
    del returns, kind
    if headers.has(TICKET_HEADER):
        return Judged(Nature.LOOP, TICKET_HEADER)
    if len(headers.all("received")) > MOST_HOPS:
        return Judged(Nature.LOOP, "Received")
    if sender and is_ours(sender):
        return Judged(Nature.LOOP, "From")
    return None


def _report(headers: Headers, sender: str, returns: str | None, kind: str, is_ours: _Ours) -> Judged | None:
    del is_ours
    if kind.startswith("multipart/report"):
        if "disposition-notification" in kind:
            return Judged(Nature.AUTO_REPLY, "Content-Type")
        if "feedback-report" not in kind:
            return Judged(Nature.DELIVERY_REPORT, "Content-Type")
    if headers.has("x-failed-recipients"):
        return Judged(Nature.DELIVERY_REPORT, "X-Failed-Recipients")
    says_so = bool(_FAILED.search(headers.first("subject")))
    if says_so and (_DAEMONS.fullmatch(sender) or returns == "" or not sender):
        return Judged(Nature.DELIVERY_REPORT, "Subject")
    return None


def _reply(headers: Headers, sender: str, returns: str | None, kind: str, is_ours: _Ours) -> Judged | None:
    del sender, kind, is_ours
    submitted = headers.first("auto-submitted").lower()
    if submitted.startswith("auto-replied"):
        return Judged(Nature.AUTO_REPLY, "Auto-Submitted")
    for name in _REPLY_MARKS:
        if headers.has(name) and headers.first(name).lower() not in ("no", "false", "none"):
            return Judged(Nature.AUTO_REPLY, name)
    if headers.first("precedence").lower() in ("auto_reply", "auto-reply"):
        return Judged(Nature.AUTO_REPLY, "Precedence")
    if "autorespon" in headers.first("x-post-messageclass").lower():
        return Judged(Nature.AUTO_REPLY, "X-POST-MessageClass")
    away = bool(_AWAY.match(headers.first("subject")))
    evidence = returns == "" or bool(submitted and submitted != "no") or headers.has("x-auto-response-suppress")
    if away and (evidence or headers.first("precedence").lower() in ("bulk", "junk")):
        return Judged(Nature.AUTO_REPLY, "Subject")
    return None


def _list(headers: Headers, sender: str, returns: str | None, kind: str, is_ours: _Ours) -> Judged | None:
    del sender, returns, kind, is_ours
    for name in _LIST_MARKS:
        if headers.has(name):
            return Judged(Nature.LIST, name)
    return Judged(Nature.LIST, "Precedence") if headers.first("precedence").lower() == "list" else None


def _machine(headers: Headers, sender: str, returns: str | None, kind: str, is_ours: _Ours) -> Judged | None:
    del kind, is_ours
    submitted = headers.first("auto-submitted").lower()
    if submitted and submitted != "no":
        return Judged(Nature.MACHINE, "Auto-Submitted")
    if headers.first("precedence").lower() in ("bulk", "junk"):
        return Judged(Nature.MACHINE, "Precedence")
    if headers.first("x-auto-response-suppress").lower() in ("all", "oof", "dr, rn, nrn, oof, autoreply"):
        return Judged(Nature.MACHINE, "X-Auto-Response-Suppress")
    if returns == "" or _DAEMONS.fullmatch(sender):
        return Judged(Nature.MACHINE, "Return-Path")
    if _NOBODY.fullmatch(sender) and not headers.people("reply-to"):
        return Judged(Nature.MACHINE, "From")
    return None


def _return_path(headers: Headers) -> str | None:
    """Empty where the mail server noted that there is nobody to return it to; None where it noted nothing."""
    if not headers.has("return-path"):
        return None
    return "" if headers.first("return-path").strip() in ("<>", "") else headers.first("return-path")
