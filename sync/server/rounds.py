"""Background work, again and again in threads; it ends between two rounds, never in the midst of one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from anyio import to_thread

_PATIENCE_S: Final = 30.0


class Rounds:
    """Belongs to one event loop. After `end` no thread of it uses the database any more, which may then be closed."""

    def __init__(self) -> None:
        self._ending = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self, work: Callable[[], float], first_s: float = 0.0) -> None:
        """Run blocking work in a thread, again after as many seconds as it says; a failure is logged."""
        self._tasks.append(asyncio.create_task(self._always(work, first_s)))

    async def end(self) -> None:
        """Let what is under way come to its end; what takes too long is left to itself."""
        self._ending.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_PATIENCE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _always(self, work: Callable[[], float], first_s: float) -> None:
        log = logging.getLogger("sync.server")
        wait = first_s
        while not await self._is_over_in(wait):
            try:
                wait = await to_thread.run_sync(work)
            except Exception:
                log.exception("background work failed")
                wait = max(1.0, wait)

    async def _is_over_in(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ending.wait(), seconds)
        return self._ending.is_set()
