"""The client's half of an API call: build a request with back-references, read its response (RFC 8620 section 3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sync.jmap.errors import JSON, MethodError, RequestError
from sync.jmap.references import Invocation
from sync.jmap.wire import NotIJsonError, read, write


class MalformedError(ValueError):
    """What came is no JMAP: nothing is known about what the server did."""


@dataclass(frozen=True)
class Reference:
    """An argument to be taken from an earlier response."""

    result_of: str
    name: str
    path: str

    def as_json(self) -> dict[str, JSON]:
        """The ResultReference object."""
        return {"resultOf": self.result_of, "name": self.name, "path": self.path}


@dataclass(frozen=True)
class Handle:
    """A call that was put into a request; finds its responses."""

    name: str
    call_id: str

    def ref(self, path: str) -> Reference:
        """The value at `path` of this call's response, to be used as an argument of a later call."""
        return Reference(self.call_id, self.name, path)


@dataclass
class RequestBuilder:
    """Gathers the calls of one request."""

    using: Collection[str]
    created_ids: Mapping[str, str] | None = None
    _calls: list[Invocation] = field(default_factory=list)

    def call(self, name: str, arguments: Mapping[str, JSON | Reference]) -> Handle:
        """Add a call. Arguments that are a `Reference` are sent as `#name`."""
        sent: dict[str, JSON] = {}
        for key, value in arguments.items():
            if isinstance(value, Reference):
                sent["#" + key] = value.as_json()
            else:
                sent[key] = value
        handle = Handle(name, f"c{len(self._calls)}")
        self._calls.append(Invocation(name, sent, handle.call_id))
        return handle

    def __len__(self) -> int:
        return len(self._calls)

    def as_json(self) -> dict[str, JSON]:
        """The Request object."""
        request: dict[str, JSON] = {
            "using": sorted(self.using),
            "methodCalls": [one.as_json() for one in self._calls],
        }
        if self.created_ids is not None:
            request["createdIds"] = dict(self.created_ids)
        return request

    def to_bytes(self) -> bytes:
        """The body to POST, with content type `application/json`."""
        return write(self.as_json())


@dataclass(frozen=True)
class Response:
    """A response as read. `created_ids` is empty when the server sent none."""

    invocations: tuple[Invocation, ...]
    session_state: str
    created_ids: Mapping[str, str]

    def arguments(self, handle: Handle) -> Mapping[str, JSON]:
        """What the call itself answered.

        Raises MethodError when the server refused the call, MalformedError when it did not answer it.
        """
        first = next((one for one in self.invocations if one.call_id == handle.call_id), None)
        if first is None:
            raise MalformedError(f"The server did not answer {handle.name}.")
        return _unless_error(first, handle.name)

    def implied(self, handle: Handle, name: str) -> Mapping[str, JSON] | None:
        """What an implied call answered under the same call id (onSuccess...), None when there was none.

        Raises MethodError when the server refused the implied call.
        """
        later = [one for one in self.invocations if one.call_id == handle.call_id][1:]
        found = next((one for one in later if one.name in (name, "error")), None)
        return None if found is None else _unless_error(found, name)


def read_response(octets: bytes) -> Response:
    """Read a Response object strictly. Raises MalformedError for anything else."""
    return response_from(_object(octets, "response"))


def response_from(value: JSON) -> Response:
    """The Response object in parsed JSON, for large answers of a trusted server. Raises MalformedError."""
    if not isinstance(value, dict):
        raise MalformedError("The answer is no object.")
    state, calls = value.get("sessionState"), value.get("methodResponses")
    created = value.get("createdIds", {})
    if not isinstance(state, str) or not isinstance(calls, list) or not isinstance(created, dict):
        raise MalformedError("The answer is no JMAP response.")
    return Response(tuple(_invocation(one) for one in calls), state, created)


def read_problem(status: int, content_type: str, octets: bytes) -> RequestError | None:
    """The problem document of a refused request, or None when it is not one (a proxy's page, say)."""
    if content_type.split(";")[0].strip().lower() != "application/problem+json":
        return None
    try:
        value = _object(octets, "problem")
    except MalformedError:
        return None
    kind, detail, limit = value.get("type"), value.get("detail", ""), value.get("limit")
    title = value.get("title")
    if kind == "about:blank" and isinstance(title, str):
        kind = title
    if not isinstance(kind, str) or not isinstance(detail, str):
        return None
    return RequestError(kind.rsplit(":", 1)[-1], detail, status=status, limit=limit if isinstance(limit, str) else None)


def _unless_error(found: Invocation, name: str) -> Mapping[str, JSON]:
    if found.name == "error":
        raise MethodError.from_json(found.arguments)
    if found.name != name:
        raise MalformedError(f"The server answered {found.name} to {name}.")
    return found.arguments


def _invocation(value: JSON) -> Invocation:
    if not isinstance(value, list) or len(value) != 3:
        raise MalformedError("A method response is an array of three.")
    name, arguments, call_id = value
    if not isinstance(name, str) or not isinstance(arguments, dict) or not isinstance(call_id, str):
        raise MalformedError("A method response is an array of string, object and string.")
    return Invocation(name, arguments, call_id)


def _object(octets: bytes, what: str) -> dict[str, JSON]:
    try:
        value = read(octets)
    except NotIJsonError as error:
        raise MalformedError(f"The {what} is not I-JSON: {error}") from error
    if not isinstance(value, dict):
        raise MalformedError(f"The {what} is no object.")
    return value
