"""Rows of further CSV files: messages of tickets that were imported before, and requesters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from sync.domain.limits import BODY_MAX_BYTES, NAME_MAX, clean_line, clean_text
from sync.domain.records import MessageKind
from sync.server.importing.csv_records import (
    Numbered,
    Skipped,
    date_in,
    digest_of,
    email_in,
    key_of_external,
    read_records,
)

SOURCE: Final = "csv"
_MESSAGES: Final = SOURCE + "-message"
_REQUESTERS: Final = SOURCE + "-requester"
_KINDS: Final = (MessageKind.INBOUND, MessageKind.REPLY, MessageKind.NOTE)
_PHONE_MAX: Final = 50

Columns = Mapping[str, tuple[str, ...]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MessageToBe:
    """An entry of a thread. `ticket_key`: the key with which its ticket was imported; `author`: an agent's name."""

    number: int
    line: int
    key: str
    ticket_key: str
    kind: MessageKind
    body: str
    created_at: int
    author: str
    email: str | None


@dataclass(frozen=True, slots=True)
class RequesterToBe:
    """Who asks. Without an address it is somebody of their own."""

    number: int
    line: int
    key: str
    name: str
    email: str | None
    phone: str | None


def read_messages(lines: Iterable[str], columns: Columns) -> Iterator[MessageToBe | Skipped]:
    """One result per row, in order. Raises HeaderError, and ValueError where the columns are not enough."""
    for needed in ("ticket", "body", "createdAt"):
        if needed not in columns:
            raise ValueError(f"A message needs its ticket, its text and its date: map {needed}.")
    return _each(lines, columns, _message)


def read_requesters(lines: Iterable[str], columns: Columns) -> Iterator[RequesterToBe | Skipped]:
    """One result per row, in order. Raises HeaderError, and ValueError where the columns are not enough."""
    if "email" not in columns and "name" not in columns:
        raise ValueError("A requester needs a name or an address: map name or email.")
    return _each(lines, columns, _requester)


def _each(lines: Iterable[str], columns: Columns, make: Callable[[Numbered, Columns], T]) -> Iterator[T | Skipped]:
    wanted = frozenset(name for names in columns.values() for name in names)
    for one in read_records(lines, wanted):
        if isinstance(one, Skipped):
            yield one
            continue
        try:
            yield make(one, columns)
        except ValueError as error:
            yield Skipped(one.number, str(error), one.line)


def _message(row: Numbered, columns: Columns) -> MessageToBe:
    external = _value(row, columns, "ticket")
    if not external:
        raise ValueError("it does not say to which ticket it belongs")
    said = _value(row, columns, "kind").casefold() or MessageKind.INBOUND.value
    if said not in {one.value for one in _KINDS}:
        raise ValueError(f"its kind '{said[:50]}' is none of: {', '.join(_KINDS)}")
    body = clean_text(_value(row, columns, "body"))
    if not body.strip():
        raise ValueError("it has no text")
    if len(body.encode()) > BODY_MAX_BYTES:
        raise ValueError(f"its text is over {BODY_MAX_BYTES // 1_000_000} MB, the limit")
    at = date_in(_value(row, columns, "createdAt"))
    if at is None:
        raise ValueError("it has no date")
    return MessageToBe(
        number=row.number,
        line=row.line,
        key=row.key(_MESSAGES, _value(row, columns, "externalId")),
        ticket_key=key_of_external(SOURCE, external),
        kind=MessageKind(said),
        body=body,
        created_at=at,
        author=clean_line(_value(row, columns, "author"))[:NAME_MAX],
        email=email_in(_value(row, columns, "requesterEmail")),
    )


def _requester(row: Numbered, columns: Columns) -> RequesterToBe:
    email = email_in(_value(row, columns, "email"))
    name = clean_line(_value(row, columns, "name"))[:NAME_MAX]
    phone = clean_line(_value(row, columns, "phone"))
    if not name and email is None:
        raise ValueError("it has neither name nor address")
    if len(phone) > _PHONE_MAX:
        raise ValueError(f"its phone number is longer than {_PHONE_MAX} characters")
    known = _value(row, columns, "externalId") or (email or "").lower()
    key = row.key(_REQUESTERS, digest_of(known) if known else "")  # it outlives the requester's erasing
    return RequesterToBe(row.number, row.line, key, name or email or "", email, phone or None)


def _value(row: Numbered, columns: Columns, target: str) -> str:
    return " ".join(value for one in columns.get(target, ()) if (value := row.record[one].strip()))
