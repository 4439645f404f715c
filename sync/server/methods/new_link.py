"""Ticket/newLink: every private link of a ticket stops working, and the requester gets a new one (PRODUCT G1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sync.domain.protocol import CAPABILITY, NEW_LINK, TICKET
from sync.domain.records import Ticket
from sync.jmap.arguments import ACCOUNT, Argument, Signature, checked
from sync.jmap.errors import JSON, MethodError
from sync.jmap.gate import Gate
from sync.jmap.kinds import ID
from sync.jmap.methods import Answer, Context
from sync.server.audit import Actor, Deed
from sync.server.house import House
from sync.server.mail.letter import Letter, LetterKind
from sync.server.mail.links import Links
from sync.server.tables import RequesterRow

_SIGNATURE: Final[Signature] = {**ACCOUNT, "ticketId": Argument(ID)}


class NewLink:
    """For whoever sees the ticket. One that is not in the account is `notFound`, whether it exists or not.

    The answer says whether it was mailed to the address on file; `url` only where it was not, to be told by phone.
    """

    name = NEW_LINK
    capability = CAPABILITY

    def __init__(self, house: House, gate: Gate) -> None:
        self._house = house
        self._parts = house.parts
        self._gate = gate
        self._links = Links(house.parts, house.secrets)

    def run(self, context: Context, arguments: Mapping[str, JSON]) -> Answer:
        given = checked(arguments, _SIGNATURE)

        def work() -> dict[str, JSON]:
            self._gate.enter(context.principal, given["accountId"], TICKET, writes=True)
            category_id = self._parts.accounts.get(given["accountId"]).category_id
            ticket = self._house.ticketing.held_in(category_id, given["ticketId"])
            if ticket is None:
                raise MethodError("notFound")
            answer = self._renew(ticket, Actor.of(context.principal))
            self._parts.journal.stamp()
            return answer

        asked = {"accountId": given["accountId"], "ticketId": given["ticketId"]}
        return Answer({**asked, **self._parts.journal.write(work)})

    def _renew(self, ticket: Ticket, by: Actor) -> dict[str, JSON]:
        now = self._parts.clock.now_ms()
        self._links.renew(ticket.id)
        told = self._house.ticketing.tell(ticket, "privateLink", None, None, by.id, now)
        self._house.ticketing.save(ticket, told)
        self._parts.audit.record(Deed.PRIVATE_LINK_RENEWED, by, ticket.id)
        url = self._links.of(ticket.id)
        mailed = url is not None and self._mail(ticket)
        return {"mailed": mailed, "url": None if mailed else url}

    def _mail(self, ticket: Ticket) -> bool:
        database, mail = self._parts.database, self._house.mail_out
        asker = database.one(RequesterRow.select().where(RequesterRow.id == ticket.requester_id))
        if asker is None or asker["email"] is None:
            return False
        site = self._parts.settings.text("site_name")
        values = {"site_name": site, "name": asker["name"], "tickets": [mail.about(ticket)]}
        subject, text = mail.words("links", values)
        letter = Letter(
            LetterKind.LINK, asker["email"], asker["name"], subject, text, ticket.id, category_id=ticket.category_id
        )
        return mail.enqueue(letter)
