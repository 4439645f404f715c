"""A ticket that is a duplicate goes on in another one of its category (ARCHITECTURE 3.9)."""

from sync.domain import protocol, rules
from sync.domain.records import Status, Ticket
from sync.jmap.errors import SetError
from sync.server import refusals
from sync.server.audit import Actor, Deed
from sync.server.linking import Linking
from sync.server.parts import Colleague, Parts
from sync.server.ticketing import Ticketing

_ELSEWHERE = "That ticket is not in this category. Move one of them first, then merge."
_CLOSED = "That ticket is closed, and somebody else's. Open it again first, then merge."


class Merging:
    """Call inside a write transaction."""

    def __init__(self, parts: Parts, ticketing: Ticketing) -> None:
        self._parts = parts
        self._ticketing = ticketing
        self._linking = Linking(parts, ticketing)

    def merge(self, ticket: Ticket, into_id: str, by: Colleague) -> None:
        """Merge; nothing happens to tickets that are one already.

        A target that was itself merged stands for the one that it goes on in. Raises SetError: `invalidProperties` for
        a target that is not in the category (whether it is elsewhere or nowhere), is the ticket itself, or is closed
        and somebody else's; `merged` for a ticket that goes on in a third one.
        """
        target = None if into_id == ticket.id else self._ticketing.held_in(ticket.category_id, into_id)
        if target is None:
            raise refusals.invalid("mergedIntoId", _ELSEWHERE)
        into, own = self._ticketing.end_of(target), self._ticketing.end_of(ticket)
        if into.id == own.id:
            return
        if own.id != ticket.id:
            raise SetError(protocol.MERGED, "This ticket was merged into another.", mergedIntoId=own.id)
        if into.status is Status.CLOSED and into.requester_id != ticket.requester_id:
            raise refusals.invalid("mergedIntoId", _CLOSED)
        now = self._parts.clock.now_ms()
        closed, onto = rules.merged_away(ticket, into.id, now), rules.taken_in(into, ticket, now)
        for before, after in ((ticket, closed), (into, onto)):
            told = self._ticketing.tell(after, "merged", ticket.id, into.id, by.id, now)
            self._ticketing.save(before, told, by.id)
        self._linking.merged(ticket, into, now)
        self._parts.audit.record(Deed.TICKET_MERGED, Actor.of(by), ticket.id, {"into": into.id})
