"""FAQ words that are not at the server yet, as they are kept on this computer (PRODUCT C2)."""

from dataclasses import dataclass
from typing import Any

import orjson

from sync.cache.rows import DraftRow
from sync.domain.faq import FaqWords, Status

_PLACE = "own"
_MODE = "faq "
NEW = "+"
"""Begins the id of what has no entry yet; its client key follows."""


@dataclass(frozen=True, slots=True)
class FaqDraft:
    """`base`: the entry as it was when somebody began to change it; None for a new one. `at`: ms UTC."""

    id: str
    words: FaqWords
    base: FaqWords | None
    at: int

    @property
    def is_new(self) -> bool:
        """Whether it has no entry yet."""
        return self.id.startswith(NEW)


def slot_of(entry_id: str) -> tuple[str, str]:
    """Where the words of an entry, or of a new one, are kept."""
    return _PLACE, f"{_MODE}{entry_id}"


def text_of(words: FaqWords, base: FaqWords | None) -> str:
    """As they are kept."""
    return orjson.dumps({"words": _plain(words), "base": None if base is None else _plain(base)}).decode()


def drafts_of(rows: list[DraftRow]) -> dict[str, FaqDraft]:
    """Among all that is kept, by the entry's id; what cannot be read is left out."""
    found: dict[str, FaqDraft] = {}
    for row in rows:
        if row.ticket_id == _PLACE and row.mode.startswith(_MODE):
            entry_id = row.mode.removeprefix(_MODE)
            try:
                said = orjson.loads(row.text)
                base = None if said["base"] is None else _words(said["base"])
                found[entry_id] = FaqDraft(entry_id, _words(said["words"]), base, row.at)
            except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
                continue
    return found


def _plain(words: FaqWords) -> dict[str, Any]:
    return {
        "question": words.question,
        "answer": words.answer,
        "categories": sorted(words.category_ids),
        "language": words.language,
        "status": words.status.value,
    }


def _words(said: dict[str, Any]) -> FaqWords:
    return FaqWords(
        said["question"], said["answer"], frozenset(said["categories"]), said["language"], Status(said["status"])
    )
