"""Where a requester's matter stands: when to expect an answer, who is away, and what they may say with a button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sync.domain.records import Awaiting, Rating, Status, Ticket
from sync.server.database import Row
from sync.server.expecting.expecting import ClosingNotice, Expected
from sync.server.expecting.feedback import Feedback
from sync.server.house import House
from sync.server.rows import ticket_of
from sync.server.tables import RequesterRow
from sync.server.web.incident_notice import IncidentNotice, notices_of


@dataclass(frozen=True, slots=True)
class Standing:
    """`expected`: None where it is not the team's turn. `remind_at`: ms UTC, from when on a reminder counts; None where
    none does. `may_act`: the buttons are offered at all. `answered`: there is a reply to rate. `zone`: the house's.
    `repaired`: the incident of which they are asked whether it works again; `flood`: that many people ask just now."""

    expected: Expected | None
    notices: tuple[ClosingNotice, ...]
    may_act: bool
    closed: bool
    remind_at: int | None
    may_remind: bool
    reminders: int
    answered: bool
    rating: Rating | None
    zone: ZoneInfo
    incidents: tuple[IncidentNotice, ...] = ()
    repaired: str | None = None
    flood: str | None = None


class Standings:
    """Inside a transaction of the caller's."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._feedback = Feedback(house.parts, house.ticketing, house.expecting)

    def of(self, chain: Sequence[Row], *, answered: bool) -> Standing:
        """`chain`: the ticket of the page, and those that it was merged into."""
        own, now = whose(chain), self._house.parts.clock.now_ms()
        ticket = ticket_of(chain[-1])
        expecting = self._house.expecting
        waits = ticket.awaiting is Awaiting.TEAM and ticket.awaiting_since is not None
        remind_at = self._feedback.may_remind_at(ticket) if own is not None else None
        return Standing(
            expected=expecting.answer(ticket.category_id, ticket.awaiting_since or now) if own and waits else None,
            notices=tuple(expecting.closings(ticket.category_id, now)),
            may_act=own is not None,
            closed=ticket.status is Status.CLOSED,
            remind_at=remind_at,
            may_remind=remind_at is not None and now >= remind_at,
            reminders=ticket.reminders if own is not None else 0,
            answered=answered,
            rating=ticket.rating if own is not None else None,
            zone=expecting.hours().zone,
            incidents=self._incidents(ticket, own, now),
            repaired=self._repaired(own),
            flood=expecting.flood(ticket.category_id) if own and waits else None,
        )

    def _incidents(self, ticket: Ticket, own: Ticket | None, now: int) -> tuple[IncidentNotice, ...]:
        """Those of the category, and the one that the ticket belongs to; of that one they are told anyway."""
        house = self._house
        known = [
            one
            for one in house.faults.incidents.shown(None, now)
            if one.concerns(ticket.category_id) or (own is not None and one.id == own.incident_id)
        ]
        email = self._email(own) if known and own is not None and house.faults.followers.is_possible() else None
        followed = {one.id for one in known if own is not None and one.id == own.incident_id}
        if email is not None:
            followed |= {one.id for one in known if house.faults.followers.follows(one.id, email)}
        asks = None if email is None else False
        return notices_of(known, house.expecting.hours().zone, now, asks=asks, followed=frozenset(followed))

    def _repaired(self, own: Ticket | None) -> str | None:
        incident = None if own is None else self._house.faults.repairs.asked(own)
        return None if incident is None else incident.title

    def _email(self, own: Ticket) -> str | None:
        """The address on file of whoever asked."""
        row = self._house.parts.database.one(RequesterRow.select().where(RequesterRow.id == own.requester_id))
        return None if row is None else row["email"]


def whose(chain: Sequence[Row]) -> Ticket | None:
    """The ticket that whoever has the page may act on: its own. None once it was merged into another, also where that
    is the same requester's: an address that is the same was typed, and proves nobody."""
    return ticket_of(chain[0]) if len(chain) == 1 else None
