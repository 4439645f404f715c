"""Caps on open tickets: how many a requester may have open at once, where and until when (PRODUCT D8)."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenTicketCap:
    """`category_id` None: over all categories together. `until` in ms UTC, when it lifts itself; None: it does not.

    `led_times`: how often somebody was led to a ticket that is open instead of making one more.
    """

    id: str
    category_id: str | None
    most: int
    until: int | None
    reason: str
    led_times: int = 0

    def holds(self, category_id: str, at: int) -> bool:
        """Whether it concerns a new ticket of that category at that moment."""
        return self.category_id in (None, category_id) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A requester's ticket that is not closed."""

    id: str
    number: int
    category_id: str
    created_at: int


def cap_reached(
    caps: Sequence[OpenTicketCap], opened: Sequence[OpenTicket], category_id: str, at: int
) -> OpenTicketCap | None:
    """The cap that a new ticket of the category would be over; the one of the category before the one over all."""
    for cap in sorted(caps, key=lambda one: one.category_id is None):
        counted = [one for one in opened if cap.category_id in (None, one.category_id)]
        if cap.holds(category_id, at) and len(counted) >= cap.most:
            return cap
    return None


def ticket_to_lead_to(opened: Sequence[OpenTicket], category_id: str) -> OpenTicket | None:
    """Where the words go instead: the newest ticket of that category, else the newest of all."""
    return max(opened, key=lambda one: (one.category_id == category_id, one.created_at, one.number), default=None)
