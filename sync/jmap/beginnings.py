"""Event streams that are about to begin: counted until their first words are out, or they come to nothing."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping

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
        """As any response."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._beginning.end()
