"""What happens to files: bytes changed, a file cut short, a wrong key, no right to write, deletion, a full disk."""

import os
import random
import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sync.cache.cache import Cache
from sync.cache.folder import CACHE, CHECK, FILES, JOURNAL
from sync.domain.errors import Corrupt, DeskbellError, StorageFull, WrongKey
from tests.faults.cuts import WAL, template
from tests.faults.scenarios import written
from tests.faults.scene import KEY, LostError, Scene, scratch

_NOBODY: Final = 65_534
_PLACES: Final = (CACHE, CACHE, CACHE, WAL, FILES, JOURNAL, CHECK)


def damage_caches(places: int, seed: int) -> list[str]:
    """Bytes overwritten or cut off at so many random places of any of the files; words are in two of them."""
    source, lost = random.Random(seed), list[str]()
    with scratch() as folder:
        scene, words = template(folder)
        for number in range(places):
            shutil.rmtree(scene.folder, ignore_errors=True)
            shutil.copytree(folder / "template", scene.folder)
            name = source.choice(_PLACES)
            told = _damage(scene.desk / name, source)
            complaint = _bears(scene, words)
            if complaint is not None:
                lost.append(f"{name} {told} (number {number}): {complaint}")
    return lost


def _damage(path: Path, source: random.Random) -> str:
    size = path.stat().st_size
    at = source.randrange(max(1, size))
    if source.random() < 0.25:
        os.truncate(path, at)
        return f"cut at {at}"
    with path.open("r+b") as file:
        file.seek(at)
        length = min(size - at, source.choice((1, 16, 4096, 65_536)))
        file.write(source.choice((bytes(length), source.randbytes(length))))
    return f"{length} bytes changed at {at}"


def _bears(scene: Scene, words: set[str]) -> str | None:
    """As the desktop does it: opened, where need be mended, used; met at work, closed and mended then."""
    met, complaint = False, ""
    for _ in range(3):
        try:
            with scene.opened(mended=True, met=met):
                scene.search("Stuck")
                scene.converge(words)
            return None
        except LostError as error:
            return str(error)
        except Corrupt as error:
            met, complaint = True, f"Corrupt: {error}"
        except DeskbellError as error:
            complaint = f"{type(error).__name__}: {error}"
    return complaint


def wrong_key() -> list[str]:
    """Said as such, and nothing is touched."""
    with scratch() as folder:
        scene, words = template(folder)
        shutil.copytree(folder / "template", scene.folder)
        before = _bytes(scene.desk)
        try:
            Cache.open(scene.desk, KEY[::-1], scene.clock, scene.ids).close()
        except WrongKey:
            if _bytes(scene.desk) != before:
                return ["a wrong key changed the files"]
        else:
            return ["a wrong key opened the cache"]
        complaint = _bears(scene, words)
        return [] if complaint is None else [complaint]


def read_only(in_a_child: Callable[[Callable[[int], None], list[str]], int]) -> list[str]:
    """Files that belong to somebody else: a sentence, nothing changed; all is there with the right to write again."""
    with scratch() as folder:
        scene, words = template(folder)
        shutil.copytree(folder / "template", scene.folder)
        os.chmod(folder, 0o755)  # noqa: S103  # another person may look for it
        for path in (scene.folder, scene.desk):
            path.chmod(0o555)
        for path in scene.desk.iterdir():
            path.chmod(0o444)
        said: list[str] = []

        def work(writable: int) -> None:
            if os.geteuid() == 0:
                os.setuid(_NOBODY)
            try:
                Cache.open(scene.desk, KEY, scene.clock, scene.ids)
            except StorageFull as error:
                os.write(writable, str(error).encode())

        in_a_child(work, said)
        for path in (scene.folder, scene.desk, *scene.desk.iterdir()):
            path.chmod(path.stat().st_mode | stat.S_IRWXU)
        lost = [] if said and "cannot write" in said[0] else [f"read-only: {said or 'nothing was said'}"]
        complaint = _bears(scene, words)
        return lost if complaint is None else [*lost, complaint]


def deleted_while_running(seed: int) -> list[str]:
    """Each of the files, and then the whole folder, is deleted under the program; what it says is saved is kept."""
    lost = list[str]()
    for gone in (CACHE, WAL, FILES, JOURNAL, CHECK, None):
        with scratch() as folder:
            scene, words = template(folder)
            shutil.copytree(folder / "template", scene.folder)
            scene.seed += seed
            with scene.opened():
                if gone is None:
                    shutil.rmtree(scene.desk)
                else:
                    (scene.desk / gone).unlink()
                try:
                    written(scene, 0)
                except DeskbellError:
                    lost += []  # said, so not promised
            complaint = _bears(scene, words)
            if complaint is not None:
                lost.append(f"{gone or 'the folder'} deleted: {complaint}")
    return lost


def full_disks(seed: int) -> list[str]:
    """No room for the cache, then none for the server: said, nothing promised is lost, nothing counts as sent."""
    lost = list[str]()
    for room in range(0, 40, 4):
        with scratch() as folder:
            scene, words = template(folder)
            shutil.copytree(folder / "template", scene.folder)
            scene.seed += seed + room
            with scene.opened():
                store = scene.cache._store
                store.execute(f"PRAGMA max_page_count = {store.value('PRAGMA page_count') + room}")
                full = 0
                for number in range(6):
                    try:
                        written(scene, number)
                    except StorageFull:
                        full += 1
                if not full and room < 4:
                    lost.append("a full disk was not said")
                store.execute("PRAGMA max_page_count = 1000000")
                try:
                    scene.converge(words)
                except LostError as error:
                    lost.append(f"with {room} pages left: {error}")
    return lost


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if not path.name.endswith("-shm")}
