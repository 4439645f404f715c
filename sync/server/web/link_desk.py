"""Private links sent again: to the address on file only, and whoever asks learns nothing about it (PRODUCT G1)."""

from __future__ import annotations

from typing import Any, Final

from sync.domain.records import Status
from sync.domain.times import DAY_MS
from sync.server.house import House
from sync.server.mail.letter import LetterKind
from sync.server.rows import ticket_of
from sync.server.tables import RequesterRow, TicketRow

_AT_MOST: Final = 20
_RECENT_DAYS: Final = 90
_WAITING: Final = (
    "DELETE FROM letter WHERE kind = 'link' AND automatic AND to_key = ? AND settled_at IS NULL AND state = 'waiting'"
)


class LinkDesk:
    """Blocking."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._parts = house.parts

    def is_possible(self) -> bool:
        """Whether the house sends mail, and knows the address under which it is reached."""
        return self._house.mail_out.is_on() and self._parts.settings.text("public_url") is not None

    def send(self, email: str) -> bool:
        """Mail the links of that address's open and recent tickets, an hour after its last automatic mail at the
        earliest, in place of what still waits of the kind; whether there was anything to mail."""

        def work() -> bool:
            row = self._parts.database.one(RequesterRow.select().where(RequesterRow.email_key == email.lower()))
            tickets = [] if row is None else self._tickets(row["id"])
            if row is None or not tickets:
                return False
            self._parts.database.execute(_WAITING, (str(row["email_key"]),))
            site = self._parts.settings.text("site_name")
            values = {"site_name": site, "name": row["name"], "tickets": tickets}
            return self._house.mail_out.automatic(LetterKind.LINK, "links", values, row)

        return self._parts.journal.write(work)

    def _tickets(self, requester_id: str) -> list[dict[str, Any]]:
        """The newest first; of what was merged the page that goes on is enough."""
        days = self._parts.settings.number("page.days_after_closing") or _RECENT_DAYS
        since = self._parts.clock.now_ms() - days * DAY_MS
        here = (TicketRow.requester_id == requester_id) & TicketRow.merged_into_id.is_null()
        recent = (TicketRow.status != Status.CLOSED.value) | (TicketRow.closed_at > since)
        query = TicketRow.select().where(here & recent).order_by(TicketRow.created_at.desc(), TicketRow.id.desc())
        return [self._house.mail_out.about(ticket_of(row)) for row in self._parts.database.rows(query.limit(_AT_MOST))]
