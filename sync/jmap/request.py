"""The Request object, checked whole before anything runs (RFC 8620 sections 3.3 and 3.6.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sync.jmap.errors import JSON, RequestError
from sync.jmap.kinds import ID, map_of
from sync.jmap.limits import Limits
from sync.jmap.references import Invocation
from sync.jmap.wire import NotIJsonError, read

_CREATED_IDS = map_of(ID, ID)


@dataclass(frozen=True)
class Request:
    """A well-formed request. `created_ids` is None when the client gave none."""

    using: frozenset[str]
    calls: Sequence[Invocation]
    created_ids: Mapping[str, str] | None


def parse_request(octets: bytes, limits: Limits, capabilities: Collection[str]) -> Request:
    """Read a request. Raises RequestError `limit`, `notJSON`, `notRequest` or `unknownCapability`."""
    if len(octets) > limits.max_size_request:
        raise too_large(limits)
    try:
        value = read(octets)
    except NotIJsonError as error:
        raise RequestError("notJSON", f"The request is not I-JSON: {error}") from error
    request = _request(value)
    for capability in sorted(request.using):
        if capability not in capabilities:
            raise RequestError("unknownCapability", f"This server does not know {capability[:200]!r}.")
    if len(request.calls) > limits.max_calls_in_request:
        raise RequestError(
            "limit",
            f"A request may hold {limits.max_calls_in_request} method calls.",
            limit="maxCallsInRequest",
        )
    return request


def too_large(limits: Limits) -> RequestError:
    """The error for a request beyond maxSizeRequest."""
    return RequestError(
        "limit",
        f"A request may have {limits.max_size_request} octets.",
        status=413,
        limit="maxSizeRequest",
    )


def _request(value: JSON) -> Request:
    if not isinstance(value, dict):
        raise RequestError("notRequest", "A request is an object with using and methodCalls.")
    using, calls, created = value.get("using"), value.get("methodCalls"), value.get("createdIds")
    if not isinstance(using, list) or not all(isinstance(one, str) for one in using):
        raise RequestError("notRequest", "using must be an array of strings.")
    if not isinstance(calls, list):
        raise RequestError("notRequest", "methodCalls must be an array.")
    if "createdIds" in value and not _CREATED_IDS.accepts(created):
        raise RequestError("notRequest", "createdIds must map ids to ids.")
    return Request(frozenset(using), [_invocation(one) for one in calls], created)


def _invocation(value: JSON) -> Invocation:
    if not isinstance(value, list) or len(value) != 3:
        raise RequestError("notRequest", "A method call is an array of name, arguments and call id.")
    name, arguments, call_id = value
    if not isinstance(name, str) or not isinstance(arguments, dict) or not isinstance(call_id, str):
        raise RequestError("notRequest", "A method call is an array of string, object and string.")
    return Invocation(name, arguments, call_id)
