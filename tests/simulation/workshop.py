"""What every run begins with, made once: a founded server and empty caches, to be copied."""

import random
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sync.cache.cache import Cache
from sync.domain.ids import IdFactory
from sync.jmap.limits import Limits
from sync.server.app import build_app
from sync.server.house import House
from tests.rigs.office import Office, quick_hasher
from tests.simulation.clocks import SimClock
from tests.simulation.inline import InlineAdapter, no_threads

MEMORY: Final = Path("/dev/shm")  # noqa: S108  a folder in memory, where there is one: nothing here needs to outlive the run
SMALL: Final = Limits(max_objects_in_get=7, max_calls_in_request=40)
"""So small that copies and changes come in many pages."""
PEOPLE: Final = (("Ann", False), ("Ben", False), ("Cleo", False), ("Olga", True))
CATEGORIES: Final = ("First", "Second", "Third")
SERVER_FILE: Final = "server.sqlite"


@dataclass(frozen=True)
class Founded:
    """The ids of a new server's categories and agents, and the agents' tokens, both by name."""

    categories: tuple[str, ...]
    agents: Mapping[str, str]
    tokens: Mapping[str, str]


@dataclass(frozen=True)
class Workshop:
    """`founded` is true of each server that begins here: all are made from the same seed."""

    folder: Path
    founded: Founded

    def server_into(self, folder: Path) -> Path:
        """A founded server's database, at its place in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copyfile(self.folder / SERVER_FILE, folder / SERVER_FILE))

    def cache_into(self, name: str, folder: Path) -> None:
        """The cache of a workstation that nobody has used yet."""
        shutil.copytree(self.folder / name, folder)


@contextmanager
def workshop() -> Iterator[Workshop]:
    """A place for templates and runs, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="simulation", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        founded = found(str(folder / SERVER_FILE))
        for number, (name, _) in enumerate(PEOPLE):
            clock = SimClock()
            Cache.open(folder / name, None, clock, IdFactory(clock, random.Random(number))).close()
        yield Workshop(folder, founded)
    finally:
        shutil.rmtree(folder)


def found(address: str) -> Founded:
    """Found a server in an empty database; the same on every kind of database."""
    clock, source = SimClock(), random.Random(7)
    with no_threads():
        house = House.open(address, clock, source, quick_hasher())
        try:
            ids = IdFactory(clock, source)
            adapter = InlineAdapter(build_app(house, limits=SMALL))
            office = Office(house, "http://127.0.0.1", clock, ids.client_key, adapter)
            categories = tuple(office.category(name) for name in CATEGORIES)
            agents = {name: office.agent(name, is_owner=is_owner) for name, is_owner in PEOPLE}
            return Founded(categories, agents, {name: office.token(name) for name in agents})
        finally:
            house.close()
