"""Run the server: sockets, TLS, one line when it answers, a clean end."""

from __future__ import annotations

import asyncio
import ipaddress
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from sync.domain.errors import Rejected
from sync.server.certificate import Certificate
from sync.server.door import BEHIND_PROXY, Door, Patience, Room
from sync.server.house import House
from sync.server.line import lines
from sync.server.logs import log_config
from sync.server.supervisor import READY, STOPPING
from sync.server.unix_socket import at_path, given

if sys.platform != "win32":
    import resource

_GRACE_SECONDS = 5
_STREAM_SECONDS, _STREAM_LOOKS = 3.0, 60
_BACKLOG = 4096
_SWITCH_SECONDS = 0.0002  # an agent's thread waits less for those of the public side
_FORWARDED_FOR = b"x-forwarded-for"


@dataclass(frozen=True, slots=True)
class Binding:
    """Where and how to listen. `port` 0: a free one. `uds` (a Unix socket) or `fd` (an open one) instead."""

    host: str = "127.0.0.1"
    port: int = 8080
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False
    uds: Path | None = None
    fd: int | None = None

    def check(self) -> None:
        """Raises Rejected for plain http where others could listen in, and for half a certificate."""
        if (self.tls_cert is None) != (self.tls_key is None):
            raise Rejected("TLS needs both: give --tls-cert and --tls-key.")
        if self.uds is not None and self.fd is not None:
            raise Rejected("Give --uds or --fd, not both.")
        if (self.uds is not None or self.fd is not None) and not self.behind_proxy:
            raise Rejected("--uds and --fd are for a proxy in front, which says who calls: give --behind-proxy too.")
        if self.tls_cert is None and not self.behind_proxy and not is_loopback(self.host):
            raise Rejected(
                f"Without TLS this server answers on this machine only, not on {self.host}. "
                "Give --tls-cert and --tls-key, or --behind-proxy if a proxy in front does the TLS."
            )
        for path in (self.tls_cert, self.tls_key):
            if path is not None and not path.is_file():
                raise Rejected(f"There is no file {path}.")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class LastHop:
    """Who calls, as the proxy in front says: the last entry of X-Forwarded-For. What stands before, callers wrote."""

    def __init__(self, app: ASGIApp) -> None:
        self._app: Any = ProxyHeadersMiddleware(cast(Any, app), trusted_hosts="*")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            told = [value for name, value in scope["headers"] if name == _FORWARDED_FOR]
            if told:
                others = [(name, value) for name, value in scope["headers"] if name != _FORWARDED_FOR]
                last = (_FORWARDED_FOR, told[-1].rpartition(b",")[2].strip())
                scope = {**scope, "headers": [*others, last]}
        await self._app(scope, receive, send)


class AnnouncedServer(uvicorn.Server):
    """Prints its address once it answers, and ends the event streams before it waits for requests to end.

    `tell` is told the words of sync.server.supervisor.
    """

    def __init__(self, config: uvicorn.Config, house: House, address: str, tell: Callable[[str], None]) -> None:
        super().__init__(config)
        self._house = house
        self._address = address
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, then the line."""
        await super().startup(sockets=sockets)
        if self.started:
            self._tell(READY)
            print(f"Deskbell answers at {self._address}", flush=True)  # noqa: T201  # what a script waits for

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Nobody new; streams first, with what they are told at their end; then requests; at most ten seconds."""
        self._tell(STOPPING)
        for server in self.servers:
            server.close()
        self._house.hub.end_all()
        for _ in range(_STREAM_LOOKS):
            if not self._house.hub.streams():
                break
            await asyncio.sleep(_STREAM_SECONDS / _STREAM_LOOKS)
        await super().shutdown(sockets=sockets)


def serve(app: ASGIApp, house: House, binding: Binding, tell: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT. Raises Rejected when the address cannot be taken."""
    binding.check()
    listening = _listen(binding)
    address = _named(listening, "https" if binding.tls_cert else "http")
    config = uvicorn.Config(
        LastHop(app) if binding.behind_proxy else app,
        http=cast(Any, lines(Door(BEHIND_PROXY if binding.behind_proxy else Room(), time.monotonic), Patience())),
        log_config=log_config(),
        access_log=False,
        server_header=False,
        ssl_certfile=None if binding.tls_cert is None else str(binding.tls_cert),
        ssl_keyfile=None if binding.tls_key is None else str(binding.tls_key),
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        backlog=_BACKLOG,
    )
    sys.setswitchinterval(_SWITCH_SECONDS)
    _take_all_files()
    before = {one: signal.signal(one, _ended) for one in (signal.SIGTERM, signal.SIGINT)}
    if hasattr(signal, "SIGHUP"):
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, partial(_renewed, binding, config))
    try:
        AnnouncedServer(config, house, address, tell).run(sockets=[listening])
    finally:
        listening.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def _take_all_files() -> None:
    """Each connection is an open file, and systems give a process few unless it asks for all that it may have."""
    if sys.platform != "win32":
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with suppress(ValueError, OSError):  # macOS says "unlimited" and means less
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _ended(number: int, frame: FrameType | None) -> None:
    """uvicorn raises the signal again once it has ended; that is then a clean end, not a death."""
    del number, frame


def _renewed(binding: Binding, config: uvicorn.Config, number: int, frame: FrameType | None) -> None:
    """There is a newer certificate; without TLS there is nothing to do."""
    del number, frame
    if binding.tls_cert is not None and binding.tls_key is not None and config.ssl is not None:
        Certificate(binding.tls_cert, binding.tls_key).renew(config.ssl)


def _named(listening: socket.socket, scheme: str) -> str:
    name = listening.getsockname()
    if not isinstance(name, tuple):
        return f"unix:{name}"
    return f"{scheme}://[{name[0]}]:{name[1]}" if ":" in name[0] else f"{scheme}://{name[0]}:{name[1]}"


def _listen(binding: Binding) -> socket.socket:
    if binding.fd is not None:
        return given(binding.fd)
    if binding.uds is not None:
        return at_path(binding.uds, _BACKLOG)
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            binding.host, binding.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise Rejected(f"There is no address {binding.host}: {error.strerror or error}.") from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise Rejected(
            f"Port {binding.port} of {binding.host} cannot be taken: {error.strerror}. Choose another with --port."
        ) from error
    return listening
