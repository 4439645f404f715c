"""What became of each reply that was to be mailed: shown under it on every workstation."""

from __future__ import annotations

from enum import StrEnum

from sync.domain import ids, protocol, rules
from sync.domain.records import ArrivalKind, Ticket
from sync.server.access import sees
from sync.server.database import Row
from sync.server.mail.outgoing_tables import DeliveryRow
from sync.server.parts import Parts
from sync.server.tables import MessageRow
from sync.server.ticketing import Ticketing


class DeliveryStatus(StrEnum):
    """How far a reply has come. HANDED_OVER: the mail server has taken it; more is known only if it comes back."""

    QUEUED = "queued"
    HANDED_OVER = "handedOver"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    FAILED = "failed"
    NOT_SENT = "notSent"


_LOST = frozenset({DeliveryStatus.BOUNCED, DeliveryStatus.FAILED})


class Deliveries:
    """Call inside a write transaction of the journal."""

    def __init__(self, parts: Parts, ticketing: Ticketing) -> None:
        self._parts = parts
        self._ticketing = ticketing

    def begin(self, ticket: Ticket, message_id: str, status: DeliveryStatus, detail: str | None = None) -> None:
        """A reply is on its way, or cannot be."""
        row = {
            "id": self._parts.ids.new(ids.DELIVERY),
            "message_id": message_id,
            "ticket_id": ticket.id,
            "status": status.value,
            "at": self._parts.clock.now_ms(),
            "detail": detail,
        }
        if self._parts.database.insert_new(DeliveryRow, row):
            self._parts.journal.present(self._ticketing.account_of(ticket), protocol.DELIVERY, str(row["id"]))

    def now(self, message_id: str, status: DeliveryStatus, detail: str | None = None) -> None:
        """It has come so far. What is lost, and a ticket that is gone, stay as they are."""
        database = self._parts.database
        found = database.one(DeliveryRow.select().where(DeliveryRow.message_id == message_id))
        ticket = None if found is None else self._ticketing.held(found["ticket_id"])
        if found is None or ticket is None:
            return
        row = database.one(DeliveryRow.select().where(DeliveryRow.message_id == message_id))  # as it is under the lock
        if row is None or row["status"] in _LOST or (row["status"], row["detail"]) == (status.value, detail):
            return
        at = self._parts.clock.now_ms()
        changed = {DeliveryRow.status: status.value, DeliveryRow.at: at, DeliveryRow.detail: detail}
        database.run(DeliveryRow.update(changed).where(DeliveryRow.id == row["id"]))
        self._parts.journal.present(self._ticketing.account_of(ticket), protocol.DELIVERY, row["id"])
        if status in _LOST:
            self._reopen(self._ticketing.end_of(ticket), message_id, status, at)

    def trace(self, ticket_id: str, status: DeliveryStatus) -> None:
        """An automatic letter about this ticket was lost: to be read there, nobody's turn."""
        held, now = self._ticketing.held(ticket_id), self._parts.clock.now_ms()
        if held is not None:
            ticket = self._ticketing.end_of(held)
            self._ticketing.save(ticket, self._ticketing.tell(ticket, "letter", None, status.value, None, now))

    def _reopen(self, ticket: Ticket, message_id: str, status: DeliveryStatus, now: int) -> None:
        """The requester was not answered after all: the team's turn again, and whoever wrote it hears so.

        `now`: the delivery's very `at`; workstations know by it that nobody answered since.
        """
        row = self._parts.database.one(MessageRow.select().where(MessageRow.id == message_id))
        after = self._ticketing.tell(rules.after_inbound(ticket, now), "delivery", message_id, status.value, None, now)
        self._ticketing.save(ticket, after)
        account = self._ticketing.account_of(after)
        hears = self._who_hears(after, row)
        kind = ArrivalKind.UNDELIVERED
        self._ticketing.arrive(account, after, kind, message_id, None, now, for_agent_id=hears)

    def _who_hears(self, ticket: Ticket, message: Row | None) -> str | None:
        """The author; who left, or may no longer see the ticket: its assignee; else everybody of the category."""
        author = None if message is None else message["author_id"]
        for one in (author, ticket.assignee_id):
            if one is not None and sees(self._parts.database, one, ticket.category_id):
                return str(one)
        return None
