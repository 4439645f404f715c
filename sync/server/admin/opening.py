"""The options that every command has, and the house that they open."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from sync.domain.errors import Rejected
from sync.server.house import House

FILE_NAME: Final = "deskbell.sqlite"
DEFAULT_FOLDER: Final = Path("deskbell-data")

F = TypeVar("F", bound=Callable[..., Any])

_DATA = click.option("--data", type=click.Path(path_type=Path, file_okay=False), help="Folder of the SQLite database.")
_DATABASE = click.option("--database", help="Address of the database instead: postgresql://...")
_VARIABLE: Final = "DESKBELL_DATABASE"
_SQLITE: Final = "sqlite:///"


def with_options(command: F) -> F:
    """Add --data and --database."""
    return _DATA(_DATABASE(command))


def with_house(command: Callable[..., None]) -> Callable[..., None]:
    """Open the house that must be there, and hand it to the command first."""
    return _opening(command, may_make=False)


def with_new_house(command: Callable[..., None]) -> Callable[..., None]:
    """Open the house, and make it if it is not there."""
    return _opening(command, may_make=True)


def address(context: click.Context, data: Path | None, database: str | None) -> str:
    """Where the database is: an option after the command, one before it, DESKBELL_DATABASE, the default folder."""
    before: dict[str, Any] = context.find_object(dict) or {}
    for folder, url in ((data, database), (before.get("data"), before.get("database"))):
        if folder is not None and url is not None:
            raise click.UsageError("Give --data or --database, not both.")
        if url is not None:
            return url.removeprefix(_SQLITE)
        if folder is not None:
            return str(folder / FILE_NAME)
    variables: dict[str, str] = before["environment"]
    return variables.get(_VARIABLE, "").removeprefix(_SQLITE) or str(DEFAULT_FOLDER / FILE_NAME)


def password(from_stdin: bool) -> str:
    """A password from a prompt, or the first line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))


def open_house(where: str, *, may_make: bool) -> House:
    """Raises Rejected if there is no SQLite file and none may be made, or if it cannot be read."""
    if "://" not in where:
        path = Path(where)
        if not path.exists():
            if not may_make:
                raise Rejected(f"There is no database {path}. Run: deskbell-server init --data {path.parent}")
            try:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            except OSError as error:
                raise Rejected(f"The folder {path.parent} cannot be made: {error.strerror}.") from error
    return House.open(where)


def _opening(command: Callable[..., None], *, may_make: bool) -> Callable[..., None]:
    def run(context: click.Context, /, data: Path | None, database: str | None, **given: Any) -> None:
        house = open_house(address(context, data, database), may_make=may_make)
        context.call_on_close(house.close)
        command(house, **given)

    functools.update_wrapper(run, command)
    return with_options(click.pass_context(run))
