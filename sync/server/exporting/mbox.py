"""All threads as one mbox, which mail programs read: a thread for each ticket, with headers that carry our ids.

Notes and events are in it too, and say so (`X-Deskbell-Kind`): this is the house's own copy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import IO, Any, Final

from sync.domain.limits import NAME_MAX, clean_line
from sync.domain.records import MessageKind
from sync.server.database import Database, Row
from sync.server.pieces import pieces
from sync.server.tables import AgentRow, CategoryRow, MessageRow, TicketRow

_POLICY: Final = EmailPolicy(cte_type="7bit", linesep="\n")
_HOST: Final = "deskbell.invalid"
_OF_TICKET: Final = "WHERE t.ticket_id = ? ORDER BY t.seq"
_REQUESTER: Final = "SELECT name, email FROM requester WHERE id = ?"
_CHUNK: Final = "SELECT data FROM blob_chunk WHERE blob_id = ? ORDER BY position"
_FROM_LINE: Final = re.compile(rb"^(>*From )", re.MULTILINE)
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
        mail = _mail(database, ticket, row, agents, categories)
        when = datetime.fromtimestamp(row["posted_at"] / 1000, UTC).strftime("%a %b %d %H:%M:%S %Y")
        file.write(f"From MAILER-DAEMON {when}\n".encode())
        file.write(_FROM_LINE.sub(rb">\1", mail.as_bytes(policy=_POLICY)))
        file.write(b"\n")
    return len(messages)


def _mail(database: Database, ticket: Row, row: Row, agents: Names, categories: Names) -> EmailMessage:
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _writer(database, row, agents)
    mail["Subject"] = clean_line(str(ticket["subject"]))
    mail["Date"] = format_datetime(datetime.fromtimestamp(row["posted_at"] / 1000, UTC))
    mail["Message-ID"] = f"<{row['id']}@{_HOST}>"
    if row["seq"] > 1 and ticket["first_message_id"] is not None:
        mail["In-Reply-To"] = mail["References"] = f"<{ticket['first_message_id']}@{_HOST}>"
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
            mail[f"X-Deskbell-{name}"] = clean_line(str(value))
    mail.set_content(str(row["body_text"]))
    for one in row["attachments"]:
        _enclose(database, mail, one)
    return mail


def _writer(database: Database, row: Row, agents: Names) -> Address:
    """The requester with their address; an agent by name: their own address is not known here."""
    author = row["author_id"]
    if row["kind"] == MessageKind.INBOUND and author is not None:
        found = database.select(_REQUESTER, (author,))
        if found:
            return _address(str(found[0][0]), found[0][1])
    return _address(agents.get(str(author), "Deskbell"), None)


def _address(name: str, email: str | None) -> Address:
    name = clean_line(name)[:NAME_MAX]
    try:
        return Address(name, addr_spec=email or f"nobody@{_HOST}")
    except (ValueError, IndexError, MessageError):
        return Address(f"{name} ({clean_line(email or '')})", addr_spec=f"nobody@{_HOST}")


def _enclose(database: Database, mail: EmailMessage, attachment: dict[str, Any]) -> None:
    found = database.select(_CHUNK, (attachment["blobId"],))
    kind = _TYPE.fullmatch(str(attachment["type"]).lower())
    main, sub = kind.groups() if kind is not None else ("application", "octet-stream")
    octets = b"".join(bytes(one[0]) for one in found)
    mail.add_attachment(octets, maintype=main, subtype=sub, filename=clean_line(str(attachment["name"])))
