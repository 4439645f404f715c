"""Nothing of what left stays in the files, not even where SQLite once had a row before it moved it."""

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.cache.store import Store
from sync.cache.turn import Turn
from sync.cache.wiping import OFTEN_ENOUGH_S, SMALL_BYTES, TRY_AGAIN_S, Wiping
from sync.domain.errors import Corrupt, Interrupted
from tests.rigs.fed_cache import BILLING, FedCache, StillClock, access, ticket

SECRET = b"secret"
LONG_S = 60.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A file without a key, from which half of the rows are deleted."""
    made = Store(tmp_path / "plain.db", None, 2000)
    draw = random.Random(1)
    made.execute("CREATE TABLE some (key INTEGER PRIMARY KEY, body TEXT)")
    with made.transaction():
        for key in draw.sample(range(100_000), 600):
            made.execute("INSERT INTO some VALUES (?, ?)", (key, ("public", "secret")[key % 2] * draw.randint(1, 90)))
    with made.transaction():
        made.execute("DELETE FROM some WHERE key % 2")
        made.owe()
    made.truncate_log()
    yield made
    made.close()


def test_a_file_written_anew_holds_nothing_that_was_deleted(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "plain.db"
    assert SECRET in file.read_bytes(), "SQLite wipes all by itself now: sync/cache/wiping.py is not needed any more"
    Wiping(store, Turn(), StillClock()).wipe()
    assert not store.owes()
    assert SECRET not in file.read_bytes()
    assert store.value("SELECT count(*) FROM some WHERE body LIKE 'public%'") > 0


def test_what_is_owed_is_in_the_file_itself(store: Store, tmp_path: Path) -> None:
    again = Store(tmp_path / "plain.db", None, 100)
    assert again.owes()
    again.close()
    with pytest.raises(ValueError, match="UNIQUE"), store.transaction():
        _fails(store)
    assert store.owes()


def _fails(store: Store) -> None:
    store.execute("PRAGMA application_id = 0")
    store.execute("INSERT INTO some SELECT * FROM some")


def test_who_wants_to_write_goes_first(store: Store) -> None:
    """It is given up, and tried again a little later."""
    clock, turn = StillClock(), Turn()
    wiping = Wiping(store, turn, clock)
    store._connection.set_progress_handler(lambda: 1, 1000)  # as if somebody asked as soon as it had begun
    with turn:
        wiping.wipe()
    store._connection.set_progress_handler(None, 1)
    assert store.owes()
    wiping.wipe()
    assert store.owes()
    clock.now += round(TRY_AGAIN_S * 1000)
    wiping.wipe()
    assert not store.owes()


def test_a_large_file_is_written_anew_now_and_then(store: Store) -> None:
    clock = StillClock()
    with store.transaction():
        store.execute("INSERT INTO some VALUES (-1, zeroblob(?))", (SMALL_BYTES,))
    wiping = Wiping(store, Turn(), clock)
    wiping.wipe()
    assert not store.owes()
    with store.transaction():
        store.owe()
    wiping.wipe()
    wiping.at_the_end()
    assert store.owes()
    clock.now += round(OFTEN_ENOUGH_S * 1000)
    wiping.wipe()
    assert not store.owes()


def test_damage_is_told_while_one_works_and_not_at_the_end(store: Store, tmp_path: Path) -> None:
    pages = store.value("PRAGMA page_count")
    with (tmp_path / "plain.db").open("r+b") as out:
        out.seek(4096)
        out.write(b"\xff" * 4096 * (pages - 1))
    store.execute("PRAGMA shrink_memory")
    wiping = Wiping(store, Turn(), StillClock())
    wiping.at_the_end()
    with pytest.raises(Corrupt):
        wiping.wipe()


def test_the_next_who_asks_stops_long_work_and_no_other() -> None:
    turn, asked, stopped, done = Turn(), threading.Event(), threading.Event(), threading.Event()

    def another() -> None:
        asked.wait(LONG_S)
        with turn:
            done.set()

    thread = threading.Thread(target=another)
    thread.start()
    with turn, turn.giving_way(stopped.set):
        with turn:
            assert not stopped.is_set()
        asked.set()
        assert stopped.wait(LONG_S)
        assert not done.is_set()
    thread.join(LONG_S)
    assert done.is_set()


def test_a_file_can_be_stopped_in_the_middle(store: Store) -> None:
    store._connection.set_progress_handler(store.interrupt, 1000)
    with pytest.raises(Interrupted):
        store.rewrite()
    store._connection.set_progress_handler(None, 1)
    assert store.value("PRAGMA temp_store") == 2
    assert store.owes()


def test_a_category_taken_away_and_a_ticket_moved_are_owed(bare: FedCache) -> None:
    bare.fill(1, 2)
    assert not bare.cache._store.owes()
    bare.page({}, {"Ticket": [ticket(2)["id"]]})
    assert bare.cache._store.owes()
    bare.cache.wipe()
    assert not bare.cache._store.owes()
    bare.cache.save_access(access(BILLING))
    assert bare.cache._store.owes()


def test_signed_out_for_good_nobody_comes_to_wipe_it_later(bare: FedCache) -> None:
    bare.fill(1)
    bare.cache.clear()
    bare.reopen()
    assert not bare.cache._store.owes()
