"""When the server last confirmed the access outlives restarts, clocks that are set back, and files from before."""

import sqlite3
from dataclasses import replace

import pytest

from sync.cache.folder import CACHE
from sync.domain.protocol import CONFIRM_HOURS
from sync.domain.times import HOUR_MS, MINUTE_MS
from tests.rigs.fed_cache import DOWNLOADS, START, FedCache, access


def test_a_cache_is_locked_72_hours_after_the_last_word_and_open_with_the_next(desk: FedCache) -> None:
    desk.fill(1)
    desk.clock.now += 72 * HOUR_MS - 1
    assert not desk.cache.confirmation().is_over
    desk.clock.now += 1
    assert desk.cache.confirmation().is_over
    desk.cache.confirm()
    assert desk.cache.confirmation().left_ms == 72 * HOUR_MS


def test_the_server_says_for_how_long(desk: FedCache) -> None:
    desk.cache.save_access(replace(access(DOWNLOADS), limits={CONFIRM_HOURS: 5}))
    assert desk.cache.confirmation().left_ms == 5 * HOUR_MS
    desk.reopen()
    assert desk.cache.confirmation().left_ms == 5 * HOUR_MS


def test_setting_the_clock_back_wins_nothing(desk: FedCache) -> None:
    desk.fill(1)
    desk.clock.now += 71 * HOUR_MS
    desk.cache.tick()
    desk.clock.now = START - 10_000 * HOUR_MS
    assert desk.cache.confirmation().left_ms == HOUR_MS
    desk.reopen()
    assert desk.cache.confirmation().left_ms == HOUR_MS
    desk.clock.now += HOUR_MS  # monotonic time goes on, too
    assert desk.cache.confirmation().is_over
    desk.cache.tick()
    desk.reopen()
    assert desk.cache.confirmation().is_over


def test_a_clock_set_forward_locks_until_the_next_word_and_no_longer(desk: FedCache) -> None:
    desk.fill(1)
    desk.clock.now += 50_000 * HOUR_MS
    desk.cache.tick()
    desk.clock.now = START
    assert desk.cache.confirmation().is_over
    desk.cache.confirm()
    assert desk.cache.confirmation().left_ms == 72 * HOUR_MS


def test_rounds_with_a_server_that_answers_write_at_most_once_an_hour(bare: FedCache) -> None:
    bare.fill(1)
    watcher = sqlite3.connect(bare.folder / CACHE)
    seen = set()
    for _ in range(24):
        bare.clock.now += 5 * MINUTE_MS
        bare.cache.tick()
        bare.cache.confirm()
        seen.add(watcher.execute("PRAGMA data_version").fetchone()[0])
    watcher.close()
    assert len(seen) <= 3


@pytest.mark.parametrize("hours", [1, 71, 73])
def test_a_file_from_before_counts_from_its_last_contact(desk: FedCache, hours: int) -> None:
    desk.fill(1)
    desk.cache._store.execute("DELETE FROM meta WHERE name = 'confirmation'")
    desk.clock.now += hours * HOUR_MS
    desk.reopen()
    assert desk.cache.confirmation().is_over == (hours > 72)
