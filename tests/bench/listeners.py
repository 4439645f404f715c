"""Many event streams in one process: `python -m tests.bench.listeners ADDRESS`, tokens on the first input line.

Says `ready` once each stream has answered; at the end of its input, which tickets each stream heard of, and when.
"""

import asyncio
import json
import re
import sys
import time
from collections import defaultdict
from urllib.parse import urlsplit

from sync.connectors.central.accounts import ALL_TYPES

_TICKET = re.compile(rb'"ticketId":"([^"]+)"')
_KEPT = 400
_AT_ONCE = 40


class Listener(asyncio.Protocol):
    """One stream."""

    def __init__(self, request: bytes, heard: defaultdict[str, list[float]]) -> None:
        self._request = request
        self._heard = heard
        self._buffer = b""
        self.answered = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        self._buffer += data
        if not self.answered.done() and b"\nid: " in self._buffer:
            self.answered.set_result(None)
        end = 0
        for found in _TICKET.finditer(self._buffer):
            self._heard[found[1].decode()].append(now)
            end = found.end()
        self._buffer = self._buffer[max(end, len(self._buffer) - _KEPT) :]


async def listen(address: str, tokens: list[str]) -> None:
    """Until the input ends."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 80
    heard: defaultdict[str, list[float]] = defaultdict(list)
    few = asyncio.Semaphore(_AT_ONCE)

    async def one(token: str) -> None:
        path = f"/jmap/events?types={ALL_TYPES}&closeafter=no&ping=15"
        request = f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        async with few:
            loop = asyncio.get_running_loop()
            _, protocol = await loop.create_connection(lambda: Listener(request, heard), host, port)
            await protocol.answered

    await asyncio.gather(*(one(token) for token in tokens))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    sys.stdout.write(json.dumps(heard) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(listen(sys.argv[1], json.loads(sys.stdin.readline())))
