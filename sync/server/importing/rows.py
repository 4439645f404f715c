"""From the lines of a CSV file to tickets to be, or to the reason why a row cannot be one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sync.domain.limits import BODY_MAX_BYTES, NAME_MAX, SUBJECT_MAX, TAG_MAX, clean_line, clean_text
from sync.domain.records import Priority, Status
from sync.server.importing.csv_records import Record, Skipped, date_in, email_in, read_records
from sync.server.importing.mapping import Mapping

_JOIN = {"subject": ", ", "requesterName": " ", "category": ", "}
_FIRST_WORDS = 80


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


def read_rows(lines: Iterable[str], mapping: Mapping) -> Iterator[ImportRow | Skipped]:
    """One result per row, in order; nothing is held. Raises HeaderError before the first."""
    for one in read_records(lines, mapping.wanted_columns()):
        if isinstance(one, Skipped):
            yield one
            continue
        external = " ".join(one.record[column].strip() for column in mapping.columns.get("externalId", ()))
        try:
            yield _row(one.number, one.key(mapping.source, external), one.record, mapping)
        except ValueError as error:
            yield Skipped(one.number, str(error), one.line)


def _row(number: int, key: str, record: Record, mapping: Mapping) -> ImportRow:
    subject, body = _words(record, mapping)
    category = clean_line(_joined(record, mapping, "category"))
    if not category:
        raise ValueError("its category is empty")
    email = email_in(_joined(record, mapping, "requesterEmail"))
    name = clean_line(_joined(record, mapping, "requesterName"))
    return ImportRow(
        number=number,
        key=key,
        subject=subject,
        body=body,
        category=f"{mapping.category_prefix}{category}"[:NAME_MAX],
        status=_status(number, record, mapping),
        priority=_priority(_joined(record, mapping, "priority")),
        created_at=date_in(_joined(record, mapping, "createdAt")),
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


def _tags(record: Record, mapping: Mapping) -> frozenset[str]:
    own = (clean_line(record[column]) for column in mapping.columns.get("tags", ()))
    from_values = (tags.get(record[column].strip(), "") for column, tags in mapping.tag_when.items())
    return frozenset(tag.casefold().replace("/", "-")[:TAG_MAX] for tag in (*own, *from_values) if tag)
