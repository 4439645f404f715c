"""Import of CSV files, by command."""

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
from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.grants import Grants
from sync.server.house import House
from sync.server.importing.csv_records import HeaderError, told_columns
from sync.server.importing.further import read_messages, read_requesters
from sync.server.importing.further_importer import FurtherImporter
from sync.server.importing.importer import Importer, Report
from sync.server.importing.mapping import (
    MESSAGE_TARGETS,
    PRESETS,
    REQUESTER_TARGETS,
    Mapping,
    columns_of,
    mapping_of,
    parse_columns,
    parse_map,
)
from sync.server.importing.rows import ImportRow, read_rows
from sync.server.tables import CategoryRow
from sync.server.texts import key_of

_SHOWN: Final = 100
BREATH_SECONDS: Final = 0.105
"""Between two batches on SQLite, whose waiting writers look again every tenth of a second at the latest."""


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--preset", type=click.Choice(sorted(PRESETS)), help="A known kind of file. Default: by its columns.")
@click.option("--kind", type=click.Choice(["tickets", "messages", "requesters"]), default="tickets", show_default=True)
@click.option("--map", "mapping_text", help="TARGET=COLUMN,... for any other file, or @FILE with a part on each line.")
@click.option("--open-when", multiple=True, help="COLUMN=VALUE: such rows stay open. All others are closed.")
@click.option("--shift-dates", is_flag=True, help="Bring the dates to today, for a demo.")
@with_house
def import_file(
    house: House,
    file: Path,
    preset: str | None,
    kind: str,
    mapping_text: str | None,
    open_when: tuple[str, ...],
    shift_dates: bool,
) -> None:
    """Import a CSV FILE (plain or .gz). Repeating it doubles nothing; it rings nobody.

    Tickets first, then the messages of their threads, which name their ticket by its externalId. Without --map the
    columns are called as the targets are: for tickets subject, body, category, priority, status, createdAt, externalId,
    requesterName, requesterEmail, tags; for messages ticket, kind, body, createdAt, author, requesterEmail, externalId;
    for requesters name, email, phone, externalId.
    """
    if preset is not None and mapping_text is not None:
        raise click.UsageError("Give --preset or --map, not both.")
    if kind != "tickets" and (preset or open_when or shift_dates):
        raise click.UsageError("--preset, --open-when and --shift-dates are for tickets.")
    try:
        mapping_text = _mapping_text(mapping_text)
        if kind != "tickets":
            further = _further(house, file, kind, mapping_text)
            _record(house, kind, further)
            _tell_further(further, kind)
            return
        mapping = _mapping(file, preset, mapping_text, open_when)
        shift = _shift(file, mapping, house.parts.clock.now_ms()) if shift_dates else 0
        with _lines(file) as (lines, raw), tqdm(total=file.stat().st_size, unit="B", unit_scale=True) as bar:
            breathe = partial(time.sleep, 0.0 if house.parts.database.is_postgres else BREATH_SECONDS)
            importer = Importer(house.parts, CategoryAccounts(house), breathe, shift)
            report = importer.run(read_rows(lines, mapping), lambda _: bar.update(raw.tell() - bar.n))
            bar.update(raw.tell() - bar.n)
    except (HeaderError, ValueError, EOFError, OSError, zlib.error, csv.Error) as wrong:
        raise Rejected(f"{file} cannot be imported. {wrong}") from wrong
    _record(house, kind, report)
    _tell(report)


def _record(house: House, kind: str, report: Report) -> None:
    detail = {"imported": report.imported, "skipped": len(report.skipped)}
    house.parts.audit.record(Deed.IMPORT, ADMINISTRATOR, kind, detail)


def _further(house: House, file: Path, kind: str, text: str | None) -> Report:
    """Messages or requesters."""
    targets = MESSAGE_TARGETS if kind == "messages" else REQUESTER_TARGETS
    with _lines(file) as (lines, _):
        header = next(csv.reader(lines), [])
    columns = parse_columns(text, targets) if text else columns_of(header, targets)
    breathe = partial(time.sleep, 0.0 if house.parts.database.is_postgres else BREATH_SECONDS)
    importer = FurtherImporter(house.parts, house.intake, house.ticketing, breathe)
    with _lines(file) as (lines, raw):
        rows = read_messages(lines, columns) if kind == "messages" else read_requesters(lines, columns)
        with tqdm(total=file.stat().st_size, unit="B", unit_scale=True) as bar:
            return importer.run(rows, lambda _: bar.update(raw.tell() - bar.n))


def _mapping_text(given: str | None) -> str | None:
    """What --map says, or what stands in the file that it names."""
    return Path(given[1:]).read_text(encoding="utf-8").strip() if given and given.startswith("@") else given


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
        header = next(csv.reader(lines), [])
    for mapping in PRESETS.values():
        if mapping.wanted_columns() <= set(header):
            return mapping
    own = mapping_of(header)
    if own is None:
        raise ValueError(told_columns(sorted(header)))
    return own


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
    _tell_rest(report)


def _tell_further(report: Report, kind: str) -> None:
    say(f"{report.imported} {kind} imported.")
    _tell_rest(report)


def _tell_rest(report: Report) -> None:
    if report.there:
        say(f"{report.there} rows were imported before, and stay as they are.")
    if report.skipped:
        say(f"{len(report.skipped)} rows were skipped:", err=True)
        for one in sorted(report.skipped, key=lambda one: one.number)[:_SHOWN]:
            line = f" (line {one.line})" if one.line else ""
            say(f"  row {one.number}: {one.reason}{line}", err=True)
        if len(report.skipped) > _SHOWN:
            say(f"  and {len(report.skipped) - _SHOWN} more", err=True)
