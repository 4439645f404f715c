"""What a lying disk leaves: a write-ahead log cut anywhere, its tail changed, a side journal cut at any byte."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sync.cache.cache import Cache
from sync.cache.folder import CACHE, JOURNAL
from sync.cache.journal import Journal
from sync.domain.actions import SaveQuickNote
from sync.domain.errors import DeskbellError
from tests.faults.scenarios import written
from tests.faults.scene import KEY, Ear, LostError, Scene, scratch

WAL: Final = f"{CACHE}-wal"
_FRAME: Final = 24 + 4096


class Words(Ear):
    """Remembers what was acknowledged."""

    def __init__(self) -> None:
        self.heard: set[str] = set()

    def hear(self, word: str) -> None:
        self.heard.add(word)


def template(folder: Path) -> tuple[Scene, set[str]]:
    """A workstation whose program was ended without closing: a long log, a journal, words in every place."""
    words = Words()
    scene = Scene(folder / "live", ear=words)
    scene.folder.mkdir()
    with scene.opened():
        for number in range(6):
            category = "First" if number % 2 else "Second"
            ticket = scene.ticket(category, f"{category} {number}")
            scene.answer(ticket)
        scene.sync()
        scene.cache._store.truncate_log()
        for number in range(6):
            written(scene, number)
        shutil.copytree(scene.folder, folder / "template")
    shutil.rmtree(scene.folder)
    return scene, words.heard


def _fresh(folder: Path, scene: Scene) -> None:
    shutil.rmtree(scene.folder, ignore_errors=True)
    shutil.copytree(folder / "template", scene.folder)


def cut_logs(cuts: int, seed: int) -> list[str]:
    """The log of a cache cut at so many places, some at the borders of frames, some with bits turned near the end."""
    source, lost = random.Random(seed), list[str]()
    with scratch() as folder:
        scene, words = template(folder)
        size = (folder / "template" / "desk" / WAL).stat().st_size
        for number in range(cuts):
            _fresh(folder, scene)
            at = source.randrange(size + 1)
            if number % 5 == 0:
                at -= (at - 32) % _FRAME if at > 32 else 0
            path = scene.desk / WAL
            with path.open("r+b") as log:
                log.truncate(at)
                if number % 3 == 0 and at > 64:
                    log.seek(at - source.randrange(1, 64))
                    log.write(source.randbytes(1))
            (scene.desk / f"{CACHE}-shm").unlink(missing_ok=True)
            complaint = _converges(scene, words)
            if complaint is not None:
                lost.append(f"log cut at {at} of {size} (number {number}): {complaint}")
    return lost


def _converges(scene: Scene, words: set[str]) -> str | None:
    try:
        with scene.opened():
            if scene.cache._store.value("PRAGMA quick_check") != "ok":
                return "the file is not sound"
            kept = set(scene.kept())
            missing = {one for one in words if one not in kept} - _at_server(scene)
            if missing:
                return f"{sorted(missing)[:3]} are nowhere after the start"
            scene.converge(words)
    except (LostError, DeskbellError) as error:
        return f"{type(error).__name__}: {error}"
    return None


def _at_server(scene: Scene) -> set[str]:
    database = scene.office.house.parts.database
    sql = "SELECT body_text FROM message UNION SELECT text FROM quick_note UNION SELECT body_text FROM held_message"
    return {one for (one,) in database.read(lambda: database.select(sql))}


def cut_journals(cuts: int, seed: int, say: Callable[[str], None] = print) -> list[str]:
    """The journal cut at any byte (`cuts` 0: at each), beside a sound cache and beside a lost one."""
    source, lost = random.Random(seed), list[str]()
    del say
    with scratch() as folder:
        scene, words = template(folder)
        data = (folder / "template" / "desk" / JOURNAL).read_bytes()
        places = range(len(data)) if cuts == 0 else [source.randrange(len(data)) for _ in range(cuts)]
        for number, at in enumerate(places):
            _fresh(folder, scene)
            (scene.desk / JOURNAL).write_bytes(data[:at])
            lone = number % 2 == 1
            if lone:
                expected = _whole(scene.desk / JOURNAL)
                for ending in ("", "-wal", "-shm"):
                    (scene.desk / f"{CACHE}{ending}").unlink(missing_ok=True)
            complaint = _keeps(scene, expected) if lone else _converges(scene, words)
            if complaint is not None:
                lost.append(f"journal cut at {at} of {len(data)}, {'alone' if lone else 'with its cache'}: {complaint}")
    return lost


def _whole(path: Path) -> int:
    journal = Journal(path, KEY)
    count = len(journal.live)
    journal.close()
    return count


def _keeps(scene: Scene, expected: int) -> str | None:
    """All whole records of the journal are in the new cache, and a further word is kept."""
    cache = Cache.open(scene.desk, KEY, scene.clock, scene.ids)
    try:
        reader = cache.reader()
        cache.put(SaveQuickNote(scene.ids.client_key(), "one more", scene.clock.now_ms()))
        found = len(cache._parts.words.live())
        reader.close()
        return None if found == expected + 1 else f"{found - 1} of {expected} words came back"
    finally:
        cache.close()
