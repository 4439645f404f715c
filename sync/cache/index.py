"""The search index: which messages are in it, and how they get in and out (FTS5 with external content)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from sync.cache.schema import SEARCH_TABLE, run_script
from sync.cache.store import Store, Values
from sync.domain.errors import Corrupt, SearchDamaged

Found = TypeVar("Found")

INLINE = 50
_DAMAGED = "The file with this workstation's tickets is damaged. Deskbell can set it aside and load again."
_MERGE_PAGES = 256
_ADD = "INSERT INTO message_text(rowid, about, requester, body) SELECT key, about, requester, body FROM message_doc"
_DROP = (
    "INSERT INTO message_text(message_text, rowid, about, requester, body) "
    "SELECT 'delete', key, about, requester, body FROM message_doc"
)


def is_whole(store: Store) -> bool:
    """Whether the index can be read and agrees with itself; on a read-only connection."""
    try:
        return store.rows("PRAGMA integrity_check(message_text)") == [("ok",)]
    except (SearchDamaged, Corrupt):
        return False


class SearchIndex:
    """Every message is in the index, or in the table `unindexed`. All calls inside the caller's transaction.

    What is taken out must be taken out before its texts change: the index is told the old ones.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def drop(self, where: str, values: Values = ()) -> None:
        """Take out the messages that `where` (on table `message`) names."""
        keys = [key for (key,) in self._store.rows(f"SELECT key FROM message WHERE {where}", values)]
        sql = f"{_DROP} WHERE key = ? AND key NOT IN (SELECT key FROM unindexed)"
        self._mending(lambda: self._store.many(sql, [(key,) for key in keys]))
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
        """Whether a message that can be found is not in the index yet, or the index is still to be merged."""
        return (
            self._is_building()
            or self._store.one(
                "SELECT 1 FROM unindexed u JOIN message m ON m.key = u.key JOIN ticket t ON t.id = m.ticket_id LIMIT 1"
            )
            is not None
        )

    def some(self, count: int) -> bool:
        """Put in up to `count`, the newest first, or merge a little; whether more is to be done.

        A long backlog is put in without merging, then merged in small steps: half the work, in even slices.
        """
        found = self._store.rows(
            "SELECT u.key FROM unindexed u JOIN message m ON m.key = u.key JOIN ticket t ON t.id = m.ticket_id "
            "ORDER BY u.key DESC LIMIT ?",
            (count,),
        )
        return self._mending(lambda: self._some([key for (key,) in found], len(found) == count))

    def _some(self, found: Sequence[int], more: bool) -> bool:
        building = self._is_building()
        if not building and more:
            self._build(True)
        if found:
            self._put_in(found)
            return more or building
        return building and self._merge_some()

    def _mending(self, work: Callable[[], Found]) -> Found:
        """Do it; where the index is damaged, begin that anew and do it once more. Raises Corrupt if that cannot be."""
        try:
            return work()
        except SearchDamaged:
            self.empty()
        try:
            return work()
        except SearchDamaged as error:
            raise Corrupt(_DAMAGED) from error

    def _is_building(self) -> bool:
        return self._store.one("SELECT 1 FROM meta WHERE name = 'building'") is not None

    def _build(self, begins: bool) -> None:
        self._set("automerge", 64 if begins else 4)
        self._set("crisismerge", 1000 if begins else 16)
        self._set("usermerge", 16 if begins else 4)
        self._set("hashsize", (8 if begins else 1) << 20)
        if begins:
            self._store.execute("INSERT INTO meta VALUES ('building', 1)")
        else:
            self._store.execute("DELETE FROM meta WHERE name = 'building'")

    def _set(self, option: str, value: int) -> None:
        self._store.execute("INSERT INTO message_text(message_text, rank) VALUES (?, ?)", (option, value))

    def _merge_some(self) -> bool:
        before = self._store.changes()
        self._set("merge", _MERGE_PAGES)
        if self._store.changes() - before >= 2:
            return True
        self._build(False)
        return False

    def _put_in(self, keys: Sequence[int]) -> None:
        if not keys:
            return
        low, high = min(keys), max(keys)
        among = "key BETWEEN ? AND ? AND key IN (SELECT key FROM unindexed WHERE key BETWEEN ? AND ?)"
        if len(keys) <= INLINE:
            for key in sorted(keys):
                self._range(among, (key, key, key, key))
        else:
            self._range(among, (low, high, low, high))

    def _range(self, among: str, bounds: tuple[int, int, int, int]) -> None:
        if self._mending(lambda: self._store.execute(f"{_ADD} WHERE {among} ORDER BY key", bounds).rowcount):
            self._store.execute(
                "DELETE FROM unindexed WHERE key BETWEEN ? AND ? AND EXISTS (SELECT 1 FROM message m JOIN ticket t "
                "ON t.id = m.ticket_id WHERE m.key = unindexed.key)",
                bounds[:2],
            )

    def empty(self) -> None:
        """Throw the index away, with every byte of it, and begin anew."""
        try:
            self._store.execute("DROP TABLE message_text")
        except SearchDamaged as error:
            raise Corrupt(_DAMAGED) from error
        run_script(self._store, SEARCH_TABLE)
        self._store.execute("DELETE FROM meta WHERE name = 'building'")
        self._store.execute("INSERT OR IGNORE INTO unindexed SELECT key FROM message")

    def is_sound(self) -> bool:
        """Whether the index agrees with the messages, apart from those it does not hold yet."""
        try:
            self._store.execute("INSERT INTO message_text(message_text) VALUES ('integrity-check')")
        except (SearchDamaged, Corrupt):
            return False
        held = self._store.value("SELECT count(*) FROM message_text_docsize")
        due = self._store.value("SELECT count(*) FROM message_doc WHERE key NOT IN (SELECT key FROM unindexed)")
        return bool(held == due)
