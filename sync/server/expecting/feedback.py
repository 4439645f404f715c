"""What a requester says with a button: that it is solved, that they still wait, what the answer was worth."""

from __future__ import annotations

from typing import Final

from sync.domain import ids, limits, rules
from sync.domain.errors import Rejected
from sync.domain.records import Awaiting, Rating, Status, Ticket
from sync.domain.times import HOUR_MS
from sync.server.expecting.expecting import Expecting
from sync.server.expecting.tables import FeedbackRow
from sync.server.parts import Parts
from sync.server.tables import TicketRow
from sync.server.texts import TOO_LARGE
from sync.server.ticketing import Ticketing

WORD_MAX: Final = 1_000
REMINDER, SOLVED = "reminder", "solved"
_RATINGS: Final = tuple(one.value for one in Rating)


class Feedback:
    """Inside a write transaction of the caller's. Saying the same again changes nothing, and nothing of it rings."""

    def __init__(self, parts: Parts, ticketing: Ticketing, expecting: Expecting) -> None:
        self._expecting = expecting
        self._parts = parts
        self._ticketing = ticketing

    def solved(self, ticket: Ticket) -> None:
        """The ticket is closed; words of the requester open it again as always."""
        if ticket.status is Status.CLOSED:
            return
        now = self._parts.clock.now_ms()
        after = rules.solved_by_requester(ticket, now)
        told = self._ticketing.tell(after, "solved", ticket.status.value, after.status.value, None, now)
        self._ticketing.save(ticket, told)
        self._keep(ticket, SOLVED, now)

    def may_remind_at(self, ticket: Ticket) -> int | None:
        """From when on (ms UTC) a reminder counts: after so much working time that nobody need remind for a night or a
        holiday. None where it is not the team's turn."""
        if ticket.awaiting is not Awaiting.TEAM or ticket.awaiting_since is None:
            return None
        [(last,)] = self._parts.database.select("SELECT reminded_at FROM ticket WHERE id = ?", (ticket.id,))
        pause = self._parts.settings.number("page.reminder_hours") * HOUR_MS
        return self._expecting.calendar(ticket.category_id).add(max(ticket.awaiting_since, last or 0), pause)

    def still_waiting(self, ticket: Ticket) -> bool:
        """Count a reminder, unless the last one, or the words that wait, are too young; whether it was counted."""
        now, due = self._parts.clock.now_ms(), self.may_remind_at(ticket)
        if due is None or now < due:
            return False
        after = rules.reminded(ticket, now)
        told = self._ticketing.tell(after, REMINDER, ticket.reminders, after.reminders, None, now)
        self._ticketing.save(ticket, told)
        self._parts.database.run(TicketRow.update({TicketRow.reminded_at: now}).where(TicketRow.id == ticket.id))
        self._keep(ticket, REMINDER, now)
        return True

    def rate(self, ticket: Ticket, rating: Rating, word: str = "") -> None:
        """The last rating counts. Raises Rejected for a word that is too long."""
        said = limits.clean_text(word).strip()
        if len(said) > WORD_MAX:
            raise Rejected(f"These words are longer than {WORD_MAX} characters. Please shorten them.", TOO_LARGE)
        if ticket.rating is rating and not said:
            return
        now = self._parts.clock.now_ms()
        after = rules.rated(ticket, rating, now)
        before = None if ticket.rating is None else ticket.rating.value
        told = self._ticketing.tell(after, "rating", before, rating.value, None, now, words=said or None)
        self._ticketing.save(ticket, told)
        old = (FeedbackRow.ticket_id == ticket.id) & FeedbackRow.what.in_(_RATINGS)
        self._parts.database.run(FeedbackRow.delete().where(old))
        self._keep(ticket, rating.value, now)

    def _keep(self, ticket: Ticket, what: str, at: int) -> None:
        """For the owner's tallies."""
        row = {
            "id": self._parts.ids.new(ids.FEEDBACK),
            "ticket_id": ticket.id,
            "category_id": ticket.category_id,
            "what": what,
            "at": at,
        }
        self._parts.database.insert(FeedbackRow, [row])
