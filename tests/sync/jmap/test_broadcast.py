"""The feed in memory: who is told what, from which thread, and how much may pile up."""

import asyncio
import threading
from collections.abc import Collection

import pytest

from sync.jmap.access import Principal
from sync.jmap.broadcast import COME_BACK_PER_S, MAX_EXTRAS, MAX_REPLACED, Broadcast
from sync.jmap.feed import Extra, News, States

ANN, BOB = Principal("ann", "ann"), Principal("bob", "bob")
ACCOUNTS = {"ann": ["A1", "A2"], "bob": ["A2"]}


def broadcast() -> Broadcast:
    return Broadcast(lambda who: ACCOUNTS[who.id], lambda _who: {"A1": {"Todo": "s1"}}, lambda _who: True)


def test_only_open_accounts_are_told() -> None:
    async def scene() -> tuple[News | None, News | None]:
        feed = broadcast()
        ann, bob = await feed.subscribe(ANN), await feed.subscribe(BOB)
        feed.publish({"A1": {"Todo": "s2"}, "A3": {"Todo": "s3"}}, [Extra("ring", "A1", "Bell", {})])
        return await ann.wait(1), await bob.wait(0)

    ann, bob = asyncio.run(scene())
    assert ann == News({"A1": {"Todo": "s2"}}, (Extra("ring", "A1", "Bell", {}),))
    assert bob is None


def test_a_slow_reader_gets_the_newest_states_once() -> None:
    async def scene() -> tuple[News | None, News | None]:
        feed = broadcast()
        ann = await feed.subscribe(ANN)
        for n in range(10_000):
            feed.publish({"A1": {"Todo": f"s{n}"}}, [Extra("ring", "A1", "Bell", {"n": n})])
        await asyncio.sleep(0)
        return await ann.wait(1), await ann.wait(0)

    first, second = asyncio.run(scene())
    assert first is not None
    assert first.changed == {"A1": {"Todo": "s9999"}}
    assert [one.data["n"] for one in first.extras] == list(range(10_000 - MAX_EXTRAS, 10_000))
    assert second is None


def test_news_from_another_thread_wake_a_waiting_stream() -> None:
    async def scene() -> News | None:
        feed = broadcast()
        ann = await feed.subscribe(ANN)
        threading.Timer(0.01, feed.publish, [{"A2": {"Todo": "s7"}}]).start()
        return await ann.wait(10)

    assert asyncio.run(scene()) == News({"A2": {"Todo": "s7"}})


def test_a_revoke_while_a_stream_opens_is_not_lost() -> None:
    """The accounts are read in a thread; what is revoked meanwhile must not come back by the older answer."""

    async def scene() -> tuple[frozenset[str], bool]:
        started, go_on = asyncio.Event(), threading.Event()
        loop = asyncio.get_running_loop()

        def accounts(who: Principal) -> Collection[str]:
            loop.call_soon_threadsafe(started.set)
            assert go_on.wait(10)
            return ACCOUNTS[who.id]

        feed = Broadcast(accounts, lambda _who: {}, lambda _who: True)
        opening = asyncio.create_task(feed.subscribe(ANN))
        await started.wait()
        feed.regrant("ann", [])
        feed.end("ann")
        await asyncio.sleep(0)
        go_on.set()
        ann = await opening
        news = await ann.wait(1)
        return ann.accounts, news is not None and news.ended

    assert asyncio.run(scene()) == (frozenset(), True)


def test_of_what_replaces_the_newest_is_told_and_it_crowds_out_nothing() -> None:
    async def scene() -> News | None:
        feed = broadcast()
        ann = await feed.subscribe(ANN)
        feed.publish({}, [Extra("ring", "A1", "Bell", {})])
        for n in range(1000):
            feed.publish(
                {}, [Extra("here", "A1", "Here", {"n": n}, replaces="bob"), Extra("here", "A1", "Here", {}, "eve")]
            )
        await asyncio.sleep(0)
        return await ann.wait(1)

    news = asyncio.run(scene())
    assert news is not None
    assert [(one.name, one.replaces, one.data.get("n")) for one in news.extras] == [
        ("ring", None, None),
        ("here", "bob", 999),
        ("here", "eve", None),
    ]


def test_so_many_that_replace_wait_and_no_more() -> None:
    async def scene() -> News | None:
        feed = broadcast()
        ann = await feed.subscribe(ANN)
        feed.publish({}, [Extra("here", "A1", "Here", {"n": n}, replaces=str(n)) for n in range(3 * MAX_REPLACED)])
        await asyncio.sleep(0)
        return await ann.wait(1)

    news = asyncio.run(scene())
    assert news is not None
    assert [one.data["n"] for one in news.extras] == list(range(2 * MAX_REPLACED, 3 * MAX_REPLACED))


def test_what_a_revoked_account_said_just_before_is_not_told_after() -> None:
    async def scene() -> News | None:
        feed = broadcast()
        ann = await feed.subscribe(ANN)
        for account in ("A1", "A2"):
            extras = [Extra("ring", account, "Bell", {}), Extra("here", account, "Here", {}, replaces="bob")]
            feed.publish({account: {"Todo": "s2"}}, extras)
        feed.regrant("ann", ["A2"])
        await asyncio.sleep(0)
        return await ann.wait(1)

    news = asyncio.run(scene())
    assert news is not None
    assert set(news.changed) == {"A2"}
    assert [one.account_id for one in news.extras] == ["A2", "A2"]


def test_a_closed_subscription_leaves_nothing_behind() -> None:
    async def scene() -> int:
        feed = broadcast()
        ann = await feed.subscribe(ANN)
        assert len(feed) == 1
        ann.close()
        ann.close()
        feed.publish({"A1": {"Todo": "s2"}})
        await asyncio.sleep(0)
        return len(feed)

    assert asyncio.run(scene()) == 0


def test_a_subscription_that_fails_leaves_nothing_behind() -> None:
    async def scene() -> int:
        feed = Broadcast(lambda who: ACCOUNTS[who.id], lambda _who: {}, lambda _who: True)
        with pytest.raises(KeyError):
            await feed.subscribe(Principal("eve", "eve"))
        return len(feed)

    assert asyncio.run(scene()) == 0


def test_publishing_before_any_stream_and_after_the_loop_is_harmless() -> None:
    feed = broadcast()
    feed.publish({"A1": {"Todo": "s1"}})

    async def scene() -> States:
        subscription = await feed.subscribe(ANN)
        subscription.close()
        return await feed.states(ANN)

    assert asyncio.run(scene()) == {"A1": {"Todo": "s1"}}
    feed.publish({"A1": {"Todo": "s2"}})
    feed.end_all()


def test_at_the_end_streams_are_asked_to_come_again_one_by_one() -> None:
    async def scene(count: int) -> list[int]:
        feed = broadcast()
        subscriptions = [await feed.subscribe(ANN) for _ in range(count)]
        feed.end_all()
        await asyncio.sleep(0)
        late = await feed.subscribe(BOB)
        news = [await one.wait(1) for one in (*subscriptions, late)]
        assert all(one is not None and one.ended for one in news)
        return sorted(one.come_back_ms or 0 for one in news if one is not None)

    assert asyncio.run(scene(4)) == [125, 250, 375, 500, 500]
    many = asyncio.run(scene(2 * COME_BACK_PER_S))
    assert (many[0], many[-1]) == (2, 2000)


def test_who_is_signed_out_is_told_no_time() -> None:
    async def scene() -> News | None:
        feed = broadcast()
        ann = await feed.subscribe(ANN)
        feed.end("ann")
        return await ann.wait(1)

    assert asyncio.run(scene()) == News(ended=True)
