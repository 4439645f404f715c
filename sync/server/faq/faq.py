"""The FAQ as the rest of the server asks it: what fits a question, what stands on a page, what was counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sync.domain import protocol
from sync.domain.faq import Status
from sync.server.database import Row
from sync.server.faq import ranking
from sync.server.faq.counts import Counts, What
from sync.server.faq.entries import Entries
from sync.server.faq.index import index_of
from sync.server.faq.tables import FaqRow
from sync.server.parts import Parts

_PIECE: Final = 200
_MOST_LISTED: Final = 2_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A published entry that may answer somebody's question; `excerpt` are plain words."""

    entry_id: str
    slug: str
    question: str
    excerpt: str
    language: str


class Faq:
    """`matching`, `search` and `published` may be called outside and inside transactions; they only read."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._index = index_of(parts.database)
        self.entries = Entries(parts, self._index)
        self.counts = Counts(parts)

    def matching(
        self, text: str, category_id: str | None = None, language: str | None = None, most: int = 5
    ) -> list[Offer]:
        """What may answer a text that somebody is about to send, the best first; nothing that is not about it.

        `category_id`: only what is offered there. `language`: a BCP 47 tag; entries in it are preferred.
        """
        return self._parts.database.read(lambda: self._found(text, category_id, language, most, searched=False))

    def search(self, text: str, language: str | None = None, most: int = 50) -> list[Offer]:
        """Every entry that has words of what somebody looks for, the best first."""
        return self._parts.database.read(lambda: self._found(text, None, language, most, searched=True))

    def count(self, entry_id: str, what: What, address: str | None = None) -> None:
        """It was shown, opened, or answered the question; once a day for each address."""
        self.counts.count([entry_id], what, address)

    def published(self, slug: str) -> Row | None:
        """The published entry at that address, a row of FaqRow."""
        found = (FaqRow.slug == slug) & (FaqRow.status == Status.PUBLISHED.value)
        return self._parts.database.read(lambda: self._parts.database.one(FaqRow.select().where(found)))

    def listing(self, most: int = _MOST_LISTED) -> list[Row]:
        """Published entries without their answers, those that helped most first."""
        columns = [FaqRow.id, FaqRow.slug, FaqRow.question, FaqRow.category_ids, FaqRow.language, FaqRow.answered]
        query = FaqRow.select(*columns).where(FaqRow.status == Status.PUBLISHED.value).limit(most)
        rows = self._parts.database.read(lambda: self._parts.database.rows(query))
        return sorted(rows, key=lambda one: (-one["answered"], one["question"].casefold(), one["id"]))

    def everything(self) -> list[Row]:
        """Every entry, drafts too, the oldest first."""
        query = FaqRow.select().order_by(FaqRow.id)
        return self._parts.database.read(lambda: self._parts.database.rows(query))

    def tell_counts(self) -> int:
        """Let workstations learn what was counted since the last call; of how many entries. One transaction a piece."""
        told = 0
        while found := self._parts.journal.write(self._tell_some):
            told += found
        return told

    def mend(self) -> None:
        """Put into the index what is missing there, as after a restore. At the opening of the house."""
        missing = self._parts.database.write(self._index.unindexed)
        for start in range(0, len(missing), _PIECE):
            self._parts.database.write(partial(self._put, missing[start : start + _PIECE]))

    def _put(self, entry_ids: Sequence[str]) -> None:
        for row in self._rows(entry_ids):
            self._index.put(row)

    def _tell_some(self) -> int:
        entry_ids = self.counts.untold()
        self._parts.journal.present(self._parts.accounts.team(), protocol.FAQ_ENTRY, *entry_ids)
        return len(entry_ids)

    def _found(
        self, text: str, category_id: str | None, language: str | None, most: int, *, searched: bool
    ) -> list[Offer]:
        hits = [one for one in self._index.hits(text, category_id) if searched or ranking.is_about(one)]
        if not hits:
            return []
        rows = {row["id"]: row for row in self._rows([one.entry_id for one in hits])}
        pairs = [
            (ranking.score(hit.relevance, _record(rows[hit.entry_id]), language), hit.entry_id)
            for hit in hits
            if hit.entry_id in rows
        ]
        ordered = [one for _, one in sorted(pairs, key=_best_first)] if searched else ranking.near_best(pairs)
        return [_offer(rows[one]) for one in ordered[:most]]

    def _rows(self, entry_ids: Sequence[str]) -> list[Row]:
        here = FaqRow.id.in_(list(entry_ids)) & (FaqRow.status == Status.PUBLISHED.value)
        return self._parts.database.rows(FaqRow.select().where(here))


def _best_first(scored: tuple[float, str]) -> tuple[float, str]:
    return -scored[0], scored[1]


def _record(row: Row) -> ranking.Record:
    return ranking.Record(row["language"], row["shown"], row["answered"])


def _offer(row: Row) -> Offer:
    return Offer(row["id"], row["slug"], row["question"], row["excerpt"], row["language"])
