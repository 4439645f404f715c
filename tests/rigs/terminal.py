"""The command deskbell-server as an administrator types it, in this process or as one of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from sync.server.admin.cli import run
from sync.server.house import House

PASSWORD = "correct horse"


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The only line of its output."""
        [line] = self.out.splitlines()
        return line


class Terminal:
    """Types commands; `place` are the words that say where the database is."""

    def __init__(self, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, place: Sequence[str]) -> None:
        self._capture = capture
        self._patch = patch
        self.place = list(place)

    def types(self, *words: str, stdin: str | None = None, environment: Mapping[str, str] | None = None) -> Said:
        """Just these words."""
        if stdin is not None:
            self._patch.setattr("sys.stdin", StringIO(stdin))
        self._patch.setattr("sys.argv", ["deskbell-server", *words])
        self._capture.readouterr()
        mask = os.umask(0o022)
        try:
            run(environment or {})
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            os.umask(mask)
        out, err = self._capture.readouterr()
        return Said(code, out, err)

    def said(self, *words: str, stdin: str | None = None) -> Said:
        """These words, and where the database is; whatever comes of it."""
        return self.types(*self.place, *words, stdin=stdin)

    def does(self, *words: str, stdin: str | None = None) -> Said:
        """The same, which must end well."""
        said = self.said(*words, stdin=stdin)
        assert said.code == 0, said
        return said

    def fails(self, *words: str, stdin: str | None = None) -> str:
        """The same, which must end with exit code 2 and one sentence."""
        said = self.said(*words, stdin=stdin)
        assert (said.code, said.out) == (2, ""), said
        [sentence] = said.err.splitlines()
        return sentence

    def house(self) -> House:
        """The database by another way; to be closed."""
        return House.open(self.place[1] if self.place[0] == "--database" else Path(self.place[1]) / "deskbell.sqlite")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database holds, by that other way."""
        house = self.house()
        try:
            return house.parts.database.read(lambda: house.parts.database.select(sql))
        finally:
            house.close()


def process(*words: str, stdin: str = "", environment: Mapping[str, str] | None = None) -> Said:
    """The command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "sync.server", *words],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **(environment or {})},
    )
    return Said(done.returncode, done.stdout, done.stderr)
