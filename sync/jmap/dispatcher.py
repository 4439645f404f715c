"""Runs the method calls of a request in order and gathers their responses (RFC 8620 sections 3.3 to 3.7)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from sync.jmap.access import Principal
from sync.jmap.blob_method import BlobCopyMethod
from sync.jmap.changes_method import ChangesMethod
from sync.jmap.datatype import DataType
from sync.jmap.errors import JSON, MethodError
from sync.jmap.gate import Gate
from sync.jmap.get_method import GetMethod
from sync.jmap.host import Host
from sync.jmap.limits import CORE
from sync.jmap.methods import Answer, Context, Echo, Method
from sync.jmap.query_method import QueryChangesMethod, QueryMethod
from sync.jmap.references import Invocation, References
from sync.jmap.request import Request, parse_request
from sync.jmap.session import Sessions
from sync.jmap.set_method import SetMethod

_MAX_FOLLOW_UPS = 16
_READING = ("/get", "/changes", "/query", "/queryChanges")


class Dispatcher:
    """The method table of one host. Its calls block; use it from worker threads, as many as you like."""

    def __init__(self, host: Host, further: Sequence[Method] = (), log: logging.Logger | None = None) -> None:
        self._host = host
        self._log = log or logging.getLogger("sync.jmap")
        self._sessions = Sessions(host)
        gate = Gate(host.access)
        methods: list[Method] = [
            Echo(CORE),
            BlobCopyMethod(host.blobs, gate, host.transactions, host.limits),
            *further,
        ]
        for data_type in host.types:
            methods.extend(_methods(data_type, gate, host))
        self._methods: Mapping[str, Method] = {method.name: method for method in methods}
        if len(self._methods) != len(methods):
            raise ValueError("Two methods have the same name.")

    def answer(self, principal: Principal, octets: bytes, request_id: str) -> dict[str, JSON]:
        """The Response object for a request body. `request_id` stands in the log beside failures of our own.

        Raises RequestError when the request as a whole is refused.
        """
        request = parse_request(octets, self._host.limits, self._host.capability_uris())
        run = _Run(self, principal, request, request_id)
        if all(call.name.endswith(_READING) for call in request.calls):
            state = self._host.transactions.read(lambda: self._all(run, request, principal))
        else:
            state = self._all(run, request, principal)
        response: dict[str, JSON] = {
            "methodResponses": [one.as_json() for one in run.responses],
            "sessionState": state,
        }
        if request.created_ids is not None:
            response["createdIds"] = run.created_ids
        return response

    def _all(self, run: _Run, request: Request, principal: Principal) -> str:
        """Every call in turn, and the Session's state afterwards. What only reads does so on one snapshot."""
        for call in request.calls:
            run.call(call)
        return self._host.transactions.read(lambda: self._sessions.state(principal))

    def run(self, name: str, context: Context, arguments: Mapping[str, JSON], request_id: str) -> Answer:
        """One method call. Raises MethodError; a failure of our own becomes `serverFail`."""
        method = self._methods.get(name)
        if method is None or method.capability not in context.using:
            raise MethodError("unknownMethod")
        try:
            return method.run(context, arguments)
        except MethodError:
            raise
        except Exception as error:
            self._log.exception("request %s: %s failed", request_id, name)
            raise MethodError("serverFail", f"Something went wrong here (request {request_id}).") from error

    def references(self) -> References:
        """A fresh budget of references for one request."""
        return References(self._host.limits.max_size_request)


class _Run:
    """One request on its way through the table."""

    def __init__(self, table: Dispatcher, principal: Principal, request: Request, request_id: str) -> None:
        self._table = table
        self._principal = principal
        self._request = request
        self._request_id = request_id
        self._references = table.references()
        self.responses: list[Invocation] = []
        self.created_ids: dict[str, str] = dict(request.created_ids or {})

    def call(self, invocation: Invocation) -> None:
        """Run one call, and what follows from it, under its call id."""
        try:
            arguments = self._references.resolve(invocation.arguments, self.responses)
        except MethodError as error:
            self._respond("error", error.arguments(), invocation.call_id)
            return
        waiting = [(invocation.name, arguments)]
        for _ in range(_MAX_FOLLOW_UPS):
            if not waiting:
                return
            name, arguments = waiting.pop(0)
            answer = self._one(name, arguments, invocation.call_id)
            waiting.extend((one.name, dict(one.arguments)) for one in answer.follow_ups)
        raise RuntimeError("A method call implies calls without end.")

    def _one(self, name: str, arguments: Mapping[str, JSON], call_id: str) -> Answer:
        context = Context(self._principal, self._request.using, self.created_ids)
        try:
            answer = self._table.run(name, context, arguments, self._request_id)
        except MethodError as error:
            self._respond("error", error.arguments(), call_id)
            return Answer({})
        self.created_ids.update(answer.created_ids)
        self._respond(name, answer.arguments, call_id)
        return answer

    def _respond(self, name: str, arguments: Mapping[str, JSON], call_id: str) -> None:
        self.responses.append(Invocation(name, arguments, call_id))


def _methods(data_type: DataType, gate: Gate, host: Host) -> list[Method]:
    shared = (data_type, gate, host.transactions, host.limits)
    methods: list[Method] = [GetMethod(*shared), ChangesMethod(*shared)]
    if not data_type.read_only:
        methods.append(SetMethod(*shared, host.conditional))
    if data_type.queryable:
        methods.extend((QueryMethod(*shared), QueryChangesMethod(*shared)))
    return methods
