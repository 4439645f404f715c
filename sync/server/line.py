"""One HTTP connection with limits on time and size, which uvicorn has not: slow clients cost nobody else anything."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Callable
from typing import Any, Final

from starlette.requests import HTTPConnection
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from sync.server.door import Door, Patience

_AT_ONCE: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_FOR_AGENTS: Final = (b"/jmap/", b"/.well-known/jmap")
_EXTENSION: Final = "deskbell.line"
_HEAD_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class Line(HttpToolsProtocol):
    """uvicorn's connection, and its timers: each is set where something is waited for, and taken back when it came."""

    __slots__ = (  # together with uvicorn's own they would be too many for a dictionary that shares its keys: 1 kB
        "_address", "_body_octets", "_body_timer", "_door", "_head_octets", "_head_timer", "_in_head", "_in_message",
        "_is_known", "_patience", "_reading_timer",
    )  # fmt: skip

    def __init__(self, door: Door, patience: Patience, config: Config, server_state: ServerState, **rest: Any) -> None:
        super().__init__(config, server_state, **rest)
        self._door = door
        self._patience = patience
        self.timeout_keep_alive = patience.idle  # type: ignore[assignment]  # uvicorn takes any number of seconds
        self._in_head = self._in_message = self._is_known = False
        self._address = ""
        self._head_octets = 0
        self._body_octets = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self._body_timer: asyncio.TimerHandle | None = None
        self._reading_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._begin_head()
        self._address = self.client[0] if self.client else ""
        self._door.enter(self, self._address)

    def connection_lost(self, exc: Exception | None) -> None:
        self._door.leave(self)
        for timer in (self._head_timer, self._body_timer, self._reading_timer):
            _end(timer)
        super().connection_lost(exc)

    def throw_out(self) -> None:
        """End it now, whatever was under way; what was not read yet is dropped, so that nothing of it is kept."""
        if self.transport is not None:
            plug = self.transport.get_extra_info("socket")
            if plug is not None and plug.family != getattr(socket, "AF_UNIX", None):
                plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            self.transport.abort()

    def known(self) -> None:
        """Somebody has signed in over it: no stranger's any more."""
        self._is_known = True
        self._door.leave(self)
        self.timeout_keep_alive = self._patience.idle_known  # type: ignore[assignment]  # as above

    def data_received(self, data: bytes) -> None:
        if self._head_timer is None and not self._in_message:
            self._begin_head()
        if self._in_head:
            self._head_octets += len(data)
        self._body_octets += len(data)
        super().data_received(data)
        if self._in_head and self._head_octets > self._patience.head_octets and not self.transport.is_closing():
            self.transport.write(_HEAD_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_message = True
        self._begin_head()
        extended: dict[str, Any] = self.scope  # type: ignore[assignment]  # a key that uvicorn's type leaves out
        extended["extensions"] = {_EXTENSION: {"known": self.known}}

    def on_headers_complete(self) -> None:
        self._in_head, self._head_octets = False, 0
        _end(self._head_timer)
        self._head_timer = None
        self._body_octets = self._patience.body_octets
        self._watch_body()
        if self._is_agents():
            self._door.leave(self)  # judged at once, before anything else of it is read
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_message = False
        _end(self._body_timer)
        self._body_timer = None
        super().on_message_complete()
        if self.cycle.response_complete:  # answered before it was whole: what comes next is a head
            self._begin_head()

    def on_response_complete(self) -> None:
        if not self._is_known:
            self._door.enter(self, self._address)
        super().on_response_complete()

    def pause_writing(self) -> None:
        self._reading_timer = self._later(self._patience.reading)
        super().pause_writing()

    def resume_writing(self) -> None:
        _end(self._reading_timer)
        self._reading_timer = None
        super().resume_writing()

    def _is_agents(self) -> bool:
        """Whether a token came with this request, to where nothing is done without one."""
        return self.url.startswith(_FOR_AGENTS) and any(name == b"authorization" for name, _ in self.headers)

    def _begin_head(self) -> None:
        if not self._in_head:
            self._in_head, self._head_octets = True, 0
        if self._head_timer is None:
            self._head_timer = self._later(self._patience.head)

    def _watch_body(self) -> None:
        """Each span anew: did enough come? Time in which the server itself did not read does not count."""
        if self._body_octets < self._patience.body_octets and not self.flow.read_paused:
            self.throw_out()
            return
        self._body_octets = 0
        self._body_timer = self.loop.call_later(self._patience.body, self._watch_body)

    def _later(self, seconds: float) -> asyncio.TimerHandle:
        return self.loop.call_later(seconds, self.throw_out)


def lines(door: Door, patience: Patience) -> Callable[..., asyncio.Protocol]:
    """What makes a connection's protocol, as uvicorn's setting `http` takes it."""

    def line(config: Config, server_state: ServerState, **rest: Any) -> asyncio.Protocol:
        return Line(door, patience, config, server_state, **rest)

    return line


def mark_known(request: HTTPConnection) -> None:
    """Tell the connection of this request that somebody has signed in over it."""
    extension = request.scope.get("extensions", {}).get(_EXTENSION)
    if extension is not None:
        extension["known"]()


def _end(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
