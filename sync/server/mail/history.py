"""Where a mail's new words end: what mail programs, in many languages, put above the history and the signature.

Packages for it were tried on the set of mails in tests/rigs/mails: one missed a fifth of them, the other took seconds
for one long line of a stranger's. Here no line is looked at more than a few times, and nothing of it is thrown away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sync.domain.quoting import LONGEST_SIGNATURE, QUOTE, SIGNATURE, quoted
from sync.server.mail.markup import QUOTE_BEGINS

_LOOK_AHEAD: Final = 8
_MOST_LINES: Final = 2_000
_RULE: Final = "-_*"
_LONGEST_LINE: Final = 400
_UNDERSCORES: Final = re.compile(r"\s*[_-]{10,}\s*")
_FROM: Final = re.compile(
    r"[*> ]{0,4}(?:From|Von|De|Da|Van|Från|Fra|Od|Lähettäjä|Kimden|От|Від|Feladó|Expéditeur|Mittente"
    r"|Remitente|Remetente|差出人|送信者|发件人|寄件者|보낸 ?사람|מאת|من)\s?[*]?[:\uff1a]"
)
_SUBJECT: Final = re.compile(
    r"[*> ]{0,4}(?:Subject|Betreff|Objet|Oggetto|Asunto|Onderwerp|Assunto|Ämne|Emne|Aihe|Konu|Тема|Temat|Předmět|Tárgy"
    r"|件名|主题|主旨|제목|נושא|الموضوع)\s?[*]?[:\uff1a]"
)
_ATTRIBUTION: Final = re.compile(
    r"(?:On|Am|Le|El|Il|Op|Em|No dia|Den|Den|W dniu|Dne|Pada|Vào|Στις|På|Pe|Dnia)\b.{5,300}"
    r"(?:wrote|schrieb(?:en)?|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napisał(?:\(a\)|a)?|napsal\(?a?\)?"
    r"|menulis|đã viết|έγραψε|a scris|kirjoitti)\b.{0,200}[:\uff1a]\s*"
)
_ATTRIBUTION_LAST: Final = re.compile(
    r".{0,200}(?:wrote|schrieb|a écrit"
    r"|escribió|ha scritto|schreef|escreveu|skrev|napisał|kirjoitti|пише[тш]"
    r"|написал[аи]?|書きました|写道|작성)"
    r".{0,80}[:\uff1a]\s*"
)
_COLONS: Final = (":", "\uff1a")
_FORWARDED: Final = re.compile(
    r"forward|weitergeleitet|transf[ée]r|réexpédi|reenviad|inoltrat|doorgestuurd|encaminhad|vidarebefordra|videresend"
    r"|пересыл|пересл|przekazan|přeposlan|edelleen|iletilen|転送|转发|轉寄|전달",
    re.IGNORECASE,
)
_SENT_FROM: Final = re.compile(
    r"(?:Sent (?:from|with|via)|Get Outlook for|Von mein(?:em|er) .{2,40}gesendet|Gesendet (?:von|mit)"
    r"|Envoyé (?:de|depuis|avec)|Enviado (?:desde|do|de)|Inviato da|Verstuurd vanaf|Verzonden vanuit"
    r"|Skickat från|Sendt fra"
    r"|Lähetetty|Wysłan[eo] z|Отправлено|Diese Nachricht wurde von meinem|Von meinem .{2,40} gesendet"
    r"|Outlook für)\b.{0,120}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parted:
    """A mail's text in its three parts."""

    own: str
    signature: str = ""
    history: str = ""

    def body(self) -> str:
        """As it stands in a message: see sync.domain.quoting."""
        parts = [self.own.strip("\n")]
        if self.signature:
            parts.append(f"{SIGNATURE}\n{self.signature}")
        if self.history:
            parts.append(quoted(self.history))
        return "\n\n".join(one for one in parts if one.strip())


