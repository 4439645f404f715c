"""Which category a question belongs to, learnt from the house's own tickets and kept in the database (PRODUCT G1)."""

from __future__ import annotations

from functools import partial
from typing import Final

from sync.domain.word_votes import ANY, Learning, Votes, proposed, words_of
from sync.server.asking.tables import CategoryWordRow
from sync.server.parts import Parts

WORDS: Final = 4_000
"""So many words are kept: with ten categories a few megabytes."""
READ: Final = 6_000
"""So many tickets in all are learnt from, the newest of each category."""
_ASKED: Final = 300
_PIECE: Final = 500
_THOUSAND: Final = 1_000
_NEWEST: Final = """
SELECT t.subject, substr(m.body_text, 1, 4000) FROM ticket t JOIN message m ON m.id = t.first_message_id
WHERE t.category_id = ? AND t.merged_into_id IS NULL ORDER BY t.created_at DESC, t.id DESC LIMIT ?
"""
_PUT: Final = """
INSERT INTO category_word (word, category_id, weight) VALUES (?, ?, ?)
ON CONFLICT (word, category_id) DO UPDATE SET weight = excluded.weight
"""
_DROP: Final = "DELETE FROM category_word WHERE word = ? AND category_id = ?"

Weights = dict[tuple[str, str], int]


class Hints:
    """Learns by an errand of the process that leads, in short transactions; asked by every process."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def category_of(self, text: str) -> str | None:
        """The category that the words point to; None where that is not clear, as in a house with few tickets."""
        asked = [ANY, *(word for word, _ in words_of(text).most_common(_ASKED))]
        query = CategoryWordRow.select().where(CategoryWordRow.word.in_(asked))
        votes: dict[str, dict[str, float]] = {}
        for row in self._parts.database.read(lambda: self._parts.database.rows(query)):
            votes.setdefault(row["word"], {})[row["category_id"]] = row["weight"] / _THOUSAND
        return proposed(text, votes)

    def learn(self) -> int:
        """Look at the newest tickets again and keep what changed; how many weights did."""
        learning = Learning()
        categories = self._categories()
        for category_id in categories:
            values = (category_id, READ // len(categories))
            for subject, text in self._parts.database.read(partial(self._parts.database.select, _NEWEST, values)):
                learning.add(category_id, f"{subject}\n{text}")
        now, before = _rounded(learning.votes(WORDS)), self._parts.database.read(self._kept)
        gone = [key for key in before if key not in now]
        fresh = [(*key, weight) for key, weight in now.items() if before.get(key) != weight]
        for start in range(0, len(gone), _PIECE):
            self._many(_DROP, gone[start : start + _PIECE])
        for start in range(0, len(fresh), _PIECE):
            self._many(_PUT, fresh[start : start + _PIECE])
        return len(gone) + len(fresh)

    def _categories(self) -> list[str]:
        found = self._parts.database.read(lambda: self._parts.database.select("SELECT id FROM category ORDER BY id"))
        return [str(row[0]) for row in found]

    def _kept(self) -> Weights:
        rows = self._parts.database.rows(CategoryWordRow.select())
        return {(row["word"], row["category_id"]): int(row["weight"]) for row in rows}

    def _many(self, sql: str, values: list[tuple[str, str]] | list[tuple[str, str, int]]) -> None:
        self._parts.database.write(lambda: self._parts.database.execute_many(sql, values))


def _rounded(votes: Votes) -> Weights:
    return {
        (word, category): round(value * _THOUSAND)
        for word, by_category in votes.items()
        for category, value in by_category.items()
    }
