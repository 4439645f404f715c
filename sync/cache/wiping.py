"""What left a file is to leave the unused parts of its pages as well: the file is written anew, in its own good time.

SQLite wipes what it deletes (`secure_delete`), but not what it leaves behind where it moves rows from page to page.
"""

import math
from contextlib import suppress
from typing import Final

from sync.cache.store import Store
from sync.cache.turn import Turn
from sync.domain.clock import Clock
from sync.domain.errors import DeskbellError, Interrupted, StorageFull

SMALL_BYTES: Final = 8 << 20
"""Written anew at once, in about a quarter of a second; larger ones take a second for 30 MB."""
OFTEN_ENOUGH_S: Final = 6 * 3600.0
TRY_AGAIN_S: Final = 60.0


class Wiping:
    """For one file. Each call within the writer's turn, outside a transaction."""

    def __init__(self, store: Store, turn: Turn, clock: Clock) -> None:
        self._store = store
        self._turn = turn
        self._clock = clock
        self._not_before = -math.inf

    def wipe(self) -> None:
        """If it is owed: a small file at once, a large one every six hours. Who wants to write meanwhile goes first;
        where there is no room, or somebody else came, it is tried again later."""
        now = self._clock.monotonic()
        if now < self._not_before or not self._store.owes():
            return
        large = self._store.bytes_used() > SMALL_BYTES
        self._not_before = now + TRY_AGAIN_S
        with suppress(StorageFull, Interrupted):
            with self._turn.giving_way(self._store.interrupt):
                self._store.rewrite()
            self._not_before = now + OFTEN_ENOUGH_S if large else -math.inf

    def at_the_end(self) -> None:
        """The program ends: what takes no time is done now, the rest at the next run, which also finds any damage."""
        with suppress(DeskbellError):
            if self._store.owes() and self._store.bytes_used() <= SMALL_BYTES:
                self._store.rewrite()
