"""The last part of an entry's address: words of its question that any address can hold."""

import re
import unicodedata
from typing import Final

_LONGEST: Final = 60
_PART: Final = re.compile(r"[a-z0-9]+")
_TAIL: Final = 8


def slug_of(question: str) -> str:
    """Small letters, digits and hyphens; where the question has none, `answer`."""
    plain = unicodedata.normalize("NFKD", question.casefold())
    parts: list[str] = []
    for part in _PART.findall("".join(one for one in plain if not unicodedata.combining(one))):
        if len("-".join([*parts, part])) > _LONGEST:
            break
        parts.append(part)
    return "-".join(parts) or "answer"


def told_apart(slug: str, entry_id: str) -> str:
    """A slug that another entry has already, made its own."""
    return f"{slug}-{entry_id[-_TAIL:]}"
