"""Import of a CSV file, by command."""

from __future__ import annotations

import csv
import gzip
import io
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, Final

import click
from tqdm import tqdm

from sync.domain.errors import Rejected
from sync.domain.times import DAY_MS
from sync.server.accounts import StoredAccount
from sync.server.admin.opening import with_house
from sync.server.admin.saying import say
from sync.server.grants import Grants
from sync.server.house import House
from sync.server.importing.importer import Importer, Report
from sync.server.importing.mapping import PRESETS, Mapping, parse_map
from sync.server.importing.rows import HeaderError, ImportRow, read_rows, told_columns
from sync.server.tables import CategoryRow
from sync.server.texts import key_of

_SHOWN: Final = 100
BREATH_SECONDS: Final = 0.105
"""Between two batches on SQLite, whose waiting writers look again every tenth of a second at the latest."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--preset", type=click.Choice(sorted(PRESETS)), help="A known kind of file. Default: by its columns.")
@click.option("--map", "mapping_text", help="TARGET=COLUMN,... for any other file, such as subject=title,body=text.")
@click.option("--open-when", multiple=True, help="COLUMN=VALUE: such rows stay open. All others are closed.")
@click.option("--shift-dates", is_flag=True, help="Bring the dates to today, for a demo.")
@with_house
def import_file(
    house: House,
    file: Path,
    preset: str | None,
    mapping_text: str | None,
    open_when: tuple[str, ...],
    shift_dates: bool,
) -> None:
    """Import tickets from a CSV FILE (plain or .gz). Repeating it doubles nothing; it rings nobody."""
    if preset is not None and mapping_text is not None:
        raise click.UsageError("Give --preset or --map, not both.")
    try:
        mapping = _mapping(file, preset, mapping_text, open_when)
        shift = _shift(file, mapping, house.parts.clock.now_ms()) if shift_dates else 0
        with _lines(file) as (lines, raw), tqdm(total=file.stat().st_size, unit="B", unit_scale=True) as bar:
            breathe = partial(time.sleep, 0.0 if house.parts.database.is_postgres else BREATH_SECONDS)
            importer = Importer(house.parts, CategoryAccounts(house), breathe, shift)
            report = importer.run(read_rows(lines, mapping), lambda _: bar.update(raw.tell() - bar.n))
            bar.update(raw.tell() - bar.n)
    except (HeaderError, ValueError, EOFError, OSError, zlib.error, csv.Error) as wrong:
        raise Rejected(f"{file} cannot be imported. {wrong}") from wrong
    _tell(report)


class CategoryAccounts:
    """The account of a category by name, made when it is not there; names are compared as everywhere."""

    def __init__(self, house: House) -> None:
        self._grants: Grants = house.grants
        self._parts = house.parts

    def __call__(self, name: str) -> StoredAccount:
        row = self._parts.database.one(CategoryRow.select().where(CategoryRow.name_key == key_of(name)))
        category_id = self._grants.add_category(name) if row is None else str(row["id"])
        account = self._parts.accounts.of_category(category_id)
        if account is None:
            raise RuntimeError(f"category {category_id} has no account")
        return account


def _mapping(file: Path, preset: str | None, text: str | None, open_when: tuple[str, ...]) -> Mapping:
    mapping = PRESETS[preset] if preset else parse_map(text) if text else _guess(file)
    if not open_when:
        return mapping
    stay: dict[str, set[str]] = {}
    for one in open_when:
        column, equals, value = one.partition("=")
        if not equals:
            raise ValueError(f"'{one}' is not COLUMN=VALUE, as in --open-when state=open.")
        stay.setdefault(column.strip(), set()).add(value.strip())
    return replace(mapping, open_when={column: frozenset(values) for column, values in stay.items()})


def _guess(file: Path) -> Mapping:
    with _lines(file) as (lines, _):
        header = set(next(csv.reader(lines), []))
    for mapping in PRESETS.values():
        if mapping.wanted_columns() <= header:
            return mapping
    raise ValueError(told_columns(sorted(header)))


def _shift(file: Path, mapping: Mapping, now: int) -> int:
    """Whole days from the newest date of the file to today."""
    with _lines(file) as (lines, _):
        dates = [one.created_at or 0 for one in read_rows(lines, mapping) if isinstance(one, ImportRow)]
    newest = max(dates, default=0)
    return (now - newest) // DAY_MS * DAY_MS if newest else 0


@contextmanager
def _lines(file: Path) -> Iterator[tuple[IO[str], IO[bytes]]]:
    """The file's text, and the raw file, whose place tells how far the reading is."""
    with file.open("rb") as raw:
        plain = gzip.GzipFile(fileobj=raw) if file.suffix == ".gz" else raw
        with io.TextIOWrapper(
            io.BufferedReader(plain), encoding="utf-8-sig", errors="surrogateescape", newline=""
        ) as lines:
            yield lines, raw


def _tell(report: Report) -> None:
    closed = report.imported - report.open
    say(f"{report.imported} tickets imported: {report.open} open, {closed} closed.")
    if report.there:
        say(f"{report.there} rows were imported before, and stay as they are.")
    if report.skipped:
        say(f"{len(report.skipped)} rows were skipped:", err=True)
        for one in report.skipped[:_SHOWN]:
            say(f"  row {one.number}: {one.reason}", err=True)
        if len(report.skipped) > _SHOWN:
            say(f"  and {len(report.skipped) - _SHOWN} more", err=True)
