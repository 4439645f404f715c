"""The calls that help those who work at the same time: presence, taking the next ticket, what is like a ticket."""

from collections.abc import Sequence
from typing import Final

from sync.connectors.central.api import Api
from sync.connectors.port import Access, AccountKind, Taken
from sync.domain.errors import Rejected
from sync.domain.presence import Doing
from sync.domain.protocol import PRESENCE, SIMILAR, TAKE_NEXT
from sync.domain.similar import Similar, similar_of
from sync.jmap.client import MalformedError, Response
from sync.jmap.errors import JSON, MethodError

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
        self._answer(f"{PRESENCE}/set", arguments, PRESENCE_READ_S)

    def take_next(self, access: Access, client_key: str, category_ids: Sequence[str] | None) -> Taken | None:
        """Raises Offline where nothing is known: ask again with the same key."""
        own = next((one.id for one in access.accounts if one.kind is AccountKind.PERSONAL), None)
        if own is None:
            raise Rejected("This sign-in has no account of its own. Tell your administrator.", "accountNotFound")
        asked = None if category_ids is None else list(category_ids)
        answer = self._answer(TAKE_NEXT, {"accountId": own, "clientKey": client_key, "categoryIds": asked})
        ticket_id, account_id = answer.get("ticketId"), answer.get("accountId")
        if ticket_id is None:
            return None
        if not isinstance(ticket_id, str) or not isinstance(account_id, str):
            raise self._api.damaged()
        return Taken(ticket_id, account_id)

    def similar(self, account_id: str, ticket_id: str) -> list[Similar]:
        """What belongs beside a ticket, of all that this person sees. Raises Offline, Rejected, Denied."""
        answer = self._answer(SIMILAR, {"accountId": account_id, "ticketId": ticket_id}, SIMILAR_READ_S)
        try:
            return [similar_of(one) for one in answer["list"]]
        except (KeyError, TypeError, ValueError) as error:
            raise self._api.damaged() from error

    def _answer(self, name: str, arguments: dict[str, JSON], read_s: float | None = None) -> dict[str, JSON]:
        request = self._api.request()
        handle = request.call(name, arguments)
        response: Response = self._api.run(request) if read_s is None else self._api.run(request, read_s)
        try:
            return dict(response.arguments(handle))
        except MethodError as error:
            raise self._api.failure(error) from error
        except MalformedError as error:
            raise self._api.damaged() from error
