"""The calls that help those who work at the same time: presence, taking the next ticket, what is like a ticket."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sync.connectors.central.api import Api
from sync.connectors.port import Access, AccountKind, Taken
from sync.domain.errors import Rejected
from sync.domain.presence import Doing
from sync.domain.protocol import PRESENCE, SIMILAR, TAKE_NEXT
from sync.domain.similar import Similar, similar_of
from sync.jmap.client import MalformedError
from sync.jmap.errors import JSON

PRESENCE_READ_S: Final = 5.0
"""Presence that comes late is worth nothing."""
SIMILAR_READ_S: Final = 5.0
"""Nor is what is like a ticket that one has left again."""


class TogetherCalls:
    """Each is one request of its own, so that it never waits for others."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def tell_presence(self, account_id: str | None, ticket_id: str | None, doing: Doing | None) -> None:
        """Raises Offline, or Rejected where the account is not this person's any more."""
        value = None if doing is None else doing.value
        arguments: dict[str, JSON] = {"accountId": account_id, "ticketId": ticket_id, "doing": value}
        self._api.ask(f"{PRESENCE}/set", arguments, lambda _answer: None, read_s=PRESENCE_READ_S)

    def take_next(self, access: Access, client_key: str, category_ids: Sequence[str] | None) -> Taken | None:
        """Raises Offline where nothing is known: ask again with the same key."""
        own = next((one.id for one in access.accounts if one.kind is AccountKind.PERSONAL), None)
        if own is None:
            raise Rejected("This sign-in has no account of its own. Tell your administrator.", "accountNotFound")
        asked = None if category_ids is None else list(category_ids)
        return self._api.ask(TAKE_NEXT, {"accountId": own, "clientKey": client_key, "categoryIds": asked}, _taken)

    def similar(self, account_id: str, ticket_id: str) -> list[Similar]:
        """What belongs beside a ticket, of all that this person sees. Raises Offline, Rejected, Denied."""
        arguments: dict[str, JSON] = {"accountId": account_id, "ticketId": ticket_id}
        return self._api.ask(SIMILAR, arguments, _similar, read_s=SIMILAR_READ_S)


def _taken(answer: Mapping[str, Any]) -> Taken | None:
    ticket_id, account_id = answer.get("ticketId"), answer.get("accountId")
    if ticket_id is None:
        return None
    if not isinstance(ticket_id, str) or not isinstance(account_id, str):
        raise MalformedError("The ticket that was taken is none.")
    return Taken(ticket_id, account_id)


def _similar(answer: Mapping[str, Any]) -> list[Similar]:
    return [similar_of(one) for one in answer["list"]]
