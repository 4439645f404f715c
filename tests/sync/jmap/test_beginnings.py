"""An event stream ends with its client, and when somebody stops it."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from starlette.types import Message

from sync.jmap.beginnings import Beginning, Beginnings, EventResponse


@dataclass
class Client:
    """Reads an endless stream."""

    all_of_them: Beginnings = field(default_factory=lambda: Beginnings(64, time.monotonic))
    heard: list[Message] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    first: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    async def pieces(self) -> AsyncIterator[bytes]:
        try:
            yield b": hello\n\n"
            await asyncio.Event().wait()
        finally:
            self.closed = True

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.heard.append(message)
        if message.get("body"):
            self.first.set()

    def served(self) -> "asyncio.Task[None]":
        response = EventResponse(self.pieces(), Beginning(self.all_of_them), {})
        return asyncio.create_task(response({"type": "http"}, self.receive, self.send))


def _others() -> list["asyncio.Task[None]"]:
    return [one for one in asyncio.all_tasks() if one is not asyncio.current_task()]


def test_a_stream_ends_with_its_client() -> None:
    async def story() -> None:
        client = Client()
        serving = client.served()
        await client.first.wait()
        client.left.set()
        await serving
        assert client.closed
        assert serving.cancelling() == 0
        assert client.all_of_them.under_way == 0
        assert [one["type"] for one in client.heard] == ["http.response.start", "http.response.body"]

    asyncio.run(story())


def test_whoever_stops_a_stream_is_told_that_it_stopped() -> None:
    async def story() -> None:
        client = Client()
        serving = client.served()
        await client.first.wait()
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
        assert client.closed
        assert client.all_of_them.under_way == 0
        await asyncio.sleep(0)
        assert not _others()  # nobody listens for the client any more

    asyncio.run(story())


def test_a_stream_that_is_stopped_as_its_client_leaves_is_stopped() -> None:
    async def story() -> None:
        client = Client()
        serving = client.served()
        await client.first.wait()
        client.left.set()
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
        assert client.closed

    asyncio.run(story())
