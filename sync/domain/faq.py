"""FAQ entries: a question that comes again, its answer, and what became of it (PRODUCT G1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Who sees an entry: agents, or everybody."""

    DRAFT = "draft"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class FaqHead:
    """An entry without its answer. `category_ids`: where it is offered; none: everywhere. `language`: a BCP 47 tag.

    `shown`, `opened`, `answered`: how often; `answered` are tickets avoided. Times in ms UTC.
    """

    id: str
    question: str
    category_ids: frozenset[str]
    language: str
    status: Status
    slug: str
    author_id: str | None
    updated_at: int
    shown: int = 0
    opened: int = 0
    answered: int = 0

    @property
    def helped(self) -> float | None:
        """The share of those to whom it was shown and whom it answered; None: shown to nobody yet."""
        return min(self.answered / self.shown, 1.0) if self.shown else None


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """The whole entry; the answer is Markdown."""

    head: FaqHead
    answer: str


@dataclass(frozen=True, slots=True)
class FaqWords:
    """What somebody writes into an entry."""

    question: str = ""
    answer: str = ""
    category_ids: frozenset[str] = frozenset()
    language: str = "en"
    status: Status = Status.DRAFT

    @staticmethod
    def of(entry: FaqEntry) -> "FaqWords":
        """As they stand in an entry."""
        head = entry.head
        return FaqWords(head.question, entry.answer, head.category_ids, head.language, head.status)


@dataclass(frozen=True, slots=True)
class FaqWeek:
    """What was counted in the week that begins at `since` (Monday 00:00 UTC, in ms)."""

    since: int
    shown: int
    opened: int
    answered: int


def is_found(words: str, *texts: str) -> bool:
    """Whether each of the words stands somewhere in the texts, in part and whatever its letter case."""
    whole = "\n".join(texts).casefold()
    return all(one in whole for one in words.casefold().split())


def totals(heads: Sequence[FaqHead]) -> tuple[int, int, int]:
    """Shown, opened and answered of all of them."""
    return sum(one.shown for one in heads), sum(one.opened for one in heads), sum(one.answered for one in heads)
