"""From the lines of a CSV file to tickets to be, or to the reason why a row cannot be one."""

import csv
import hashlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sync.domain.addresses import normal_address
from sync.domain.limits import BODY_MAX_BYTES, NAME_MAX, SUBJECT_MAX, TAG_MAX, clean_line, clean_text
from sync.domain.records import Priority, Status
from sync.server.importing.mapping import Mapping

_FIELD_LIMIT = 16_000_000
_JOIN = {"subject": ", ", "requesterName": " ", "category": ", "}
_FIRST_WORDS = 80
_KEY_MAX = 200
_COLUMNS_SHOWN = 500

Record = dict[str, str]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A ticket to be. `number` counts rows from 1; `key` is what makes a repeated import do nothing."""

    number: int
    key: str
    subject: str
    body: str
    category: str
    status: Status
    priority: Priority
    created_at: int | None
    requester_name: str
    requester_email: str | None
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is not imported, and why."""

    number: int
    reason: str


class HeaderError(Exception):
    """The file has no header, or lacks columns that the mapping names."""


def read_rows(lines: Iterable[str], mapping: Mapping) -> Iterator[ImportRow | Skipped]:
    """One result per row, in order; nothing is held. Raises HeaderError before the first."""
    csv.field_size_limit(_FIELD_LIMIT)
    source = _Lines(lines)
    reader = csv.reader(source, strict=True)
    header = _header(reader, mapping)
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
            yield Skipped(number, f"line {source.first} is not CSV: {error}")
            source.rewind()
            continue
        if not fields:
            number -= 1
            continue
        if len(fields) != len(header):
            yield Skipped(number, f"it has {len(fields)} fields, the header has {len(header)}")
            continue
        record = dict(zip(header, fields, strict=True))
        key = _key(record, fields, mapping, occurrences)
        try:
            yield _row(number, key, record, mapping)
        except ValueError as error:
            yield Skipped(number, str(error))


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


def _header(reader: Iterator[list[str]], mapping: Mapping) -> list[str]:
    try:
        header = [name.strip().removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}") for name in next(reader)]
    except StopIteration:
        raise HeaderError("The file is empty: its first line must name the columns.") from None
    except csv.Error as error:
        raise HeaderError(f"The first line is not CSV: {error}.") from None
    missing = sorted(mapping.wanted_columns() - set(header))
    if missing:
        raise HeaderError(f"The file has no column {', '.join(missing)}. {told_columns(header)}")
    return header


def told_columns(header: Iterable[str]) -> str:
    """A sentence that names the columns of a file, whatever octets they were, and how to go on."""
    names = clean_line(", ".join(header).encode(errors="replace").decode())
    shown = names if len(names) <= _COLUMNS_SHOWN else names[:_COLUMNS_SHOWN] + "…"
    return f"Its columns are: {shown}. Say with --map what is what."


def _key(record: Record, fields: list[str], mapping: Mapping, occurrences: Counter[str]) -> str:
    external = " ".join(record[c].strip() for c in mapping.columns.get("externalId", ()))
    if external:
        short = len(external) <= _KEY_MAX and external.isprintable()
        return f"{mapping.source}:id:{external if short else _digest(external)}"
    digest = _digest("\x1f".join(fields))
    occurrences[digest] += 1
    return f"{mapping.source}:row:{digest}:{occurrences[digest]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _row(number: int, key: str, record: Record, mapping: Mapping) -> ImportRow:
    if any("\udc80" <= c <= "\udcff" for value in record.values() for c in value):
        raise ValueError("it holds bytes that are not UTF-8")
    subject, body = _words(record, mapping)
    category = clean_line(_joined(record, mapping, "category"))
    if not category:
        raise ValueError("its category is empty")
    email = _email(_joined(record, mapping, "requesterEmail"))
    name = clean_line(_joined(record, mapping, "requesterName"))
    return ImportRow(
        number=number,
        key=key,
        subject=subject,
        body=body,
        category=f"{mapping.category_prefix}{category}"[:NAME_MAX],
        status=_status(number, record, mapping),
        priority=_priority(_joined(record, mapping, "priority")),
        created_at=_date(_joined(record, mapping, "createdAt")),
        requester_name=(mapping.requester_prefix + name if name else email or "Unknown requester")[:NAME_MAX],
        requester_email=email,
        tags=_tags(record, mapping),
    )


def _words(record: Record, mapping: Mapping) -> tuple[str, str]:
    """Subject and body. A subject over the limit is shortened and stands in full at the head of the body."""
    subject = clean_line(_joined(record, mapping, "subject"))
    columns = mapping.columns.get("body", ())
    if len(columns) > 1:
        labelled = ((c.replace("_", " ").capitalize(), record[c].strip()) for c in columns)
        body = clean_text("\n".join(f"{label}: {value}" for label, value in labelled if value))
    else:
        body = clean_text(_joined(record, mapping, "body"))
    if not subject and not body.strip():
        raise ValueError("it has neither subject nor text")
    if not subject:
        line = clean_line(body)
        subject = line if len(line) <= _FIRST_WORDS else line[:_FIRST_WORDS].rsplit(" ", 1)[0] + "…"
    if len(subject) > SUBJECT_MAX:
        body = f"{subject}\n\n{body}"
        subject = subject[: SUBJECT_MAX - 1] + "…"
    if len(body.encode()) > BODY_MAX_BYTES:
        raise ValueError(f"its text is over {BODY_MAX_BYTES // 1_000_000} MB, the limit")
    return subject, body


def _joined(record: Record, mapping: Mapping, target: str) -> str:
    values = (record[column].strip() for column in mapping.columns.get(target, ()))
    return _JOIN.get(target, " ").join(value for value in values if value)


def _status(number: int, record: Record, mapping: Mapping) -> Status:
    own = _joined(record, mapping, "status").casefold()
    if own:
        try:
            return Status(own)
        except ValueError:
            raise ValueError(f"its status '{own}' is none of: {', '.join(Status)}") from None
    if any(record[column].strip() in values for column, values in mapping.open_when.items()):
        return Status.OPEN
    if mapping.open_every and number % mapping.open_every == 0:
        return Status.OPEN
    return Status.CLOSED


def _priority(text: str) -> Priority:
    if not text:
        return Priority.NORMAL
    try:
        return Priority(text.casefold())
    except ValueError:
        raise ValueError(f"its priority '{text}' is none of: {', '.join(Priority)}") from None


def _date(text: str) -> int | None:
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


def _email(text: str) -> str | None:
    if not text:
        return None
    try:
        return normal_address(text)
    except ValueError:
        raise ValueError(f"its e-mail address '{text[:100]}' is not one") from None


def _tags(record: Record, mapping: Mapping) -> frozenset[str]:
    own = (clean_line(record[column]) for column in mapping.columns.get("tags", ()))
    from_values = (tags.get(record[column].strip(), "") for column, tags in mapping.tag_when.items())
    return frozenset(tag.casefold().replace("/", "-")[:TAG_MAX] for tag in (*own, *from_values) if tag)
