"""What requesters of gathered tickets say once the incident is over: it works again, or it is still broken."""

from __future__ import annotations

from typing import Final

from sync.domain import protocol
from sync.domain.incidents import STILL_BROKEN, Incident
from sync.domain.records import Ticket
from sync.server.expecting.feedback import Feedback
from sync.server.incidents.incidents import incident_of
from sync.server.incidents.tables import IncidentRow, RepairRow
from sync.server.intake import Intake
from sync.server.parts import Parts
from sync.server.ticketing import Ticketing

WORKS, BROKEN = "works", "broken"
_COUNTS: Final = "SELECT what, COUNT(*) FROM incident_repair WHERE incident_id = ? GROUP BY what"


class Repairs:
    """Inside a transaction of the caller's."""

    def __init__(self, parts: Parts, ticketing: Ticketing, intake: Intake) -> None:
        self._parts = parts
        self._ticketing = ticketing
        self._intake = intake

    def asked(self, ticket: Ticket) -> Incident | None:
        """The incident whose repair the requester may confirm: over, and not answered since."""
        if ticket.incident_id is None:
            return None
        row = self._parts.database.whole_row(IncidentRow, "WHERE t.id = ?", (ticket.incident_id,))
        if row is None or row["fixed_at"] is None:
            return None
        here = (RepairRow.incident_id == row["id"]) & (RepairRow.ticket_id == ticket.id)
        answer = self._parts.database.one(RepairRow.select().where(here))
        return None if answer is not None and answer["at"] >= row["fixed_at"] else incident_of(row)

    def works(self, ticket: Ticket, feedback: Feedback) -> None:
        """It works again: the ticket is solved."""
        incident = self.asked(ticket)
        if incident is not None:
            self._keep(incident, ticket, WORKS)
            feedback.solved(ticket)

    def broken(self, ticket: Ticket) -> None:
        """It does not: words of the requester like any others, which open the ticket again and ring."""
        incident = self.asked(ticket)
        if incident is not None:
            self._keep(incident, ticket, BROKEN)
            self._intake.add_inbound(ticket.id, STILL_BROKEN)

    def _keep(self, incident: Incident, ticket: Ticket, what: str) -> None:
        database, now = self._parts.database, self._parts.clock.now_ms()
        here = (RepairRow.incident_id == incident.id) & (RepairRow.ticket_id == ticket.id)
        database.run(RepairRow.delete().where(here))
        at = max(now, incident.fixed_at or 0)  # the workstation that said so may be ahead of this clock
        row = {"incident_id": incident.id, "ticket_id": ticket.id, "what": what, "at": at}
        database.insert(RepairRow, [row])
        count_answers(self._parts, incident.id)


def count_answers(parts: Parts, incident_id: str) -> None:
    """How many say that it works, for the team. Part of the caller's write transaction."""
    counts = {str(one): int(count) for one, count in parts.database.select(_COUNTS, (incident_id,))}
    given = {IncidentRow.works: counts.get(WORKS, 0), IncidentRow.broken: counts.get(BROKEN, 0)}
    parts.database.run(IncidentRow.update(given).where(IncidentRow.id == incident_id))
    parts.journal.present(parts.accounts.team(), protocol.INCIDENT, incident_id)
