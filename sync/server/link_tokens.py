"""What a ticket tells of other tickets: tokens in place of ids, so that nothing of a ticket elsewhere is in it.

A row is the same for all who see it. So a link is a token that both tickets carry: whoever holds both finds the one by
the other, whoever does not learns that there is one. See sync/decisions/links-as-tokens.md.
"""

import hmac
from collections.abc import Sequence
from typing import Final

from sync.domain import protocol, tokens
from sync.domain.records import MessageKind
from sync.jmap.errors import JSON
from sync.server.database import Row
from sync.server.parts import Parts
from sync.server.wire import message_wire, ticket_wire

_OCTETS: Final = 16
_PIECE: Final = 500
_FOLLOWERS: Final = "SELECT id, category_id FROM ticket WHERE follow_up_of = ?"
_TELLING: Final = "SELECT id, category_id FROM ticket WHERE links <> '[]' OR follow_up_of IS NOT NULL"
_TOLD: Final = (
    "SELECT m.id, t.category_id FROM message m JOIN ticket t ON t.id = m.ticket_id "
    "WHERE m.kind = 'event' AND m.body_text LIKE ?"
)


class LinkTokens:
    """Call inside a transaction."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def of(self, one: str, other: str) -> str:
        """The token of two tickets, whichever is named first."""
        pair = ".".join(sorted((one, other))).encode()
        return tokens.PREFIX + hmac.digest(self._parts.identity.link_key(), pair, "sha256")[:_OCTETS].hex()

    def tickets(self, rows: Sequence[Row]) -> list[dict[str, JSON]]:
        """As they travel. What a ticket follows is its id where both stand in one category."""
        near = self._near(rows)
        return [
            ticket_wire(row, [self.of(row["id"], one) for one in row["links"]], self._follows(row, near))
            for row in rows
        ]

    def ticket(self, row: Row) -> dict[str, JSON]:
        """The same for one."""
        return self.tickets([row])[0]

    def message(self, row: Row) -> dict[str, JSON]:
        """As it travels."""
        if row["kind"] != MessageKind.EVENT:
            return message_wire(row, row["body_text"])
        ticket_id = str(row["ticket_id"])
        return message_wire(row, tokens.renamed(row["body_text"], lambda other: self.of(ticket_id, other)))

    def _follows(self, row: Row, near: frozenset[tuple[str, str]]) -> str | None:
        earlier: str | None = row["follow_up_of"]
        if earlier is None or (earlier, row["category_id"]) in near:
            return earlier
        return self.of(row["id"], earlier)

    def _near(self, rows: Sequence[Row]) -> frozenset[tuple[str, str]]:
        """The tickets that any of these follows, each with its category."""
        earlier = sorted({row["follow_up_of"] for row in rows} - {None})
        found: set[tuple[str, str]] = set()
        for start in range(0, len(earlier), _PIECE):
            part = earlier[start : start + _PIECE]
            marks = ", ".join("?" * len(part))
            sql = f"SELECT id, category_id FROM ticket WHERE id IN ({marks})"  # noqa: S608  # marks only
            found |= {(str(one), str(category)) for one, category in self._parts.database.select(sql, part)}
        return frozenset(found)


def stamp_followers(parts: Parts, ticket_id: str) -> None:
    """The ticket has moved, or is gone: what follows it tells of it otherwise now. Inside a write transaction."""
    _stamp(parts, protocol.TICKET, parts.database.select(_FOLLOWERS, (ticket_id,)))


def found_link_key(parts: Parts) -> None:
    """See to it that there is a key; with a new one all that tells of other tickets travels again.

    Inside a write transaction of the journal.
    """
    if parts.identity.found_link_key(parts.secret):
        _stamp(parts, protocol.TICKET, parts.database.select(_TELLING))
        _stamp(parts, protocol.MESSAGE, parts.database.select(_TOLD, (tokens.LIKE,)))


def _stamp(parts: Parts, type_name: str, found: Sequence[Sequence[str]]) -> None:
    for object_id, category_id in found:
        account = parts.accounts.of_category(category_id)
        if account is not None:
            parts.journal.present(account, type_name, object_id)
