"""Closings as rows: kept here, so that they are known without a network (PRODUCT E6)."""

import json

from sync.cache import wire
from sync.cache.faq import FaqReader
from sync.cache.store import Store
from sync.cache.work import Work
from sync.domain.closings import Closing
from sync.domain.protocol import CLOSING


def take_closings(store: Store, work: Work) -> None:
    """The rows of a page. Inside the caller's transaction."""
    store.many(
        "INSERT OR REPLACE INTO closing VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                row["id"], work.account, row["name"], row["notice"], wire.ms(row["startsAt"]), wire.ms(row["endsAt"]),
                json.dumps(sorted(row["categoryIds"])), work.seen,
            )
            for row in work.page.rows.get(CLOSING, ())
        ),
    )  # fmt: skip


class ClosingReader(FaqReader):
    """What every agent may read of the house's closings."""

    def closings(self) -> list[Closing]:
        """All that are kept, the first one first."""
        rows = self._store.rows(
            "SELECT id, name, starts_at, ends_at, category_ids, notice FROM closing ORDER BY starts_at, id"
        )
        return [Closing(row[0], row[1], row[2], row[3], frozenset(json.loads(row[4])), row[5]) for row in rows]
