"""How many requests of one kind a principal may have under way at once (RFC 8620 section 2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sync.jmap.errors import RequestError


class Slots:
    """Counts what is under way. Used in the event loop only, so it needs no lock."""

    def __init__(self, limit: int, limit_name: str) -> None:
        self._limit = limit
        self._limit_name = limit_name
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, principal_id: str) -> Iterator[None]:
        """Hold a slot. Raises RequestError `limit` with status 429 when none is free."""
        self.check(principal_id)
        with self.held(principal_id):
            yield

    def check(self, principal_id: str) -> None:
        """Raises RequestError `limit` with status 429 when no slot is free."""
        if self._taken[principal_id] >= self._limit:
            raise RequestError(
                "limit",
                f"At most {self._limit} of these may be under way at once; try again in a moment.",
                status=429,
                limit=self._limit_name,
            )

    @contextmanager
    def held(self, principal_id: str) -> Iterator[None]:
        """Hold a slot, whether or not one is free: for what begins later than it was checked."""
        self._taken[principal_id] += 1
        try:
            yield
        finally:
            self._taken[principal_id] -= 1
            if not self._taken[principal_id]:
                del self._taken[principal_id]
