"""Event streams that are about to begin: counted until their first words are out, or they come to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Awaitable, Mapping

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send


class Beginnings:
    """How many there are. Used in the event loop only."""

    def __init__(self) -> None:
        self.under_way = 0


class Beginning:
    """One of them."""

    def __init__(self, all_of_them: Beginnings) -> None:
        self._all = all_of_them
        self._open = True
        self._all.under_way += 1

    def end(self) -> None:
        """It has begun, or never will. May be called twice."""
        if self._open:
            self._open = False
            self._all.under_way -= 1


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
