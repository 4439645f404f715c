"""The audit log, by command."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import click

from sync.domain.limits import in_sight
from sync.domain.times import to_utc_date
from sync.server.admin.opening import with_house
from sync.server.audit import ADMINISTRATOR, Deed
from sync.server.database import Row
from sync.server.house import House

_COLUMNS: Final = ("id", "at", "actorId", "actorName", "what", "subject", "detail", "chain")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@click.group()
def audit() -> None:
    """The audit log: sign-ins, grants, exports, deletions, merges, settings."""


@audit.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="Only what came since (UTC).")
@click.option("--format", "kind", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@with_house
def export(house: House, since: datetime | None, kind: str) -> None:
    """Print the log, oldest first; the export itself is written down at its end.

    Keep the last `chain` of an export somewhere else: whoever changes the log afterwards cannot make the same again.
    """
    log = house.parts.audit
    moment = 0 if since is None else int(since.replace(tzinfo=UTC).timestamp() * 1000)
    log.record(Deed.EXPORT, ADMINISTRATOR, "audit", {"since": moment, "format": kind})
    for line in (_csv if kind == "csv" else _json_lines)(log.entries(moment)):
        click.echo(line, nl=False)


def _json_lines(entries: Iterator[Row]) -> Iterator[str]:
    for entry in entries:
        text = json.dumps(dict(zip(_COLUMNS, _values(entry), strict=True)))  # ASCII only: nothing acts on a terminal
        yield text.replace("\x7f", "\\u007f") + "\n"


def _csv(entries: Iterator[Row]) -> Iterator[str]:
    yield ",".join(_COLUMNS) + "\r\n"
    for entry in entries:
        line = io.StringIO()
        csv.writer(line).writerow([_cell(value) for value in _values(entry)])
        yield line.getvalue()


def _values(entry: Row) -> tuple[object, ...]:
    at, chain = to_utc_date(entry["at"]), bytes(entry["chain"]).hex()
    return (
        entry["id"],
        at,
        entry["actor_id"],
        entry["actor_name"],
        entry["what"],
        entry["subject"],
        entry["detail"],
        chain,
    )


def _cell(value: object) -> str:
    """As a spreadsheet shows it and does not reckon with it."""
    text = in_sight(json.dumps(value) if isinstance(value, dict) else "" if value is None else str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
