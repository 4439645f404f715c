"""Whose turn it is to write: a lock whose holder may do long work that is stopped as soon as somebody else asks."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType


class Turn:
    """Used by `with`; who holds it may enter it again."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._guard = threading.Lock()
        self._stop: Callable[[], None] | None = None

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            with self._guard:
                if self._stop is not None:
                    self._stop()
            self._lock.acquire()

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._lock.release()

    @contextmanager
    def giving_way(self, stop: Callable[[], None]) -> Iterator[None]:
        """Within one's turn: the next who asks calls `stop`, on their own thread."""
        with self._guard:
            self._stop = stop
        try:
            yield
        finally:
            with self._guard:
                self._stop = None