def parted(text: str) -> Parted:
    """The new words, the signature, the history. What would leave no new words is left whole, as a forward is."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    start = _history_at(lines)
    plain = [line for line in lines if line != QUOTE_BEGINS]
    own, signature = _signed([line for line in lines[:start] if line != QUOTE_BEGINS])
    history = "\n".join(line for line in lines[start:] if line != QUOTE_BEGINS).strip("\n")
    if not "".join(own).strip():
        return Parted("\n".join(plain).strip("\n"))
    return Parted("\n".join(own).strip("\n"), "\n".join(signature).strip("\n"), history)


def _history_at(lines: list[str]) -> int:
    """The first line of what is history down to the end; their number if there is none."""
    for place, line in enumerate(lines[:_MOST_LINES]):
        if line == QUOTE_BEGINS:
            return place
        if not line or line.startswith(QUOTE):
            continue
        head = _head_of_history(lines, place)
        if head == "forward":
            return len(lines)
        if head == "history":
            return place
    return _trailing_quote(lines)


def _head_of_history(lines: list[str], place: int) -> str:
    line = lines[place][:_LONGEST_LINE]
    ruled = _between_rules(line)
    if ruled and _FORWARDED.search(ruled):
        return "forward"
    if _FORWARDED.search(line) and line.rstrip().endswith(":") and len(line) < 60:
        return "forward"
    following = [one[:_LONGEST_LINE] for one in lines[place + 1 : place + 1 + _LOOK_AHEAD]]
    if ruled and any(_FROM.match(one) for one in following[:3]):
        return "history"
    if _UNDERSCORES.fullmatch(line) and following and _is_head(following):
        return "history"
    if _FROM.match(line) and _is_head([line, *following]):
        return "history"
    if _attributes(line, following):
        rest = lines[place + 1 : place + 4]
        return "" if any(one.startswith(QUOTE) for one in rest) else "history"
    return ""


def _between_rules(line: str) -> str:
    """What stands in `----- Original Message -----`; empty if the line is none such."""
    bare = line.strip()
    words = bare.strip(_RULE)
    before = len(bare) - len(bare.lstrip(_RULE))
    after = len(bare) - len(bare.rstrip(_RULE))
    return words.strip() if before >= 2 and after >= 2 and 4 <= len(words) <= 64 else ""


def _is_head(lines: list[str]) -> bool:
    """Lines like `From:` ... `Subject:`, as Outlook puts them above the history."""
    first = next((one for one in lines if one.strip()), "")
    return bool(_FROM.match(first)) and any(_SUBJECT.match(one) for one in lines)


def _attributes(line: str, following: list[str]) -> bool:
    joined = line
    for more in (None, *following[:2]):
        if more is not None:
            joined = f"{joined.rstrip()} {more.strip()}"
        if joined.rstrip().endswith(_COLONS) and _ATTRIBUTION.fullmatch(joined):
            return True
    return False


def _trailing_quote(lines: list[str]) -> int:
    """Where the quote at the end begins, with the line above it that says whose words they are."""
    end = len(lines)
    start = end
    while start and (lines[start - 1].startswith(QUOTE) or not lines[start - 1].strip()):
        start -= 1
    if not any(line.startswith(QUOTE) for line in lines[start:]):
        return end
    for count in (1, 2, 3):
        above = [one[:_LONGEST_LINE].strip() for one in lines[max(0, start - count) : start]]
        if len(above) == count and all(above) and _ATTRIBUTION.fullmatch(" ".join(above)):
            return start - count
    return start - 1 if start and _looks_attributed(lines[start - 1][:_LONGEST_LINE].strip()) else start


def _looks_attributed(line: str) -> bool:
    """In whatever language: a date or an address, and a colon at the end."""
    return bool(_ATTRIBUTION_LAST.fullmatch(line)) or (
        line.endswith((":", "\uff1a")) and len(line) > 15 and ("@" in line or len(re.findall(r"\d", line)) >= 4)
    )


def _signed(lines: list[str]) -> tuple[list[str], list[str]]:
    """Words and signature."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    lines = lines[:end]
    for place in range(max(0, end - LONGEST_SIGNATURE - 1), end):
        if lines[place].rstrip("\r") in (SIGNATURE, SIGNATURE.rstrip(), "\u2014", "__"):
            return lines[:place], lines[place + 1 :]
    for place in range(max(0, end - 3), end):
        stands_apart = place in (0, end - 1) or not lines[place - 1].strip()
        if stands_apart and _SENT_FROM.fullmatch(lines[place].strip()):
            return lines[:place], lines[place:]
    return lines, []
