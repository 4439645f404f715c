"""The octets of one event stream: states, pings, extra events (RFC 8620 section 7.3)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sync.jmap.access import Principal
from sync.jmap.errors import JSON, RequestError
from sync.jmap.event_id import KnownStates
from sync.jmap.feed import Feed, News, States
from sync.jmap.limits import Limits
from sync.jmap.wire import write

CHECK_SECONDS: Final = 60.0
_OPENING: Final = b":" + b" " * 2048 + b"\n\n"
"""2 kB of comment, so that a proxy that fills a buffer first lets the stream begin."""


@dataclass(frozen=True)
class StreamOptions:
    """What the client asked for. `types` None: all. `ping` in seconds, 0: none."""

    types: frozenset[str] | None
    close_after_state: bool
    ping: int

    def wants(self, type_name: str) -> bool:
        """Whether the stream tells of this type."""
        return self.types is None or type_name in self.types


def parse_options(query: Mapping[str, str], limits: Limits) -> StreamOptions:
    """The options in the address, the ping interval put within the limits. Raises RequestError."""
    types, close_after, ping = query.get("types", ""), query.get("closeafter", ""), query.get("ping", "")
    names = _names(types)
    if "" in names:
        raise RequestError("invalidArguments", "types must be * or type names with commas between.")
    if close_after not in ("state", "no"):
        raise RequestError("invalidArguments", "closeafter must be state or no.")
    if not (ping.isascii() and ping.isdigit()):
        raise RequestError("invalidArguments", "ping must be a number of seconds, or 0.")
    seconds = int(ping[:9])
    if seconds:
        seconds = min(max(seconds, limits.ping_min), limits.ping_max)
    return StreamOptions(None if names == {"*"} else names, close_after == "state", seconds)


@lru_cache(256)
def _names(types: str) -> frozenset[str]:
    """Workstations of one kind ask for the same types: thousands of streams share the set."""
    return frozenset(types.split(","))


class EventStream:
    """One connection. `monotonic` counts seconds; `retry_ms` is what a client shall wait before it comes again."""

    def __init__(
        self,
        feed: Feed,
        principal: Principal,
        options: StreamOptions,
        last_event_id: str,
        monotonic: Callable[[], float],
        retry_ms: int,
    ) -> None:
        self._feed = feed
        self._principal = principal
        self._options = options
        self._last_event_id = last_event_id
        self._monotonic = monotonic
        self._retry_ms = retry_ms
        self._known = KnownStates({})

    async def octets(self) -> AsyncGenerator[bytes, None]:
        """Everything to send, until the stream ends."""
        subscription = await self._feed.subscribe(self._principal)
        try:
            yield _OPENING + _retry(self._retry_ms)
            missed = await self._begin()
            yield self._state_event(missed) if missed else f"id: {self._known.event_id()}\n\n".encode()
            if missed and self._options.close_after_state:
                return
            sent_at = checked_at = self._monotonic()
            while True:
                news = await subscription.wait(self._seconds_left(sent_at, checked_at))
                if news is not None:
                    changed = self._wanted(news.changed)
                    octets = self._extra_events(news) + (self._state_event(changed) if changed else b"")
                    if octets:
                        yield octets
                        sent_at = self._monotonic()
                    if news.ended and news.come_back_ms is not None:
                        yield _retry(news.come_back_ms)
                    if news.ended or (changed and self._options.close_after_state):
                        return
                if self._options.ping and self._monotonic() - sent_at >= self._options.ping:
                    yield _event("ping", {"interval": self._options.ping})
                    sent_at = self._monotonic()
                if self._monotonic() - checked_at >= CHECK_SECONDS:
                    if not await self._feed.still_allowed(self._principal):
                        return
                    checked_at = self._monotonic()
        finally:
            subscription.close()

    async def _begin(self) -> States:
        """Learn the present states; gives those that the last event id does not know."""
        present = self._wanted(await self._feed.states(self._principal))
        self._known = KnownStates(present)
        return self._known.missed(self._last_event_id, present) if self._last_event_id else {}

    def _seconds_left(self, sent_at: float, checked_at: float) -> float:
        now = self._monotonic()
        left = checked_at + CHECK_SECONDS - now
        if self._options.ping:
            left = min(left, sent_at + self._options.ping - now)
        return max(0.0, left)

    def _wanted(self, states: States) -> States:
        found = {
            account_id: {name: state for name, state in of_types.items() if self._options.wants(name)}
            for account_id, of_types in states.items()
        }
        return {account_id: of_types for account_id, of_types in found.items() if of_types}

    def _state_event(self, changed: States) -> bytes:
        self._known.update(changed)
        data = {"@type": "StateChange", "changed": changed}
        return _event("state", data, self._known.event_id())

    def _extra_events(self, news: News) -> bytes:
        return b"".join(one.octets for one in news.extras if self._options.wants(one.type_name))


def _retry(milliseconds: int) -> bytes:
    return f"retry: {milliseconds}\n\n".encode()


def _event(name: str, data: JSON, event_id: str | None = None) -> bytes:
    id_line = b"" if event_id is None else f"id: {event_id}\n".encode()
    return b"event: " + name.encode() + b"\n" + id_line + b"data: " + write(data) + b"\n\n"
