"""The server of a run: on SQLite or PostgreSQL; backed up, and once thrown back to its backup."""

import random
from contextlib import ExitStack
from pathlib import Path

from sync.jmap.limits import Limits
from sync.server.backup import back_up, restore_into
from tests.rigs.office import Office, office_in_process
from tests.simulation.clocks import SimClock


class Server:
    """`office` stays the same object throughout. `address`: a database other than a file; it is never thrown back."""

    def __init__(
        self, folder: Path, clock: SimClock, source: random.Random, limits: Limits, address: str | None
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._random = source
        self._limits = limits
        self._address = address
        self._backup: Path | None = None
        self._running = ExitStack()
        self.office = self._start(folder)

    def _start(self, folder: Path) -> Office:
        return self._running.enter_context(
            office_in_process(folder, self._clock, self._random, self._limits, self._address)
        )

    def back_up(self) -> None:
        """The first backup is the one."""
        if self._backup is None and self._address is None:
            self._backup = self._folder / "backup.sqlite"
            back_up(self.office.house.parts.database, self._backup)

    def restore(self) -> bool:
        """The present database is lost, the backup takes its place; False where there is none (any more)."""
        source = self._backup
        if source is None or not source.exists():
            return False
        self._running.close()
        folder = self._folder / "restored"
        restore_into(str(folder / "server.sqlite"), source, self._clock)
        source.unlink()
        fresh = self._start(folder)
        self.office.house, self.office.transport = fresh.house, fresh.transport
        return True

    def close(self) -> None:
        """The end."""
        self._running.close()
