"""From a reply to a FAQ entry: greeting, closing words and the requester are taken out, by simple rules."""

import re
from typing import Final

from sync.domain.faq import FaqWords
from sync.domain.limits import clean_line

_PREFIX: Final = re.compile(r"^(?:(?:re|fwd?|aw|wg|sv|antw)\s*:|\[[^\]]{1,40}\]|#\d+:?)\s*", re.IGNORECASE)
_GREETING: Final = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|"
    r"sehr geehrte[rs]?|bonjour|salut|hola|ciao|buongiorno|olá)\b[^.!?:]{0,60}[,!.:]?$",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"^(?:(?:kind|best|warm) (?:regards|wishes)|regards|best|cheers|sincerely|yours(?: \w+)?|all the best|"
    r"thank you|thanks|many thanks|mit freundlichen gr(?:ü|ue)(?:ß|ss)en|(?:viele|beste|liebe) gr(?:ü|ue)(?:ß|ss)e|"
    r"danke|cordialement|merci|saludos|cordiali saluti|atenciosamente)(?: and (?:\w+ )?regards)?"
    r"(?:,\s*\w+(?:\s\w+)?)?[,!.]?$",
    re.IGNORECASE,
)
_CLOSING_LINES: Final = 5
"""Lines from the end in which closing words are looked for."""
_GAP: Final = "…"
_SHORTEST_NAME: Final = 3


def proposal(subject: str, reply: str, requester_name: str = "", requester_email: str = "") -> FaqWords:
    """The subject as the question and the reply as the answer, without what is said to one person only.

    What names the requester in the middle of a sentence becomes `…`: somebody looks at it before it is published.
    """
    return FaqWords(_question(subject), _nameless(_body(reply), requester_name, requester_email))


def _question(subject: str) -> str:
    question = clean_line(subject)
    while (found := _PREFIX.match(question)) is not None:
        question = question[found.end() :]
    return question


def _body(reply: str) -> str:
    lines = [line.rstrip() for line in reply.splitlines()]
    if "--" in lines:
        lines = lines[: lines.index("--")]
    while lines and (not lines[-1] or lines[-1].startswith(">")):
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    if lines and _GREETING.match(lines[0].strip()):
        lines.pop(0)
    tail = max(len(lines) - _CLOSING_LINES, 0)
    for number in range(tail, len(lines)):
        if _CLOSING.match(lines[number].strip()):
            lines = lines[:number]
            break
    return "\n".join(lines).strip()


def _nameless(text: str, name: str, email: str) -> str:
    if email:
        text = re.sub(re.escape(email), _GAP, text, flags=re.IGNORECASE)
    parts = [one for one in clean_line(name).split() if len(one.strip(".,")) >= _SHORTEST_NAME]
    for one in [clean_line(name), *parts] if parts else []:
        spelled = re.escape(one.strip(".,"))
        text = re.sub(rf"^{spelled}[,:]\s+(\w)", lambda found: found[1].upper(), text, flags=re.MULTILINE)
        text = re.sub(rf",\s+{spelled}\b(?=[,.!?])", "", text)
        text = re.sub(rf"\b{spelled}\b", _GAP, text)
    return re.sub(rf"{_GAP}(?:\s{_GAP})+", _GAP, text)
