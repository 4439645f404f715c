"""FAQ entries as rows: kept here whole, so that they are read and searched without a network (PRODUCT C1, G1)."""

import json

from sync.cache import wire
from sync.cache.own import OwnReader
from sync.cache.store import Record, Store
from sync.cache.work import Work
from sync.domain.faq import FaqEntry, FaqHead, Status, is_found
from sync.domain.protocol import FAQ_ENTRY

_HEAD = "id, question, category_ids, language, status, slug, author_id, updated_at, shown, opened, answered"


def take_faq(store: Store, work: Work) -> None:
    """The rows of a page. Inside the caller's transaction."""
    store.many(
        "INSERT OR REPLACE INTO faq_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                row["id"], work.account, row["question"], json.dumps(sorted(row["categoryIds"])), row["language"],
                row["status"], row["slug"], row.get("authorId"), wire.ms(row["updatedAt"]), row["shown"],
                row["opened"], row["answered"], row["answer"], work.seen,
            )
            for row in work.page.rows.get(FAQ_ENTRY, ())
        ),
    )  # fmt: skip


class FaqReader(OwnReader):
    """What every agent may read of the FAQ."""

    def faq_heads(self, words: str = "") -> list[FaqHead]:
        """Entries without their answers, those changed last first; those that hold each of the words in some part."""
        rows = self._store.rows(f"SELECT {_HEAD}, {'answer' if words.strip() else 'NULL'} FROM faq_entry")
        heads = [_head(row) for row in rows if row[-1] is None or is_found(words, row[1], row[-1])]
        return sorted(heads, key=lambda one: (-one.updated_at, one.id))

    def faq_entry(self, entry_id: str) -> FaqEntry | None:
        """The whole entry; None: it is gone."""
        row = self._store.one(f"SELECT {_HEAD}, answer FROM faq_entry WHERE id = ?", (entry_id,))
        return None if row is None else FaqEntry(_head(row), row[-1])


def _head(row: Record) -> FaqHead:
    category_ids = frozenset(json.loads(row[2]))
    return FaqHead(row[0], row[1], category_ids, row[3], Status(row[4]), *row[5:11])
