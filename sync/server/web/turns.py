"""How much the public side may do at once: few threads and a short queue, so that agents do not wait for it (G6)."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

from anyio import CapacityLimiter, sleep, to_thread
from starlette.requests import Request

T = TypeVar("T")


class Busy(Exception):
    """Too much waits already; nothing was read, nothing was done. `own`: too much of this one address."""

    def __init__(self, *, own: bool) -> None:
        super().__init__()
        self.own = own


@dataclass(frozen=True, slots=True)
class Share:
    """`at_once`: threads; `waiting`: pieces of work that may wait for one; `of_address`: of these from one address.

    `pause`: seconds before a refusal, so that whoever asks again at once cannot ask often.
    """

    at_once: int = 2
    waiting: int = 48
    of_address: int = 24
    pause: float = 1.0


USUAL_SHARE: Final = Share()


class Turns:
    """The public side's threads. Used in the event loop only."""

    def __init__(self, share: Share) -> None:
        self._share = share
        self.limiter = CapacityLimiter(share.at_once)
        self._by_address: Counter[str] = Counter()

    async def admit(self, address: str) -> None:
        """Whether a request may begin. Raises Busy, after a pause."""
        own = self._by_address[address] >= self._share.of_address
        if own or self._by_address.total() >= self._share.waiting + self._share.at_once:
            await sleep(self._share.pause)
            raise Busy(own=own)

    async def run(self, address: str, work: Callable[[], T]) -> T:
        """Do blocking work for an address when it is its turn."""
        with self._counted(address):
            return await to_thread.run_sync(work, limiter=self.limiter)

    @contextmanager
    def _counted(self, address: str) -> Iterator[None]:
        self._by_address[address] += 1
        try:
            yield
        finally:
            self._by_address[address] -= 1
            if not self._by_address[address]:
                del self._by_address[address]


def caller(request: Request) -> str:
    """Who sends, for counting: an IPv4 address, or the /64 network of an IPv6 one."""
    host = request.client.host if request.client is not None else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
