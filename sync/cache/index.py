"""The search index: which messages are in it, and how they get in and out (FTS5 with external content)."""

from collections.abc import Sequence

from sync.cache.schema import SEARCH_TABLE, run_script
from sync.cache.store import Store, Values
from sync.domain.errors import DeskbellError

INLINE = 50
_ADD = "INSERT INTO message_text(rowid, about, requester, body) SELECT key, about, requester, body FROM message_doc"
_DROP = (
    "INSERT INTO message_text(message_text, rowid, about, requester, body) "
    "SELECT 'delete', key, about, requester, body FROM message_doc"
)


class SearchIndex:
    """Every message is in the index, or in the table `unindexed`. All calls inside the caller's transaction.

    What is taken out must be taken out before its texts change: the index is told the old ones.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def drop(self, where: str, values: Values = ()) -> None:
        """Take out the messages that `where` (on table `message`) names."""
        keys = [key for (key,) in self._store.rows(f"SELECT key FROM message WHERE {where}", values)]
        self._store.many(f"{_DROP} WHERE key = ? AND key NOT IN (SELECT key FROM unindexed)", ((key,) for key in keys))
        self._store.many("DELETE FROM unindexed WHERE key = ?", ((key,) for key in keys))

    def later(self, where: str, values: Values = ()) -> None:
        """The messages that `where` names are not in the index and shall be."""
        self._store.execute(f"INSERT OR IGNORE INTO unindexed SELECT key FROM message WHERE {where}", values)

    def add(self, keys: Sequence[int]) -> None:
        """Put in these, a few at once now, many by and by through `some`."""
        self._store.many("INSERT OR IGNORE INTO unindexed VALUES (?)", ((key,) for key in keys))
        if len(keys) <= INLINE:
            self._put_in(keys)

    def refresh_now(self, where: str, values: Values = ()) -> None:
        """Put in now what `later` left, if it is little."""
        found = self._store.rows(
            f"SELECT key FROM message WHERE ({where}) AND key IN (SELECT key FROM unindexed) LIMIT {INLINE}",
            values,
        )
        self._put_in([key for (key,) in found])

    def waits(self) -> bool:
        """Whether a message that can be found is not in the index yet."""
        return (
            self._store.one(
                "SELECT 1 FROM unindexed u JOIN message m ON m.key = u.key JOIN ticket t ON t.id = m.ticket_id LIMIT 1"
            )
            is not None
        )

    def some(self, count: int) -> bool:
        """Put in up to `count`, the newest first; whether more are left."""
        found = self._store.rows(
            "SELECT u.key FROM unindexed u JOIN message m ON m.key = u.key JOIN ticket t ON t.id = m.ticket_id "
            "ORDER BY u.key DESC LIMIT ?",
            (count,),
        )
        self._put_in([key for (key,) in found])
        return len(found) == count

    def _put_in(self, keys: Sequence[int]) -> None:
        for key in sorted(keys):
            if self._store.execute(f"{_ADD} WHERE key = ?", (key,)).rowcount:
                self._store.execute("DELETE FROM unindexed WHERE key = ?", (key,))

    def empty(self) -> None:
        """Throw the index away, with every byte of it, and begin anew."""
        self._store.execute("DROP TABLE message_text")
        run_script(self._store, SEARCH_TABLE)
        self._store.execute("INSERT OR IGNORE INTO unindexed SELECT key FROM message")

    def is_sound(self) -> bool:
        """Whether the index agrees with the messages, apart from those it does not hold yet."""
        try:
            self._store.execute("INSERT INTO message_text(message_text) VALUES ('integrity-check')")
        except DeskbellError:
            return False
        held = self._store.value("SELECT count(*) FROM message_text_docsize")
        due = self._store.value("SELECT count(*) FROM message_doc WHERE key NOT IN (SELECT key FROM unindexed)")
        return bool(held == due)
