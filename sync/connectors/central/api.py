"""One request to the server's API and what it answered, with every failure as a domain error."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import orjson

from sync.connectors.faults import damaged
from sync.connectors.session import READ_S, Session
from sync.domain.errors import DeskbellError, Offline, Rejected
from sync.domain.protocol import API_PATH, CAPABILITY
from sync.jmap.client import MalformedError, RequestBuilder, Response, response_from
from sync.jmap.errors import JSON, MethodError
from sync.jmap.limits import CORE

T = TypeVar("T")

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

    def ask(
        self,
        name: str,
        arguments: dict[str, JSON],
        read: Callable[[Any], T],
        failure: Callable[[MethodError], DeskbellError] | None = None,
        read_s: float = READ_S,
    ) -> T:
        """Call one method; what `read` makes of its answer. `failure` words a refusal. Raises Offline, Rejected."""
        request = self.request()
        handle = request.call(name, arguments)
        response = self.run(request, read_s)
        try:
            return read(response.arguments(handle))
        except MethodError as error:
            raise (failure or self.failure)(error) from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
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
