"""What a lying disk leaves of a write-ahead log: cut anywhere, its tail changed."""

import random
import shutil
from pathlib import Path
from typing import Final

from sync.cache.folder import CACHE
from sync.domain.errors import DeskbellError
from tests.faults.scenarios import written
from tests.faults.scene import Ear, LostError, Scene, scratch

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
            complaint = converges(scene, words)
            if complaint is not None:
                lost.append(f"log cut at {at} of {size} (number {number}): {complaint}")
    return lost


def converges(scene: Scene, words: set[str]) -> str | None:
    """Open, see that nothing is missing, sync; what is wrong."""
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
