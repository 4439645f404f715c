"""Deleting a ticket at the server: an owner's deed, done online or not at all."""

from typing import Final

from sync.connectors.central.api import Api
from sync.domain.errors import Offline, Rejected
from sync.domain.protocol import FORBIDDEN, NOT_FOUND, TICKET
from sync.jmap.results import read_set

_SENTENCES: Final = {
    FORBIDDEN: "Only an owner may delete a ticket. Close it, or ask an owner.",
    NOT_FOUND: "This ticket is not there any more.",
}


def delete_ticket(api: Api, account_id: str, ticket_id: str) -> None:
    """Delete it, with what was merged into it. Raises Rejected ("forbidden", "notFound"), Offline, Denied.

    After Offline nobody knows whether it was done: the next changes show it.
    """
    answer = api.ask(f"{TICKET}/set", {"accountId": account_id, "destroy": [ticket_id]}, read_set)
    refusal = answer.not_destroyed.get(ticket_id)
    if refusal is not None:
        sentence = _SENTENCES.get(refusal.kind, "The server did not delete this ticket. Tell your administrator.")
        raise Rejected(sentence, refusal.kind)
    if ticket_id not in answer.destroyed:
        raise Offline("The server did not say whether the ticket was deleted. Look at the list, then try again.")
