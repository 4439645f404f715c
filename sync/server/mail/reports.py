"""What a delivery report says (RFC 3464), also where it keeps to no standard: of which mail, to whom, and why not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sync.domain.limits import clean_line
from sync.server.mail.anatomy import Parts
from sync.server.mail.headers import Headers
from sync.server.mail.nature import TICKET_HEADER

_STATUS: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE: Final = re.compile(r"\b([45]\d\d)[ -]\S")
_RECIPIENT: Final = re.compile(r"<?([^\s<>():;,\"]{1,64}@[^\s<>():;,\"]{1,255})>?")
_ID_LINE: Final = re.compile(r"^[> ]*message-id:\s*<?([^\s<>]{3,300})>?", re.IGNORECASE | re.MULTILINE)
_TOKEN_LINE: Final = re.compile(rf"^[> ]*{TICKET_HEADER}:\s*(\S{{5,60}})", re.IGNORECASE | re.MULTILINE)
_WAITS: Final = re.compile(
    r"delayed|not yet been delivered|will (?:be )?retr|still trying|no action is required|warning", re.IGNORECASE
)
_LONGEST: Final = 500
_LOOKED_AT: Final = 100_000


@dataclass(frozen=True, slots=True)
class Report:
    """`action`: failed, delayed, delivered, relayed or expanded. `of_ids`: Message-IDs of what it may be about, without
    brackets; `tokens`: thread tokens found in what was returned. `why`: the other server's words, on one line."""

    action: str
    recipient: str
    status: str
    why: str
    of_ids: tuple[str, ...]
    tokens: tuple[str, ...]

    @property
    def is_final(self) -> bool:
        """Whether nothing more will be tried."""
        return self.action == "failed"


def report_in(parts: Parts, text: str, headers: Headers) -> Report:
    """The report that a mail is, from its parts and from what it says in words."""
    groups = [one for one in parts.statuses if one.has("action") or one.has("status") or one.has("final-recipient")]
    words = text[:_LOOKED_AT]
    worst = next(
        (one for one in groups if one.first("action").lower().startswith("fail")), groups[0] if groups else None
    )
    status = "" if worst is None else worst.first("status")
    found = _STATUS.search(status) or _STATUS.search(words) or _CODE.search(words)
    why = "" if worst is None else worst.first("diagnostic-code") or worst.first("status")
    return Report(
        action=_action(worst, words, headers),
        recipient=_recipient(worst, headers, words),
        status=found[1] if found else "",
        why=clean_line(why or _in_words(words))[:_LONGEST],
        of_ids=tuple(
            dict.fromkeys([*(i for one in parts.returned for i in one.ids("message-id")), *_ID_LINE.findall(words)])
        ),
        tokens=tuple(
            dict.fromkeys([*(t for one in parts.returned for t in one.all(TICKET_HEADER)), *_TOKEN_LINE.findall(words)])
        ),
    )


def _action(group: Headers | None, words: str, headers: Headers) -> str:
    said = "" if group is None else group.first("action").lower().split(" ")[0]
    if said in ("failed", "delayed", "delivered", "relayed", "expanded"):
        return said
    return "delayed" if _WAITS.search(headers.first("subject")) or _WAITS.search(words[:2_000]) else "failed"


def _recipient(group: Headers | None, headers: Headers, words: str) -> str:
    for name in ("final-recipient", "original-recipient"):
        said = "" if group is None else group.first(name).rpartition(";")[2].strip()
        if said:
            return said[:320]
    failed = headers.first("x-failed-recipients") or words
    found = _RECIPIENT.search(failed)
    return found[1] if found else ""


def _in_words(words: str) -> str:
    """The line that names a code, else the first that is none of the greetings."""
    lines = [line.strip() for line in words.splitlines() if line.strip()][:100]
    coded = next((line for line in lines if _STATUS.search(line) or _CODE.search(line)), None)
    return coded or next((line for line in lines if len(line) > 20), "")
