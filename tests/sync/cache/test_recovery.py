"""Damage, wrong keys, files of the future, full disks: each is said as what it is, and no word is lost."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from sync.cache.cache import Cache
from sync.cache.recovery import recover
from sync.cache.rows import Sort, View
from sync.cache.store import Store
from sync.domain.actions import PostMessage
from sync.domain.errors import Corrupt, Incompatible, StorageFull, WrongKey
from sync.domain.ids import IdFactory
from tests.rigs.fed_cache import DOWNLOADS, KEY, FedCache, StillClock, account, message, ticket

T1 = ticket(1)["id"]


def words(desk: FedCache) -> list[str]:
    """The texts in outbox, Undelivered and drafts."""
    sent = [row.action.body_text for row in desk.reader.outbox() if isinstance(row.action, PostMessage)]
    failed = [row.text for row in desk.reader.undelivered()]
    return sent + failed + [row.text for row in desk.reader.drafts()]


def written(desk: FedCache) -> list[str]:
    """A text in each place; what they are."""
    desk.fill(1, 2)
    failed, done = desk.reply(2, "Undelivered one"), desk.reply(1, "Delivered one")
    for action in (desk.reply(1, "Outbox one"), failed, done):
        desk.cache.put(action)
    desk.refused(failed.client_key)
    desk.applied(done.client_key, message="m9")
    desk.cache.save_draft(T1, "note", "Draft one")
    return ["Outbox one", "Undelivered one", "Draft one"]


@pytest.mark.parametrize("place", [0, 20, 5000, 40_000])
def test_a_damaged_cache_is_set_aside_and_its_words_come_back(desk: FedCache, place: int) -> None:
    expected = written(desk)
    keys = [row.client_key for row in desk.reader.outbox()]
    desk.close()
    path = desk.folder / "cache.db"
    data = bytearray(path.read_bytes())
    data[place : place + 3000] = bytes(3000)
    path.write_bytes(data)
    desk.use(recover(desk.folder, KEY, desk.clock, desk.ids))
    assert words(desk) == expected
    assert [row.client_key for row in desk.reader.outbox()] == keys
    assert desk.cache.access() is None
    assert [one.name for one in desk.folder.glob("damaged-*cache.db")]
    desk.fill(1, 2)
    assert [one.body_text for one in desk.reader.thread(T1)] == [message(1)["bodyText"], "Outbox one"]
    desk.reopen()
    assert words(desk) == expected


def test_a_lost_cache_brings_its_words_back_too(desk: FedCache) -> None:
    expected = written(desk)
    desk.close()
    (desk.folder / "cache.db").unlink()
    desk.use(Cache.open(desk.folder, KEY, desk.clock, desk.ids))
    assert words(desk) == expected


def test_files_that_were_fetched_go_with_the_cache_that_knew_whose_they_are(desk: FedCache) -> None:
    desk.fill(1)
    own = desk.cache.attach_bytes(b"still to be sent", "text/plain", "own.txt")
    desk.cache.put(replace(desk.reply(1), attachments=(own,)))
    desk.cache.keep_blob(account(DOWNLOADS), "b-fetched", iter([b"of a ticket"]))
    desk.reopen()
    assert desk.cache.blob("b-fetched") is not None
    desk.close()
    (desk.folder / "cache.db").unlink()
    desk.use(Cache.open(desk.folder, KEY, desk.clock, desk.ids))
    assert desk.cache.blob("b-fetched") is None
    assert list(desk.cache.blob(own.blob_id) or ()) == [b"still to be sent"]


def test_damage_is_said_as_damage_when_it_is_met(desk: FedCache) -> None:
    desk.fill(1)
    desk.close()
    path = desk.folder / "cache.db"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(Corrupt) as raised:
        Cache.open(desk.folder, KEY, desk.clock, desk.ids)
    assert not isinstance(raised.value, WrongKey)
    path.unlink()
    desk.use(Cache.open(desk.folder, KEY, desk.clock, desk.ids))


def test_a_wrong_key_is_no_damage_and_moves_nothing(desk: FedCache) -> None:
    written(desk)
    desk.close()
    before = {path.name: path.read_bytes() for path in desk.folder.iterdir()}
    for open_it in (Cache.open, recover):
        with pytest.raises(WrongKey):
            open_it(desk.folder, bytes(32), desk.clock, desk.ids)
    assert {path.name: path.read_bytes() for path in desk.folder.iterdir()} == before
    desk.use(Cache.open(desk.folder, KEY, desk.clock, desk.ids))
    assert len(words(desk)) == 3


def test_a_file_of_the_future_is_left_alone(bare: FedCache) -> None:
    bare.fill(1)
    bare.close()
    database = dbapi2.connect(str(bare.folder / "cache.db"))
    database.execute("PRAGMA user_version = 99")
    database.close()
    before = (bare.folder / "cache.db").read_bytes()
    with pytest.raises(Incompatible, match="newer"):
        Cache.open(bare.folder, None, bare.clock, bare.ids)
    assert (bare.folder / "cache.db").read_bytes() == before


def test_a_full_disk_saves_nothing_and_says_so(desk: FedCache) -> None:
    desk.fill(1)
    pages = desk.cache._store.value("PRAGMA page_count")
    desk.cache._store.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFull, match="still in the editor"):
        desk.cache.put(desk.reply(1, "x" * 500_000))
    with pytest.raises(StorageFull):
        desk.cache.save_draft(T1, "note", "x" * 500_000)
    many = [message(n, 1, seq=n, bodyText="y" * 3000) for n in range(2, 300)]
    cursor = desk.cache.cursor(account(DOWNLOADS))
    with pytest.raises(StorageFull):
        desk.page({"Message": many})
    assert words(desk) == []
    assert desk.cache._journal.live == {}
    assert desk.cache.cursor(account(DOWNLOADS)) == cursor
    desk.cache._store.execute("PRAGMA max_page_count = 1000000")
    desk.cache.put(desk.reply(1, "It fits again"))
    assert words(desk) == ["It fits again"]


def test_nothing_on_the_disk_is_readable(desk: FedCache) -> None:
    written(desk)
    desk.cache.attach_bytes(b"paper stuck" * 1000, "text/plain", "note.txt")
    assert b"stuck" not in desk.bytes()
    assert b"SQLite format" not in desk.bytes()


class Killed(BaseException):
    """The program ends here."""


def killed_at(step: int, folder: Path, clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Write, send and settle in a cache that dies at its `step`-th statement; False if it lived to the end."""
    desk = FedCache(folder, clock, None, seed=100 + step)
    count = 0

    def dying(real: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            nonlocal count
            count += 1
            if count >= step:
                raise Killed
            return real(*arguments)

        return run

    kept = desk.reader.outbox()[0].client_key
    with monkeypatch.context() as patched:
        for name in ("execute", "many", "rows", "one"):
            patched.setattr(Store, name, dying(getattr(Store, name)))
        try:
            desk.cache.put(desk.note(T1, "More"), ends_draft=(T1, "note"))
            desk.cache.batch(10, 100_000)
            desk.refused(kept)
            desk.cache.send_again(kept)
        except Killed:
            return True
        finally:
            patched.undo()
            desk.close()
    return False


def test_a_kill_at_any_statement_leaves_each_text_in_a_place(
    bare: FedCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever statement is the last: what was promised is there, in one place."""
    bare.fill(1, 2)
    bare.cache.put(bare.reply(1, "Promised"))
    bare.cache.save_draft(T1, "note", "More")
    bare.close()
    step, died = 0, True
    while died:
        step += 1
        folder = tmp_path / f"killed{step}"
        shutil.copytree(bare.folder, folder)
        died = killed_at(step, folder, bare.clock, monkeypatch)
        after = FedCache(folder, bare.clock, None)
        assert sorted(words(after)) == ["More", "Promised"]
        after.close()
    assert step > 30


def test_files_survive_and_unused_ones_go(desk: FedCache, tmp_path: Path) -> None:
    desk.fill(1)
    source = tmp_path / "photo.png"
    source.write_bytes(bytes(range(256)) * 4096)
    file = desk.cache.attach(source, "image/png")
    unused = desk.cache.attach_bytes(b"unused", "text/plain", "b.txt")
    source.unlink()
    reply = desk.reply(1, attachments=(file,))
    desk.cache.put(reply)
    desk.clock.now += 2 * 86_400_000
    desk.reopen()
    found = desk.cache.blob(file.blob_id)
    assert found is not None
    assert b"".join(found) == bytes(range(256)) * 4096
    assert desk.cache.blob(unused.blob_id) is None
    assert desk.cache.is_local(file.blob_id)
    sent = desk.cache.uploaded(reply.client_key, file.blob_id, "b-server", account(DOWNLOADS))
    assert isinstance(sent, PostMessage)
    assert sent.attachments[0].blob_id == "b-server"
    assert not desk.cache.is_local("b-server")
    assert desk.reader.outbox()[0].action == sent


def test_two_caches_in_one_process_do_not_meet(tmp_path: Path) -> None:
    clock = StillClock()
    made = [FedCache(tmp_path / name, clock, key) for name, key in (("a", KEY), ("b", None))]
    made[0].fill(1)
    assert [one.reader.ticket_ids(View("all"), Sort()) for one in made][1].tolist() == []
    assert made[0].cache.device_id() != IdFactory(clock).client_key()
    for one in made:
        one.close()


def test_what_was_set_aside_goes_with_the_first_category_that_is_taken_away(desk: FedCache) -> None:
    desk.fill(1)
    (desk.folder / "damaged-1-cache.db").write_bytes(b"words of a ticket")
    desk.cache.clear()
    assert not list(desk.folder.glob("damaged-*"))
