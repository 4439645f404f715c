"""The rows of a CSV file as records by column, each with its line; a row that cannot be read costs only itself."""

import csv
import hashlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sync.domain.addresses import normal_address
from sync.domain.limits import clean_line

_FIELD_LIMIT: Final = 16_000_000
_KEY_MAX: Final = 200
_COLUMNS_SHOWN: Final = 500

Record = dict[str, str]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is not imported, and why. `line`: with which line of the file it begins."""

    number: int
    reason: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row by its columns; `number` counts rows from 1, `occurrence` those that are equal to the last letter."""

    number: int
    line: int
    record: Record
    digest: str
    occurrence: int

    def key(self, source: str, external: str) -> str:
        """What makes a repeated import do nothing: the id that the file gives, else the row itself."""
        return key_of_external(source, external) if external else f"{source}:row:{self.digest}:{self.occurrence}"


class HeaderError(Exception):
    """The file has no header, or lacks columns that the mapping names."""


def read_records(lines: Iterable[str], wanted: frozenset[str]) -> Iterator[Numbered | Skipped]:
    """One result per row, in order; nothing is held. Raises HeaderError before the first."""
    csv.field_size_limit(_FIELD_LIMIT)
    source = _Lines(lines)
    reader = csv.reader(source, strict=True)
    header = _header(reader, wanted)
    occurrences: Counter[str] = Counter()
    number = 0
    while True:
        number += 1
        source.begin()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Skipped(number, f"line {source.first} is not CSV: {error}", source.first)
            source.rewind()
            continue
        if not fields:
            number -= 1
            continue
        if len(fields) != len(header):
            reason = f"it has {len(fields)} fields, the header has {len(header)}"
            yield Skipped(number, reason, source.first)
            continue
        digest = digest_of("\x1f".join(fields))
        occurrences[digest] += 1
        record = dict(zip(header, fields, strict=True))
        if any("\udc80" <= c <= "\udcff" for value in fields for c in value):
            yield Skipped(number, "it holds bytes that are not UTF-8", source.first)
            continue
        yield Numbered(number, source.first, record, digest, occurrences[digest])


class _Lines:
    """Lines, of which those of the present row can be read again: a stray quote shall cost one line, not the rest."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._rest = iter(lines)
        self._again: deque[str] = deque()
        self._row: list[str] = []
        self._read = 0
        self.first = 1
        """The number of the line with which the present row begins."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._rest)
        self._row.append(line)
        self._read += 1
        return line

    def begin(self) -> None:
        """A row begins with the next line."""
        self._row.clear()
        self.first = self._read + 1

    def rewind(self) -> None:
        """Read on with the second line of the present row."""
        behind = self._row[1:]
        self._again.extendleft(reversed(behind))
        self._read -= len(behind)


def _header(reader: Iterator[list[str]], wanted: frozenset[str]) -> list[str]:
    try:
        header = [name.strip().removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}") for name in next(reader)]
    except StopIteration:
        raise HeaderError("The file is empty: its first line must name the columns.") from None
    except csv.Error as error:
        raise HeaderError(f"The first line is not CSV: {error}.") from None
    missing = sorted(wanted - set(header))
    if missing:
        raise HeaderError(f"The file has no column {', '.join(missing)}. {told_columns(header)}")
    return header


def told_columns(header: Iterable[str]) -> str:
    """A sentence that names the columns of a file, whatever octets they were, and how to go on."""
    names = clean_line(", ".join(header).encode(errors="replace").decode())
    shown = names if len(names) <= _COLUMNS_SHOWN else names[:_COLUMNS_SHOWN] + "…"
    return f"Its columns are: {shown}. Say with --map what is what."


def key_of_external(source: str, external: str) -> str:
    """The key of what has this id in files of that source."""
    short = len(external) <= _KEY_MAX and external.isprintable()
    return f"{source}:id:{external if short else digest_of(external)}"


def digest_of(text: str) -> str:
    """The same for the same text."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def date_in(text: str) -> int | None:
    """ms UTC; None for nothing. Raises ValueError with a part of a sentence."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"its date '{text}' is not one like 2015-01-31 or 2015-01-31T14:03:00Z") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    ms = int(moment.timestamp() * 1000)
    if ms < 0:
        raise ValueError(f"its date '{text}' is before 1970")
    return ms


def email_in(text: str) -> str | None:
    """An address; None for nothing. Raises ValueError with a part of a sentence."""
    if not text:
        return None
    try:
        return normal_address(text)
    except ValueError:
        raise ValueError(f"its e-mail address '{text[:100]}' is not one") from None
