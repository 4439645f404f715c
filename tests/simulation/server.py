"""The server of a run: on SQLite or PostgreSQL; backed up, and once thrown back to its backup."""

import random
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sync.domain.ids import IdFactory
from sync.server.app import build_app
from sync.server.backup import back_up, restore_into
from sync.server.house import House
from tests.rigs.office import Office, quick_hasher
from tests.simulation.clocks import SimClock
from tests.simulation.inline import InlineAdapter, no_threads
from tests.simulation.workshop import SERVER_FILE, SMALL, Workshop, found


class Server:
    """`office` stays the same object throughout. `address`: an empty database other than a file."""

    def __init__(
        self, workshop: Workshop, folder: Path, clock: SimClock, source: random.Random, address: str | None = None
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._random = source
        self._is_file = address is None
        self._backup: Path | None = None
        self._running = ExitStack()
        self.lives = 1
        if address is not None and found(address) != workshop.founded:
            raise AssertionError("two databases founded from one seed are not the same")
        self.office = self._start(address or str(workshop.server_into(folder)))

    def _start(self, address: str) -> Office:
        """On one connection that is kept: every run is a single thread."""
        running = self._running
        running.enter_context(no_threads())
        house = House.open(address, self._clock, self._random, quick_hasher())
        running.callback(house.close)
        running.enter_context(house.parts.database.connection())
        house.hub.start_looking()
        ids = IdFactory(self._clock, self._random)
        adapter = InlineAdapter(build_app(house, limits=SMALL))
        return Office(house, "http://127.0.0.1", self._clock, ids.client_key, adapter)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the database answers, on the connection that is kept: a single question needs no transaction."""
        return self.office.house.parts.database.select(sql, values)

    def column(self, sql: str, *values: Any) -> list[Any]:
        """The first column of the answer."""
        return [row[0] for row in self.rows(sql, *values)]

    def version(self) -> tuple[int, Sequence[Any]]:
        """Another one after each change that anybody could see."""
        return self.lives, self.rows("SELECT SUM(counter) FROM account")[0]

    def back_up(self) -> None:
        """The first backup is the one."""
        if self._backup is None and self._is_file:
            self._backup = self._folder / "backup.sqlite"
            back_up(self.office.house.parts.database, self._backup)

    def restore(self) -> bool:
        """The present database is lost, the backup takes its place; False where there is none (any more)."""
        source = self._backup
        if source is None or not source.exists():
            return False
        self._running.close()
        place = str(self._folder / "restored" / SERVER_FILE)
        restore_into(place, source, self._clock)
        source.unlink()
        fresh = self._start(place)
        self.office.house, self.office.transport = fresh.house, fresh.transport
        self.lives += 1
        return True

    def close(self) -> None:
        """The end."""
        self._running.close()
