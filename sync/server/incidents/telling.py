"""Who is told of an incident by mail: requesters of gathered tickets at each change, followers once at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
    """Call inside a write transaction. Each address gets one letter. It counts among the automatic ones of the hour:
    over their allowance it waits, and newer words about the same incident replace it while it does."""

    def __init__(self, parts: Parts, ticketing: Ticketing, mail_out: MailOut, zone: Callable[[], ZoneInfo]) -> None:
        self._parts = parts
        self._ticketing = ticketing
        self._mail = mail_out
        self._zone = zone

    def eta_changed(self, incident: Incident) -> None:
        """To whoever asked and still waits."""
        self._forget_waiting(incident, _OF_TICKETS)
        self._to_askers(incident, ETA, among=TicketRow.status != Status.CLOSED.value)

    def fixed(self, incident: Incident) -> None:
        """To everybody who asked, closed tickets too: does it work again? And to followers who did not ask; all are
        forgotten then. What still waits to be confirmed is too late."""
        self._forget_waiting(incident)
        told = self._to_askers(incident, FIXED, among=TicketRow.id.is_null(is_null=False))
        here = (FollowerRow.incident_id == incident.id) & FollowerRow.confirmed_at.is_null(is_null=False)
        for row in self._parts.database.rows(FollowerRow.select().where(here).order_by(FollowerRow.id)):
            if row["email_key"] not in told:
                self._send(incident, FIXED, {"email": row["email"], "name": ""}, [])
        self._parts.database.run(FollowerRow.delete().where(FollowerRow.incident_id == incident.id))

    def withdraw(self, incident: Incident) -> None:
        """It is broken again: whoever was not told of the repair yet is not."""
        self._forget_waiting(incident, _OF_TICKETS)

    def _to_askers(self, incident: Incident, template: str, among: Any) -> set[str]:
        """One letter for each address, however many tickets are gathered; the addresses, as they are compared."""
        here = (TicketRow.incident_id == incident.id) & TicketRow.merged_into_id.is_null() & among
        found = self._parts.database.rows(TicketRow.select(TicketRow.id).where(here).order_by(TicketRow.id))
        theirs: dict[str, list[Ticket]] = {}
        for row in found:
            ticket = self._ticketing.held(row["id"])
            if ticket is not None and ticket.requester_id is not None:
                theirs.setdefault(ticket.requester_id, []).append(ticket)
        told: set[str] = set()
        for requester_id, tickets in theirs.items():
            asker = self._parts.database.whole_row(RequesterRow, "WHERE t.id = ?", (requester_id,))
            if asker is not None and asker["email"] is not None:
                self._to_asker(incident, template, asker, sorted(tickets, key=lambda one: one.number or 0))
                told.add(asker["email_key"])
        return told

    def _to_asker(self, incident: Incident, template: str, asker: Row, tickets: Sequence[Ticket]) -> None:
        if not self._send(incident, template, asker, tickets):
            return
        now, at = self._parts.clock.now_ms(), incident.fixed_at if template == FIXED else incident.eta
        for ticket in tickets:
            told = self._ticketing.tell(ticket, TOLD, template, at, None, now, words=incident.title)
            self._ticketing.save(ticket, replace(told, updated_at=now))

    def _send(self, incident: Incident, template: str, asker: Row, tickets: Sequence[Ticket]) -> bool:
        """`tickets`: the newest is the last; an answer to the letter goes to that one."""
        if not self._mail.is_on():
            return False
        values = {**self.about(incident), **self._of(tickets), "name": asker["name"]}
        subject, text = self._mail.words(template, values)
        last = tickets[-1] if tickets else None
        letter = Letter(
            LetterKind.NOTICE, asker["email"], asker["name"], subject, text,
            None if last is None else last.id, automatic=True,
            category_id=None if last is None else last.category_id, incident_id=incident.id,
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

    def _of(self, tickets: Sequence[Ticket]) -> dict[str, Any]:
        """`number`, `subject` and `link` are those of the newest; `tickets` has all."""
        listed = [self._mail.about(one) for one in tickets]
        newest = listed[-1] if listed else {"number": None, "subject": "", "link": None}
        return {**newest, "tickets": listed}

    def _forget_waiting(self, incident: Incident, among: str = "") -> None:
        """What waits is out of date: once for all of them, since each look goes over all that waits."""
        if self._mail.is_on():
            self._parts.database.execute(_WAITING + among, (incident.id,))
