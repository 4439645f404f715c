"""Who is told of an incident by mail: requesters of gathered tickets at each change, followers once at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from sync.domain.incidents import Incident
from sync.domain.records import Status, Ticket
from sync.server.database import Row
from sync.server.expecting.wording import moment
from sync.server.incidents.tables import FollowerRow
from sync.server.mail.letter import Letter, LetterKind
from sync.server.mail.mail_out import MailOut
from sync.server.parts import Parts
from sync.server.tables import RequesterRow, TicketRow
from sync.server.ticketing import Ticketing

TOLD: Final = "incidentTold"
ETA, FIXED = "incidentEta", "incidentFixed"
_WAITING: Final = "DELETE FROM letter WHERE incident_id = ? AND settled_at IS NULL AND state = 'waiting'"
_OF_TICKETS: Final = " AND ticket_id IS NOT NULL"


class Telling:
    """Call inside a write transaction. Letters count among the automatic ones of an address: over the allowance of the
    hour they wait, and newer words about the same incident replace those that still wait."""

    def __init__(self, parts: Parts, ticketing: Ticketing, mail_out: MailOut, zone: Callable[[], ZoneInfo]) -> None:
        self._parts = parts
        self._ticketing = ticketing
        self._mail = mail_out
        self._zone = zone

    def eta_changed(self, incident: Incident) -> int:
        """To whoever asked and still waits; how many tickets."""
        self._forget_waiting(incident, _OF_TICKETS)
        return self._to_tickets(incident, ETA, among=TicketRow.status != Status.CLOSED.value)

    def fixed(self, incident: Incident) -> int:
        """To everybody who asked, closed tickets too: does it work again? And to followers, who are forgotten then."""
        self._forget_waiting(incident)
        told = self._to_tickets(incident, FIXED, among=TicketRow.id.is_null(is_null=False))
        here = (FollowerRow.incident_id == incident.id) & FollowerRow.confirmed_at.is_null(is_null=False)
        for row in self._parts.database.rows(FollowerRow.select().where(here).order_by(FollowerRow.id)):
            self._send(incident, FIXED, {"email": row["email"], "name": ""}, None)
        self._parts.database.run(FollowerRow.delete().where(FollowerRow.incident_id == incident.id))
        return told

    def _to_tickets(self, incident: Incident, template: str, among: Any) -> int:
        here = (TicketRow.incident_id == incident.id) & TicketRow.merged_into_id.is_null() & among
        found = self._parts.database.rows(TicketRow.select(TicketRow.id).where(here).order_by(TicketRow.id))
        for row in found:
            ticket = self._ticketing.held(row["id"])
            if ticket is not None:
                self._to_ticket(incident, template, ticket)
        return len(found)

    def _to_ticket(self, incident: Incident, template: str, ticket: Ticket) -> None:
        asker = self._parts.database.one(RequesterRow.select().where(RequesterRow.id == ticket.requester_id))
        if asker is None or asker["email"] is None or not self._send(incident, template, asker, ticket):
            return
        now, at = self._parts.clock.now_ms(), incident.fixed_at if template == FIXED else incident.eta
        told = self._ticketing.tell(ticket, TOLD, template, at, None, now, words=incident.title)
        self._ticketing.save(ticket, replace(told, updated_at=now))

    def _send(self, incident: Incident, template: str, asker: Row, ticket: Ticket | None) -> bool:
        if not self._mail.is_on():
            return False
        subject, text = self._mail.words(template, {**self.about(incident), **self._of(ticket), "name": asker["name"]})
        letter = Letter(
            LetterKind.NOTICE, asker["email"], asker["name"], subject, text,
            None if ticket is None else ticket.id, automatic=True,
            category_id=None if ticket is None else ticket.category_id, incident_id=incident.id,
        )  # fmt: skip
        return self._mail.enqueue(letter)

    def about(self, incident: Incident) -> dict[str, Any]:
        """What every template may say of an incident."""
        zone = self._zone()
        return {
            "site_name": self._parts.settings.text("site_name"),
            "title": incident.title,
            "notice": incident.notice,
            "since": moment(incident.since, zone),
            "eta": None if incident.eta is None else moment(incident.eta, zone),
        }

    def _of(self, ticket: Ticket | None) -> dict[str, Any]:
        if ticket is None:
            return {"number": None, "subject": "", "link": None}
        return self._mail.about(ticket)

    def _forget_waiting(self, incident: Incident, among: str = "") -> None:
        """What waits is out of date: once for all of them, since each look goes over all that waits."""
        if self._mail.is_on():
            self._parts.database.execute(_WAITING + among, (incident.id,))
