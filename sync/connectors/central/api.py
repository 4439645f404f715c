"""One request to the server's API and what it answered, with every failure as a domain error."""

from typing import Final

import orjson

from sync.connectors.faults import damaged
from sync.connectors.session import READ_S, Session
from sync.domain.errors import DeskbellError, Offline, Rejected
from sync.domain.protocol import API_PATH, CAPABILITY
from sync.jmap.client import MalformedError, RequestBuilder, Response, response_from
from sync.jmap.errors import MethodError
from sync.jmap.limits import CORE

PASSING: Final = frozenset({"serverUnavailable", "serverFail", "serverPartialFail", "rateLimit"})
"""Method and set errors that say nothing about the action itself."""


class Api:
    """Posts requests; `url` may be replaced by the one that the server's Session names."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.url = API_PATH

    def request(self) -> RequestBuilder:
        """An empty request in our capabilities."""
        return RequestBuilder(using=(CORE, CAPABILITY))

    def run(self, request: RequestBuilder, read_s: float = READ_S) -> Response:
        """Post it. Raises Offline for anything that is no response; nothing is known then."""
        octets = self.session.post(self.url, request.to_bytes(), read_s)
        try:
            return response_from(orjson.loads(octets))
        except (orjson.JSONDecodeError, MalformedError) as error:
            raise self.damaged() from error

    def damaged(self) -> Offline:
        """An answer that cannot be read."""
        return damaged(self.session.host)

    def failure(self, error: MethodError) -> DeskbellError:
        """What a refused method call means for whoever asked."""
        if error.kind == "accountNotFound":
            return Rejected("This category is not yours any more.", "accountNotFound")
        if error.kind in PASSING:
            return Offline(f"The server at {self.session.host} is in trouble. Deskbell tries again by itself.")
        return Rejected(f"The server did not understand Deskbell ({error.kind}). Tell your administrator.", error.kind)
