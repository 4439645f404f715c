"""The side journal cut at any byte, beside its cache and alone: what was acknowledged before the cut is found again.

Each cut is opened by the product itself, and a further word is saved. What follows from there (the sync with a server,
each text in one place) depends on nothing but what the files then say, so it is gone through once for each different
state that the cuts led to, not once for each byte.
"""

import os
import random
import re
import shutil
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from sync.cache.cache import Cache
from sync.cache.folder import CACHE, JOURNAL
from sync.cache.journal import MAGIC, Journal
from sync.cache.store import Store
from sync.domain.actions import SaveQuickNote
from sync.domain.choices import Choice
from sync.domain.errors import DeskbellError
from sync.domain.ids import IdFactory
from sync.domain.records import MessageKind
from tests.faults.cuts import converges
from tests.faults.scenarios import each_kind, post, settled, written
from tests.faults.scene import KEY, Ear, LostError, Scene, scratch

_WORD: Final = re.compile(r"word\d{4,}x[0-9a-f]{8}")
_FURTHER: Final = "one more"
Words = frozenset[str]


class Story(Ear):
    """What was written, step by step: how long the journal was when each was said to be saved, and what was kept then.
    A cut between two of them may leave either."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.sizes = [len(MAGIC)]
        self.kept: list[Words] = [frozenset()]

    def hear(self, _word: str) -> None:
        """It was said to be saved."""
        self.said()

    def said(self) -> None:
        """The last step was acknowledged. Raises RuntimeError where the journal was begun anew."""
        size = (self._scene.desk / JOURNAL).stat().st_size
        if size < self.sizes[-1]:
            raise RuntimeError("the journal is shorter than it was: its story cannot be told by its length")
        self.sizes.append(size)
        self.kept.append(_words(self._scene))

    def around(self, at: int) -> tuple[Words, Words]:
        """What must be found after a cut there, and what may be."""
        step = bisect_right(self.sizes, at)
        before, after = self.kept[max(step - 1, 0)], self.kept[min(step, len(self.kept) - 1)]
        return before & after, before | after


def cut_journals(cuts: int, seed: int, processes: int = 0) -> tuple[int, list[str]]:
    """Cuts at so many places (0: at each byte, on so many processes, 0: one for each core), each beside a sound cache
    and alone. How many places there were, and what was lost."""
    shares = (processes or os.cpu_count() or 1) if cuts == 0 else 1
    if shares == 1:
        return _share(cuts, seed, 0, 1)
    with get_context("spawn").Pool(shares) as pool:
        found = pool.starmap(_share, [(cuts, seed, number, shares) for number in range(shares)])
    return sum(count for count, _ in found), [one for _, lost in found for one in lost]


def _share(cuts: int, seed: int, number: int, shares: int) -> tuple[int, list[str]]:
    """One process's part of the journal, from its beginning to its end."""
    source, lost = random.Random(seed), list[str]()
    with scratch() as folder:
        bench = _Bench(folder, *_told(folder))
        every = bench.size + 1
        places = sorted(source.randrange(every) for _ in range(cuts)) if cuts else list(range(every))
        mine = places[len(places) * number // shares : len(places) * (number + 1) // shares]
        for at in mine:
            for alone in (False, True):
                complaint = bench.tried(at, alone)
                if complaint is not None:
                    beside = "alone" if alone else "with its cache"
                    lost.append(f"journal cut at {at} of {bench.size}, {beside}: {complaint}")
    return len(mine), lost


def _told(folder: Path) -> tuple[Scene, Story]:
    """A workstation whose journal has a record of each kind, ended without closing."""
    scene = Scene(folder / "live")
    scene.folder.mkdir()
    with scene.opened():
        settled(scene)
        scene.cache._store.truncate_log()
        scene.ear = story = Story(scene)
        _lived(scene, story.said)
        shutil.copytree(scene.folder, folder / "template")
    return scene, story


def _lived(scene: Scene, said: Callable[[], None]) -> None:
    """All that becomes of words: begun, written over, ended, sent, held back, put aside, taken up again."""
    cache = scene.cache
    each_kind(scene)
    for mode in ("a", "a", "b", "c"):
        cache.save_draft("own", mode, scene.word())
        said()
    cache.drop_draft("own", "b")
    said()
    scene.put(post(scene, "First 2"), ends_draft=("own", "c"))
    back = post(scene, "Second 2", MessageKind.NOTE)
    scene.put(back)
    cache.take_back(back.client_key)
    said()
    late = [_overtaken(scene, subject) for subject in ("First 0", "First 1", "First 3")]
    scene.sync()
    said()
    for decided in (cache.discard, cache.take_back, cache.discard):
        decided(late[0])
        said()
    for key, choice in ((late[1], Choice.AS_NOTE), (late[2], Choice.EDIT)):
        cache.resolve(key, choice)
        said()
    written(scene, 0)


def _overtaken(scene: Scene, subject: str) -> str:
    """A reply that comes after a colleague's; its key."""
    mine = post(scene, subject)
    scene.put(mine)
    scene.colleague_replies(mine.ticket_id)
    return mine.client_key


class _Bench:
    """Opens one cut after the other."""

    def __init__(self, folder: Path, scene: Scene, story: Story) -> None:
        self._folder = folder
        self._scene = scene
        self._story = story
        self._data = (folder / "template" / "desk" / JOURNAL).read_bytes()
        self.size = len(self._data)
        self._known: dict[bytes, str | None] = {}

    def tried(self, at: int, alone: bool) -> str | None:
        """Cut, open, write on; and sync, if such a state was not met yet. What is wrong with it."""
        must, may = self._story.around(at) if alone else (self._story.kept[-1],) * 2
        try:
            self._lay("desk", at, alone)
            found, state = self._opened()
            if not must <= found <= may:
                return f"lost {sorted(must - found)[:3]}, come up from nowhere {sorted(found - may)[:3]}"
            self._written_on(found)
        except (DeskbellError, LostError) as error:
            return f"{type(error).__name__}: {error}"
        if state not in self._known:
            self._lay("", at, alone)
            self._known[state] = converges(self._scene, set(found))
        return self._known[state]

    def _lay(self, part: str, at: int, alone: bool) -> None:
        """The template (or its desk only) with its journal cut."""
        shutil.rmtree(self._scene.folder, ignore_errors=True)
        left_out = shutil.ignore_patterns(f"{CACHE}*") if alone else None
        shutil.copytree(self._folder / "template" / part, self._scene.folder / part, ignore=left_out)
        (self._scene.desk / JOURNAL).write_bytes(self._data[:at])

    def _opened(self) -> tuple[Words, bytes]:
        """What is kept, and all that the files say."""
        with self._running() as scene:
            tables = [_rows(one) for one in (scene.cache._store, scene.cache._files._store)]
            journal = scene.cache._journal
            state = repr((tables, sorted(journal.live.items()), journal.mark))
            found = _words(scene)
            scene.cache.put(SaveQuickNote(scene.ids.client_key(), _FURTHER, scene.clock.now_ms()))
            return found, sha256(state.encode()).digest()

    def _written_on(self, found: Words) -> None:
        """The word that was saved after the cut, and those before, are in the journal itself. Raises LostError."""
        journal = Journal(self._scene.desk / JOURNAL, KEY)
        try:
            texts = "\n".join(journal.live.values())
        finally:
            journal.close()
        if _FURTHER not in texts or set(_WORD.findall(texts)) != found:
            raise LostError("the journal has not what was written on")

    @contextmanager
    def _running(self) -> Iterator[Scene]:
        """The cache alone, without a server; the same ids each time."""
        scene = self._scene
        scene.ids = IdFactory(scene.clock, random.Random(0))
        scene.cache = Cache.open(scene.desk, KEY, scene.clock, scene.ids)
        try:
            scene.reader = scene.cache.reader()
            try:
                yield scene
            finally:
                scene.reader.close()
        finally:
            scene.cache.close()


def _words(scene: Scene) -> Words:
    return frozenset(word for text in scene.kept() for word in _WORD.findall(text))


def _rows(store: Store) -> list[object]:
    """Every row of every table."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    return [(name, store.rows(f'SELECT * FROM "{name}"')) for (name,) in store.rows(sql)]  # noqa: S608  # our own tables
