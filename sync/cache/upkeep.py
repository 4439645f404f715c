"""The search index as the idle engine looks after it: filled, checked once a week, begun anew where it is damaged."""

from contextlib import closing
from typing import Final

from sync.cache.decisions import Decisions
from sync.cache.index import is_whole
from sync.cache.store import Store
from sync.domain.times import DAY_MS

CHECK_EVERY_MS: Final = 7 * DAY_MS
_CHECK_KIB: Final = 4 * 1024


class Upkeep(Decisions):
    """What is done when nothing else is to be done."""

    def index_some(self, count: int) -> bool:
        """Put some more messages into the search index, newest first; whether more wait. About 20 a millisecond."""
        with self._lock:
            if not self._parts.index.waits():
                return False
            with self._writing():
                return self._parts.index.some(count)

    def wipe(self) -> None:
        """What left has left the tables: now every other byte of the files, if it is owed. May take its time, and
        keeps nobody waiting."""
        with self._lock:
            if self._journal_owed:
                self._journal_anew()
            for wiping in self._wipings:
                wiping.wipe()

    def mend_index(self) -> bool:
        """Check the search index; begin it anew (for `index_some`) if it is not sound. Whether it was sound."""
        with self._writing():
            if self._parts.index.is_sound():
                return True
            self._parts.index.empty()
            return False

    def check_index(self) -> bool:
        """Once a week, counted from the first call: whether the index is damaged and was begun anew.

        Reads on a connection of its own and keeps nobody waiting: 15 s for a million messages.
        """
        now = self._clock.now_ms()
        with self._lock:
            last = self._store.value("SELECT value FROM meta WHERE name = 'indexCheckedMs'")
            if last is not None and last <= now < last + CHECK_EVERY_MS:
                return False
            with self._writing():
                self._store.execute("INSERT OR REPLACE INTO meta VALUES ('indexCheckedMs', ?)", (now,))
        if last is None or last > now:
            return False
        with closing(Store(self._folder.path, self._folder.key, _CHECK_KIB, read_only=True)) as store:
            whole = is_whole(store)
        return not whole and not self.mend_index()
