"""The port between the event stream and the host's news of changes (RFC 8620 section 7.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from sync.jmap.access import Principal
from sync.jmap.errors import JSON
from sync.jmap.wire import write

States = Mapping[str, Mapping[str, str]]
"""Account id to type name to state."""


@dataclass(frozen=True)
class Extra:
    """An event beside StateChange, e.g. `arrival`. Sent to streams whose `types` hold `type_name`.

    `replaces`: only the newest of that name and this key matters. While a reader is slow it takes the place of the
    one before, and such events never crowd out the others.
    """

    name: str
    account_id: str
    type_name: str
    data: Mapping[str, JSON]
    replaces: str | None = None

    @cached_property
    def octets(self) -> bytes:
        """The event as every stream sends it, written once."""
        return b"event: " + self.name.encode() + b"\ndata: " + write(dict(self.data)) + b"\n\n"


@dataclass(frozen=True)
class News:
    """What happened since the last look: the newest states of what changed, and extra events in order.

    `ended`: the stream shall close once this is sent (shutdown, or the principal may no longer listen).
    `come_back_ms`: what the client shall wait then before it comes again; None: as it was told at the beginning.
    """

    changed: States = field(default_factory=dict)
    extras: tuple[Extra, ...] = ()
    ended: bool = False
    come_back_ms: int | None = None


class Subscription(Protocol):
    """One stream's view of the feed. Holds no thread, no database connection, and never grows unbounded."""

    async def wait(self, seconds: float) -> News | None:
        """The news since the last call, waiting for some at most that long; None: none came."""

    def close(self) -> None:
        """Forget this subscription. May be called twice."""


class Feed(Protocol):
    """The host's feed. `sync.jmap.broadcast.Broadcast` is one in memory."""

    async def subscribe(self, principal: Principal) -> Subscription:
        """From now on collect what this principal may see. Runs in the event loop."""

    async def states(self, principal: Principal) -> States:
        """The present states of every type in every account open to this principal."""

    async def still_allowed(self, principal: Principal) -> bool:
        """Whether the principal may go on listening (token not expired or revoked); asked every minute."""
