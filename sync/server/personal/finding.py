"""Who is meant, and what is theirs: their tickets, and what they wrote in the tickets of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sync.domain.errors import Rejected
from sync.server.database import Database, Row
from sync.server.mail.incoming_tables import MailAddressRow
from sync.server.tables import MODELS, RequesterRow

_TICKETS: Final = "SELECT id FROM ticket WHERE requester_id = ? ORDER BY number"
_ELSEWHERE: Final = """
SELECT m.id FROM message m JOIN ticket t ON t.id = m.ticket_id
WHERE m.author_id = ? AND (t.requester_id IS NULL OR t.requester_id <> ?) ORDER BY m.id
"""


@dataclass(frozen=True, slots=True)
class Theirs:
    """`elsewhere`: messages of theirs in tickets that are not their own."""

    requester: Row
    tickets: tuple[str, ...]
    elsewhere: tuple[str, ...]


def find(database: Database, named: str) -> Theirs:
    """By id or e-mail address. Inside a transaction. Raises Rejected `notFound`."""
    key = named.strip()
    requester = database.one(
        RequesterRow.select().where((RequesterRow.id == key) | (RequesterRow.email_key == key.lower()))
    )
    if requester is None:
        raise Rejected(
            f"There is no requester {key}. Give the e-mail address as it stands here, or the id.", "notFound"
        )
    requester_id = str(requester["id"])
    return Theirs(
        requester,
        tuple(str(one[0]) for one in database.select(_TICKETS, (requester_id,))),
        tuple(str(one[0]) for one in database.select(_ELSEWHERE, (requester_id, requester_id))),
    )


def by_address() -> list[str]:
    """The tables that keep something by the address of whoever it may be; our own addresses are nobody's."""
    others = (one for one in MODELS if one not in (RequesterRow, MailAddressRow))
    return [str(one._meta.table_name) for one in others if "email_key" in one._meta.fields]
