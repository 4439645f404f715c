"""Power cuts: the files of a workstation as they were at that moment, and the moments at which it may come."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sync.cache.cache import Cache

_OF_A_STORE: Final = ("execute", "many", "rows", "one")


class KilledError(BaseException):
    """The power went off here."""


def off() -> None:
    """Now."""
    raise KilledError


def as_it_is(folder: Path, aside: Path) -> None:
    """Copy the files while they are open, logs and all, but for what lives in memory only."""
    shutil.copytree(folder, aside, ignore=shutil.ignore_patterns("*-shm"))


@contextmanager
def dying(cache: Cache, after: int) -> Iterator[None]:
    """The power goes off at the so manyth statement, or write to the journal, from now on; half of that is written."""
    left = after
    journal: Any = cache._journal

    def counted(real: Callable[..., Any], at_the_end: Callable[..., None] | None = None) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                if at_the_end is not None and left == -1:
                    at_the_end(*args)
                raise KilledError
            return real(*args)

        return call

    stores: list[Any] = [cache._store, cache._files._store]
    changed = [(store, name) for store in stores for name in _OF_A_STORE] + [(journal, "_append")]
    append = journal._append
    try:
        for owner, name in changed:
            torn = (lambda data: append(data[: len(data) // 2])) if owner is journal else None
            setattr(owner, name, counted(getattr(owner, name), torn))
        yield
    finally:
        for owner, name in changed:
            delattr(owner, name)
