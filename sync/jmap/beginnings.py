"""Event streams that are about to begin: counted until their first words are out, or they come to nothing."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping
from typing import Final

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

SOONEST_S: Final = 2.0
LATEST_S: Final = 120.0
_AT_FIRST_S: Final = 1 / 200
_FASTEST_S: Final = 1 / 500
_SLOWEST_S: Final = 1 / 100
_MARGIN: Final = 1.25
_SMOOTHED: Final = 32


class Beginnings:
    """How many there are, at most `most`, and when those beyond may come again. Used in the event loop only.

    Who is turned away is given a turn: one after the other, a little slower than streams begin here, so that a crowd
    comes back as a queue and is not turned away again and again. How fast that is tells the time that one takes,
    divided by those it had to wait for and itself: also while fewer come than could.
    """

    def __init__(self, most: int, monotonic: Callable[[], float]) -> None:
        self.under_way = 0
        self._most = most
        self._monotonic = monotonic
        self._between_s = _AT_FIRST_S
        self._last_turn = -math.inf

    @property
    def are_full(self) -> bool:
        """Whether nobody may begin just now."""
        return self.under_way >= self._most

    def begun(self) -> tuple[float, int]:
        """One more; since when, on the clock that was given, and how many there are with it."""
        self.under_way += 1
        return self._monotonic(), self.under_way

    def ended(self, since: float, among: int) -> None:
        """One is on its way, or never will be."""
        between = (self._monotonic() - since) / among
        self._between_s += (min(_SLOWEST_S, max(_FASTEST_S, between)) - self._between_s) / _SMOOTHED
        self.under_way -= 1

    def next_turn(self) -> int:
        """Seconds after which somebody who is turned away now should come again; nobody else is given that turn."""
        now = self._monotonic()
        turn = max(now + SOONEST_S, self._last_turn + _MARGIN * self._between_s)
        self._last_turn = min(turn, now + LATEST_S)
        return round(self._last_turn - now)


class Beginning:
    """One of them."""

    def __init__(self, all_of_them: Beginnings) -> None:
        self._all = all_of_them
        self._open = True
        self._since, self._among = all_of_them.begun()

    def end(self) -> None:
        """It has begun, or never will. May be called twice."""
        if self._open:
            self._open = False
            self._all.ended(self._since, self._among)


class EventResponse(StreamingResponse):
    """An event stream, which counts as beginning at most as long as it is served."""

    def __init__(self, octets: AsyncIterable[bytes], beginning: Beginning, headers: Mapping[str, str]) -> None:
        super().__init__(octets, headers=headers, media_type="text/event-stream")
        self._beginning = beginning

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends until the stream ends or the client is gone. With one small task beside it: the group of tasks with
        which Starlette does the same takes 5 kB, and there are thousands of us."""
        del scope  # another server's version of ASGI makes no difference here
        try:
            await _unless_gone(receive, self.stream_response(send))
        finally:
            self._beginning.end()


async def _unless_gone(receive: Receive, work: Awaitable[None]) -> None:
    """Do the work, or stop it when the client is gone."""
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("an event stream is served in a task")
    gone = False

    def left(_: asyncio.Task[None]) -> None:
        nonlocal gone
        gone = True
        task.cancel()

    listening = asyncio.create_task(_until_gone(receive))
    listening.add_done_callback(left)
    try:
        await work
    except asyncio.CancelledError:
        if not gone or task.cancelling() > 1:  # somebody else wants it stopped
            raise
    finally:
        listening.remove_done_callback(left)
        listening.cancel()
        if gone:
            task.uncancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
