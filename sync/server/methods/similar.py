"""Ticket/similar: what belongs beside a ticket, with reasons. Ticket/piles: the open pile put together (PRODUCT D7)."""

from collections.abc import Callable, Mapping
from typing import Final

from sync.domain.piles import Pile
from sync.domain.protocol import CAPABILITY, PILES, SIMILAR, TICKET
from sync.jmap.arguments import ACCOUNT, Argument, Signature, checked
from sync.jmap.errors import JSON, MethodError
from sync.jmap.gate import Gate
from sync.jmap.kinds import ID
from sync.jmap.methods import Answer, Context
from sync.server.access import Openings
from sync.server.accounts import Kind, StoredAccount
from sync.server.alert_book import ticket_in
from sync.server.likeness.likeness import Likeness
from sync.server.parts import Parts

_SIGNATURE: Final[Signature] = {**ACCOUNT, "ticketId": Argument(ID)}


class Similar:
    """For whoever sees the ticket, out of all that they see. One that is not in the account is `notFound`."""

    name = SIMILAR
    capability = CAPABILITY

    def __init__(self, parts: Parts, openings: Openings, likeness: Likeness) -> None:
        self._parts = parts
        self._openings = openings
        self._gate = Gate(openings.accounts)
        self._likeness = likeness

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, _SIGNATURE)

        def work() -> list[JSON]:
            self._gate.enter(context.principal, given["accountId"], TICKET)
            if ticket_in(self._parts, self._account(given["accountId"]).number, given["ticketId"]) is None:
                raise MethodError("notFound")
            opened = [self._account(one) for one in self._openings.accounts(context.principal)]
            seen = [one for one in opened if one.kind is Kind.CATEGORY]
            return [one.wire() for one in self._likeness.of_ticket(given["ticketId"], seen)]

        found = self._parts.journal.read(work)
        return Answer({"accountId": given["accountId"], "ticketId": given["ticketId"], "list": found})

    def _account(self, account_id: str) -> StoredAccount:
        return self._parts.accounts.get(account_id)


class Piles:
    """The open tickets of a category that say the same, or that one person opened."""

    name = PILES
    capability = CAPABILITY

    def __init__(self, parts: Parts, gate: Gate, likeness: Likeness) -> None:
        self._parts = parts
        self._gate = gate
        self._likeness = likeness

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, ACCOUNT)

        def read() -> Callable[[], list[Pile]]:
            self._gate.enter(context.principal, given["accountId"], TICKET)
            return self._likeness.open_pile(self._parts.accounts.get(given["accountId"]))

        put_together = self._parts.journal.read(read)
        return Answer({"accountId": given["accountId"], "list": [one.wire() for one in put_together()]})
