"""Alert/trace: who would ring for a ticket and why, and what became of its alerts (PRODUCT A9)."""

from collections.abc import Mapping
from typing import Final

from sync.domain.protocol import ALERT_TRACE, CAPABILITY, TICKET
from sync.domain.times import to_utc_date
from sync.jmap.arguments import ACCOUNT, Argument, Signature, checked
from sync.jmap.errors import JSON, MethodError
from sync.jmap.gate import Gate
from sync.jmap.kinds import ID
from sync.jmap.methods import Answer, Context
from sync.server.alert_book import AlertBook, ticket_in
from sync.server.parts import Parts

_SIGNATURE: Final[Signature] = {**ACCOUNT, "ticketId": Argument(ID)}


class AlertTrace:
    """For whoever sees the ticket. One that is not in the account is `notFound`, whether it exists or not."""

    name = ALERT_TRACE
    capability = CAPABILITY

    def __init__(self, parts: Parts, gate: Gate, book: AlertBook) -> None:
        self._parts = parts
        self._gate = gate
        self._book = book

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, _SIGNATURE)

        def work() -> dict[str, JSON]:
            self._gate.enter(context.principal, given["accountId"], TICKET)
            ticket = ticket_in(self._parts, self._parts.accounts.get(given["accountId"]).number, given["ticketId"])
            if ticket is None:
                raise MethodError("notFound")
            return self._book.trace(ticket)

        found = self._parts.journal.read(work)
        asked = {"accountId": given["accountId"], "ticketId": given["ticketId"]}
        return Answer({**asked, "at": to_utc_date(self._parts.clock.now_ms()), **found})
