"""The server's feed with presence in it: a fresh stream hears who is there, and a closed one takes its device away."""

import asyncio
from collections.abc import Sequence

from sync.jmap.access import Principal
from sync.jmap.feed import Extra, Feed, News, States, Subscription
from sync.server.access import Openings
from sync.server.parts import Colleague
from sync.server.presence import Board


class Attendance:
    """A feed (`sync.jmap.feed.Feed`) around another."""

    def __init__(self, feed: Feed, board: Board, openings: Openings) -> None:
        self._feed = feed
        self._board = board
        self._openings = openings

    async def subscribe(self, principal: Principal) -> Subscription:
        subscription = await self._feed.subscribe(principal)
        try:
            there: Sequence[Extra] = ()
            if len(self._board):
                accounts = await asyncio.to_thread(self._openings.account_ids, principal)
                there = self._board.standing(accounts)
        except BaseException:
            subscription.close()
            raise
        return _Attended(subscription, there, self._board, principal)

    async def states(self, principal: Principal) -> States:
        return await self._feed.states(principal)

    async def still_allowed(self, principal: Principal) -> bool:
        return await self._feed.still_allowed(principal)


class _Attended:
    """A subscription whose first news is who is there."""

    def __init__(self, inner: Subscription, there: Sequence[Extra], board: Board, principal: Principal) -> None:
        self._inner = inner
        self._there = tuple(there)
        self._board = board
        self._device = principal.token_id if isinstance(principal, Colleague) else principal.id
        self._open = True
        board.stream_began(self._device)

    async def wait(self, seconds: float) -> News | None:
        if self._there:
            there, self._there = self._there, ()
            return News(extras=there)
        return await self._inner.wait(seconds)

    def close(self) -> None:
        self._inner.close()
        if self._open:
            self._open = False
            self._board.stream_ended(self._device)
