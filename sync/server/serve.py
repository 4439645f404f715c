"""Run the server: sockets, TLS, one line when it answers, a clean end."""

from __future__ import annotations

import ipaddress
import logging
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from sync.domain.errors import Rejected
from sync.server.house import House

_GRACE_SECONDS = 5
_BACKLOG = 4096
_FORWARDED_FOR = b"x-forwarded-for"


@dataclass(frozen=True, slots=True)
class Binding:
    """Where and how to listen. `port` 0: a free one."""

    host: str = "127.0.0.1"
    port: int = 8080
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False

    def check(self) -> None:
        """Raises Rejected for plain http where others could listen in, and for half a certificate."""
        if (self.tls_cert is None) != (self.tls_key is None):
            raise Rejected("TLS needs both: give --tls-cert and --tls-key.")
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
            others = [(name, value) for name, value in scope["headers"] if name != _FORWARDED_FOR]
            last = [(_FORWARDED_FOR, told[-1].rpartition(b",")[2].strip())] if told else []
            scope = {**scope, "headers": others + last}
        await self._app(scope, receive, send)


class AnnouncedServer(uvicorn.Server):
    """Prints its address once it answers, and ends the event streams before it waits for requests to end."""

    def __init__(self, config: uvicorn.Config, house: House, address: str) -> None:
        super().__init__(config)
        self._house = house
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, then the line."""
        await super().startup(sockets=sockets)
        if self.started:
            print(f"Deskbell answers at {self._address}", flush=True)  # noqa: T201  # what a script waits for

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams first: they would never end by themselves."""
        self._house.hub.end_all()
        await super().shutdown(sockets=sockets)


def serve(app: ASGIApp, house: House, binding: Binding) -> None:
    """Serve until SIGTERM or SIGINT. Raises Rejected when the address cannot be taken."""
    binding.check()
    listening = _listen(binding)
    port = listening.getsockname()[1]
    name = f"[{binding.host}]" if ":" in binding.host else binding.host
    address = f"{'https' if binding.tls_cert else 'http'}://{name}:{port}"
    config = uvicorn.Config(
        LastHop(app) if binding.behind_proxy else app,
        log_level=logging.WARNING,
        access_log=False,
        server_header=False,
        ssl_certfile=None if binding.tls_cert is None else str(binding.tls_cert),
        ssl_keyfile=None if binding.tls_key is None else str(binding.tls_key),
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        timeout_keep_alive=75,
        backlog=_BACKLOG,
    )
    before = {one: signal.signal(one, _ended) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        AnnouncedServer(config, house, address).run(sockets=[listening])
    finally:
        listening.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def _ended(number: int, frame: FrameType | None) -> None:
    """uvicorn raises the signal again once it has ended; that is then a clean end, not a death."""
    del number, frame


def _listen(binding: Binding) -> socket.socket:
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
