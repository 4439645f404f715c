"""All threads as one mbox, which mail programs read: a thread for each ticket, with headers that carry our ids.

Notes and events are in it too, and say so (`X-Deskbell-Kind`): this is the house's own copy.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from sync.domain.limits import NAME_MAX, clean_line
from sync.domain.records import MessageKind
from sync.server.database import Database, Row
from sync.server.pieces import pieces
from sync.server.tables import AgentRow, CategoryRow, MessageRow, TicketRow

_HOST: Final = "deskbell.invalid"
_OF_TICKET: Final = "WHERE t.ticket_id = ? ORDER BY t.seq"
_REQUESTER: Final = "SELECT name, email FROM requester WHERE id = ?"
_CHUNK: Final = "SELECT data FROM blob_chunk WHERE blob_id = ? ORDER BY position"
_FROM_LINE: Final = re.compile(rb"^(>*From )", re.MULTILINE)
_ADDRESS: Final = re.compile(r"[^\s<>\"(),;:]+@[^\s<>\"(),;:]+")
_TYPE: Final = re.compile(r"(text|image|audio|video|application)/([a-z0-9.+-]{1,100})")

Names = dict[str, str]


def write_mbox(database: Database, path: Path, progress: Callable[[int], None]) -> int:
    """Inside one transaction of the caller's; how many mails. No more than one message with its files is held."""
    agents = {str(row["id"]): str(row["name"]) for row in database.rows(AgentRow.select())}
    categories = {str(row["id"]): str(row["name"]) for row in database.rows(CategoryRow.select())}
    count = 0
    with path.open("wb") as file:
        for tickets in pieces(database, TicketRow):
            for ticket in tickets:
                count += _thread(database, file, ticket, agents, categories)
            progress(len(tickets))
    return count


def _thread(database: Database, file: IO[bytes], ticket: Row, agents: Names, categories: Names) -> int:
    messages = database.whole_rows(MessageRow, _OF_TICKET, (ticket["id"],))
    for row in messages:
        when = datetime.fromtimestamp(row["posted_at"] / 1000, UTC)
        file.write(f"From MAILER-DAEMON {when:%a %b %d %H:%M:%S %Y}\n".encode())
        head = "".join(f"{name}: {value}\n" for name, value in _head(database, ticket, row, agents, categories))
        file.write(_FROM_LINE.sub(rb">\1", head.encode("ascii", "replace") + _body(database, row)) + b"\n")
    return len(messages)


def _head(database: Database, ticket: Row, row: Row, agents: Names, categories: Names) -> Iterator[tuple[str, str]]:
    yield "From", _writer(database, row, agents)
    yield "Subject", _line(ticket["subject"])
    yield "Date", format_datetime(datetime.fromtimestamp(row["posted_at"] / 1000, UTC))
    yield "Message-ID", f"<{row['id']}@{_HOST}>"
    if row["seq"] > 1 and ticket["first_message_id"] is not None:
        for name in ("In-Reply-To", "References"):
            yield name, f"<{ticket['first_message_id']}@{_HOST}>"
    for name, value in (
        ("Kind", row["kind"]),
        ("Ticket-Number", ticket["number"]),
        ("Ticket-Id", ticket["id"]),
        ("Message-Id", row["id"]),
        ("Requester-Id", ticket["requester_id"]),
        ("Category", categories.get(str(ticket["category_id"]))),
        ("Status", ticket["status"]),
    ):
        if value is not None:
            yield f"X-Deskbell-{name}", _line(value)
    yield "MIME-Version", "1.0"


def _line(value: object) -> str:
    """A header's words; other letters than ASCII as RFC 2047 has it."""
    text = clean_line(str(value))
    return text if text.isascii() else Header(text, "utf-8").encode()


def _writer(database: Database, row: Row, agents: Names) -> str:
    """The requester with their address; an agent by name: their own address is not known here."""
    author = row["author_id"]
    name, email = agents.get(str(author), "Deskbell"), None
    if row["kind"] == MessageKind.INBOUND and author is not None:
        found = database.select(_REQUESTER, (author,))
        name, email = found[0] if found else (name, None)
    name, email = clean_line(str(name))[:NAME_MAX], clean_line(str(email or ""))
    if email.isascii() and _ADDRESS.fullmatch(email):
        return formataddr((name, email))
    return formataddr((f"{name} ({email})" if email else name, f"nobody@{_HOST}"))


def _body(database: Database, row: Row) -> bytes:
    """The words as they are; with files, in parts."""
    text = str(row["body_text"]).encode(errors="replace")
    if not row["attachments"]:
        return b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" + text + b"\n"
    boundary = f"=_{row['id']}"
    parts = [_part("text/plain; charset=utf-8", "", text)]
    for one in row["attachments"]:
        octets = b"".join(bytes(piece[0]) for piece in database.select(_CHUNK, (one["blobId"],)))
        kind = str(one["type"]).lower()
        name = quote(clean_line(str(one["name"])), safe="")
        disposition = f"Content-Disposition: attachment; filename*=utf-8''{name}\n"
        parts.append(_part(kind if _TYPE.fullmatch(kind) else "application/octet-stream", disposition, octets))
    between = f"--{boundary}\n".encode()
    start = f'Content-Type: multipart/mixed; boundary="{boundary}"\n\n'.encode()
    return start + between + between.join(parts) + f"--{boundary}--\n".encode()


def _part(kind: str, disposition: str, octets: bytes) -> bytes:
    """In Base64, so that no line of it can be taken for anything else."""
    head = f"Content-Type: {kind}\n{disposition}Content-Transfer-Encoding: base64\n\n"
    return head.encode() + encodebytes(octets)
