"""Who may keep a connection open: strangers few and not for long, so that agents always get in (PRODUCT G6)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a connection may take, in seconds, and how much it may send.

    `head`: for the head of a request; `body`: in each such span a body must bring `body_octets`, or end; `reading`:
    for the other side to read what waits to be sent; `idle`: between two requests of a stranger, `idle_known` of an
    agent. `head_octets`: the largest head.
    """

    head: float = 15.0
    body: float = 75.0
    body_octets: int = 15_000
    reading: float = 60.0
    idle: float = 10.0
    idle_known: float = 75.0
    head_octets: int = 32_768


@dataclass(frozen=True, slots=True)
class Room:
    """How many connections strangers may have: in all, and from one address (None: not counted).

    A connection younger than `grace_seconds` stays, since many workstations come at once after a restart; but never
    are there more than `most`.
    """

    strangers: int = 512
    of_address: int | None = 256
    grace_seconds: float = 3.0
    most: int = 8192


BEHIND_PROXY = Room(strangers=8192, of_address=None, most=16384)
"""All callers have the proxy's address: the proxy counts them."""


class Guest(Protocol):
    """A connection, as the door sees it."""

    def throw_out(self) -> None:
        """End it now."""


class Door:
    """Counts the connections over which nobody has signed in yet. Used in the event loop only.

    A new one is never refused: the oldest has to go, unless it has only just come. So a flood displaces itself, and an
    agent, who is no stranger any more after the first request, comes in through the flood and stays.
    """

    def __init__(self, room: Room, monotonic: Callable[[], float]) -> None:
        self._room = room
        self._monotonic = monotonic
        self._all: OrderedDict[Guest, tuple[str, float]] = OrderedDict()
        self._by_address: dict[str, OrderedDict[Guest, None]] = {}

    def __len__(self) -> int:
        return len(self._all)

    def enter(self, guest: Guest, address: str) -> None:
        """A connection was made; perhaps an older one ends for it. May be said twice."""
        if guest in self._all:
            return
        mine = self._by_address.setdefault(address, OrderedDict())
        self._all[guest] = address, self._monotonic()
        mine[guest] = None
        room = self._room
        if room.of_address is not None and len(mine) > room.of_address:
            self._make_room(next(iter(mine)))
        if len(self._all) > room.strangers:
            self._make_room(next(iter(self._all)))

    def leave(self, guest: Guest) -> None:
        """It has ended, or it is a stranger's no longer. May be said twice."""
        known = self._all.pop(guest, None)
        if known is not None:
            address, _ = known
            mine = self._by_address[address]
            del mine[guest]
            if not mine:
                del self._by_address[address]

    def _make_room(self, oldest: Guest) -> None:
        _, since = self._all[oldest]
        if self._monotonic() - since >= self._room.grace_seconds or len(self._all) > self._room.most:
            self.leave(oldest)
            oldest.throw_out()
