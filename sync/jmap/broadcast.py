"""A feed in memory: writers publish from any thread, streams listen in the event loop (RFC 8620 section 7)."""

from __future__ import annotations

import asyncio
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress

from sync.jmap.access import Principal
from sync.jmap.feed import Extra, News, States

COME_BACK_PER_S = 500
"""When all streams end at once, so many a second are asked to come again."""
COME_BACK_MIN_S = 0.5
MAX_EXTRAS = 64
"""Extra events that wait for a slow reader; older ones are dropped, /changes still tells of them."""
MAX_REPLACED = 256
"""The same for those of which only the newest of a key matters; counted apart."""
_MIN_MS = int(1000 * COME_BACK_MIN_S)


class BroadcastSubscription:
    """One stream's unread news: the newest state of each changed type, so a slow reader coalesces."""

    __slots__ = (
        "_changed", "_come_back_ms", "_ended", "_extras", "_leave", "_newest", "_waiter", "_woken",
        "accounts", "placed", "principal",
    )  # fmt: skip

    def __init__(self, principal: Principal, leave: Callable[[BroadcastSubscription], None]) -> None:
        self.principal = principal
        self.accounts: frozenset[str] = frozenset()
        self.placed = False
        self._leave = leave
        self._woken = False
        self._waiter: asyncio.Future[None] | None = None
        self._changed: dict[str, dict[str, str]] = {}
        self._extras: list[Extra] = []
        self._newest: dict[tuple[str, str], Extra] = {}
        self._ended = False
        self._come_back_ms: int | None = None

    async def wait(self, seconds: float) -> News | None:
        """The news since the last call, or None after that many seconds without any."""
        if not self._woken:
            await self._sleep(seconds)
        if not self._woken:
            return None
        self._woken = False
        news = News(self._changed, (*self._extras, *self._newest.values()), self._ended, self._come_back_ms)
        self._changed, self._newest = {}, {}
        self._extras.clear()
        return news

    async def _sleep(self, seconds: float) -> None:
        """Until woken, or so long. An asyncio.Event with a timeout takes 2 kB, and there are thousands of us."""
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        timer = loop.call_later(max(0.0, seconds), self._rouse)
        try:
            await self._waiter
        finally:
            timer.cancel()
            self._waiter = None

    def _wake(self) -> None:
        self._woken = True
        self._rouse()

    def _rouse(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def close(self) -> None:
        """Leave the feed."""
        self._leave(self)

    def changed(self, account_id: str, states: Mapping[str, str]) -> None:
        """Note new states; only in the event loop."""
        self._changed.setdefault(account_id, {}).update(states)
        self._wake()

    def further(self, extra: Extra) -> None:
        """Note an extra event; only in the event loop."""
        if extra.replaces is None:
            self._extras.append(extra)
            del self._extras[:-MAX_EXTRAS]
        else:
            key = (extra.name, extra.replaces)
            self._newest.pop(key, None)
            self._newest[key] = extra
            while len(self._newest) > MAX_REPLACED:
                del self._newest[next(iter(self._newest))]
        self._wake()

    def narrow(self, accounts: Collection[str]) -> None:
        """Forget what is noted of accounts that are not open any more; only in the event loop."""
        self._changed = {one: states for one, states in self._changed.items() if one in accounts}
        kept = [one for one in self._extras if one.account_id in accounts]
        self._extras.clear()
        self._extras.extend(kept)
        self._newest = {key: one for key, one in self._newest.items() if one.account_id in accounts}

    def end(self, come_back_ms: int | None = None) -> None:
        """Close the stream after what is noted, asking to come again after so long; only in the event loop."""
        self._ended = True
        self._come_back_ms = come_back_ms
        self._wake()


class Broadcast:
    """The feed of one process.

    `accounts`, `states` and `allowed` block; they are asked in worker threads. `publish`, `regrant`, `end` and
    `end_all` may be called from any thread, before any stream and after all of them.
    """

    def __init__(
        self,
        accounts: Callable[[Principal], Collection[str]],
        states: Callable[[Principal], States],
        allowed: Callable[[Principal], bool],
    ) -> None:
        self._accounts = accounts
        self._states = states
        self._allowed = allowed
        self._loop: asyncio.AbstractEventLoop | None = None
        self._of_account: defaultdict[str, set[BroadcastSubscription]] = defaultdict(set)
        self._of_principal: defaultdict[str, set[BroadcastSubscription]] = defaultdict(set)
        self._closing = False

    async def subscribe(self, principal: Principal) -> BroadcastSubscription:
        """A new stream's subscription to the accounts that are open to it now."""
        self._loop = asyncio.get_running_loop()
        subscription = BroadcastSubscription(principal, self._leave)
        self._of_principal[principal.id].add(subscription)
        try:
            accounts = await asyncio.to_thread(self._accounts, principal)
        except BaseException:
            self._leave(subscription)
            raise
        if not subscription.placed:
            self._place(subscription, accounts)
        if self._closing:
            subscription.end(_MIN_MS)
        return subscription

    async def states(self, principal: Principal) -> States:
        """The present states, read from the database."""
        return await asyncio.to_thread(self._states, principal)

    async def still_allowed(self, principal: Principal) -> bool:
        """Whether the principal's sign-in still holds."""
        return await asyncio.to_thread(self._allowed, principal)

    def publish(self, changed: States, extras: Iterable[Extra] = ()) -> None:
        """Tell every stream that may see these accounts. Call after the commit."""
        self._in_loop(self._fan_out, changed, tuple(extras))

    def regrant(self, principal_id: str, accounts: Collection[str]) -> None:
        """From now on the principal's streams see exactly these accounts."""
        self._in_loop(self._regrant, principal_id, tuple(accounts))

    def end(self, principal_id: str) -> None:
        """Close the principal's streams (revoked, signed out)."""
        self._in_loop(self._end, principal_id)

    def end_all(self) -> None:
        """Close every stream, now and from now on: the server stops. They are asked to come again one by one."""
        self._closing = True
        self._in_loop(self._end_all)

    def listening(self, principal_id: str) -> tuple[Principal, ...]:
        """Who listens under this id now. From any thread."""
        return tuple(one.principal for one in tuple(self._of_principal.get(principal_id, ())))

    def __len__(self) -> int:
        """How many streams listen."""
        return sum(len(subscriptions) for subscriptions in self._of_principal.values())

    def _in_loop(self, act: Callable[..., None], *arguments: object) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop is closed: no stream is left to tell
                self._loop.call_soon_threadsafe(act, *arguments)

    def _fan_out(self, changed: States, extras: tuple[Extra, ...]) -> None:
        for account_id, states in changed.items():
            for subscription in self._of_account.get(account_id, ()):
                subscription.changed(account_id, states)
        for extra in extras:
            for subscription in self._of_account.get(extra.account_id, ()):
                subscription.further(extra)

    def _regrant(self, principal_id: str, accounts: tuple[str, ...]) -> None:
        for subscription in self._of_principal.get(principal_id, ()):
            self._place(subscription, accounts)
            subscription.narrow(accounts)

    def _end(self, principal_id: str) -> None:
        for subscription in self._of_principal.get(principal_id, ()):
            subscription.end()

    def _end_all(self) -> None:
        every = [one for subscriptions in self._of_principal.values() for one in subscriptions]
        spread_ms = max(_MIN_MS, 1000 * len(every) // COME_BACK_PER_S)
        for number, subscription in enumerate(every, start=1):
            subscription.end(spread_ms * number // len(every))

    def _place(self, subscription: BroadcastSubscription, accounts: Collection[str]) -> None:
        for account_id in subscription.accounts:
            self._forget(self._of_account, account_id, subscription)
        subscription.accounts = frozenset(sys.intern(one) for one in accounts)  # many streams, few accounts
        subscription.placed = True
        for account_id in subscription.accounts:
            self._of_account[account_id].add(subscription)

    def _leave(self, subscription: BroadcastSubscription) -> None:
        self._place(subscription, ())
        self._forget(self._of_principal, subscription.principal.id, subscription)

    @staticmethod
    def _forget(
        index: defaultdict[str, set[BroadcastSubscription]], key: str, subscription: BroadcastSubscription
    ) -> None:
        index[key].discard(subscription)
        if not index[key]:
            del index[key]
