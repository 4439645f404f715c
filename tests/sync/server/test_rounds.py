"""Background work is never cut off in the midst: the database is closed after it."""

import asyncio
import logging
import threading

import pytest

from sync.server.rounds import Rounds


def test_the_end_waits_for_the_round_under_way() -> None:
    begun, may_end, ended = threading.Event(), threading.Event(), []

    def work() -> float:
        begun.set()
        assert may_end.wait(60)
        ended.append(True)
        return 0.0

    async def whole() -> None:
        rounds = Rounds()
        rounds.begin(work)
        await asyncio.to_thread(begun.wait, 60)
        end = asyncio.create_task(rounds.end())
        await asyncio.sleep(0)
        assert not end.done()
        may_end.set()
        await end

    asyncio.run(whole())
    assert ended == [True]


def test_who_waits_for_the_next_round_ends_at_once_and_a_failure_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    count, third = [], threading.Event()

    def work() -> float:
        count.append(True)
        if len(count) == 3:
            third.set()
            return 1e9
        if len(count) == 2:
            raise OSError("no")
        return 0.0

    async def whole() -> None:
        rounds = Rounds()
        rounds.begin(work)
        await asyncio.to_thread(third.wait, 60)
        await rounds.end()

    with caplog.at_level(logging.CRITICAL + 1):
        asyncio.run(whole())
    assert len(count) == 3
