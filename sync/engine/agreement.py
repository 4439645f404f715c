"""Every so many rounds: does each account hold as much as the server says?"""

from collections.abc import Callable
from typing import Final

from sync.cache.cache import Cache
from sync.connectors.port import Poll
from sync.engine.reports import Disagreed, Report

EVERY: Final = 20


class Agreement:
    """An account that differs is copied again, once in a run: what differs then is told, not fought."""

    def __init__(self, cache: Cache, report: Callable[[Report], None]) -> None:
        self._cache = cache
        self._report = report
        self._rounds = 0
        self._mended: set[str] = set()

    def is_due(self) -> bool:
        """For each round: whether it is one that counts."""
        self._rounds += 1
        return self._rounds % EVERY == 0

    def check(self, poll: Poll) -> frozenset[str]:
        """The accounts that are to be copied again."""
        again: set[str] = set()
        for account_id, totals in poll.totals.items():
            found = {} if account_id in poll.moved else self._cache.differs(account_id, totals)
            if not found:
                continue
            mends = account_id not in self._mended
            if mends:
                self._cache.copy_again(account_id)
                self._mended.add(account_id)
                again.add(account_id)
            self._report(Disagreed(account_id, found, mends))
        return frozenset(again)
