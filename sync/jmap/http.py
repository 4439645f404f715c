"""The thin HTTP skin over the protocol: Starlette routes that a server mounts (RFC 8620 2, 3.1, 6 and 7.3)."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sync.jmap.access import Principal
from sync.jmap.beginnings import Beginning, Beginnings, EventResponse
from sync.jmap.blob_headers import download_headers, media_type, shown_type
from sync.jmap.dispatcher import Dispatcher
from sync.jmap.errors import JSON, MethodError, RequestError
from sync.jmap.event_stream import EventStream, parse_options
from sync.jmap.feed import Feed
from sync.jmap.gate import Gate
from sync.jmap.host import Host
from sync.jmap.kinds import is_id
from sync.jmap.request import too_large
from sync.jmap.session import API_PATH, DOWNLOAD_PATH, EVENTS_PATH, SESSION_PATH, UPLOAD_PATH, Sessions
from sync.jmap.slots import Slots
from sync.jmap.wire import write

T = TypeVar("T")

Authenticate = Callable[[Request], Awaitable[Principal | None]]
"""Who asks, None: nobody we know (401). May raise RequestError, with status 429 for example."""

_PIECES_OF_A_BEGINNING: Final = 2
_NO_STORE = {"cache-control": "no-cache, no-store, must-revalidate"}


@dataclass(frozen=True)
class Surroundings:
    """What the routes need besides the host.

    `base_url` gives this server's public address without a slash at its end. `retry_ms`: the pause that streams
    ask of clients. `threads`: method calls and account checks that run at once. `beginnings`: streams that may be
    about to begin at once.
    """

    authenticate: Authenticate
    feed: Feed
    base_url: Callable[[Request], str]
    monotonic: Callable[[], float]
    new_request_id: Callable[[], str]
    retry_ms: int = 5000
    threads: int = 16
    beginnings: int = 256


class JmapHttp:
    """The routes of one host."""

    def __init__(self, host: Host, dispatcher: Dispatcher, around: Surroundings) -> None:
        self._host = host
        self._dispatcher = dispatcher
        self._around = around
        self._sessions = Sessions(host)
        self._gate = Gate(host.access)
        self._log = logging.getLogger("sync.jmap")
        self._requests = Slots(host.limits.max_concurrent_requests, "maxConcurrentRequests")
        self._uploads = Slots(host.limits.max_concurrent_upload, "maxConcurrentUpload")
        self._streams = Slots(host.limits.max_concurrent_streams, "maxConcurrentStreams")
        self._beginnings = Beginnings(around.beginnings, around.monotonic)
        self._threads = anyio.CapacityLimiter(around.threads)

    def routes(self) -> list[Route]:
        """All of them, to be put into the server's application."""
        download = DOWNLOAD_PATH.replace("{name}", "{name:path}")
        return [
            Route(SESSION_PATH, self._guarded(self._session), methods=["GET"]),
            Route(API_PATH, self._guarded(self._api), methods=["POST"]),
            Route(UPLOAD_PATH, self._guarded(self._upload), methods=["POST"]),
            Route(download, self._guarded(self._download), methods=["GET"]),
            Route(EVENTS_PATH, self._in_turn(self._guarded(self._events)), methods=["GET"]),
        ]

    async def _session(self, request: Request, principal: Principal) -> Response:
        base_url = self._around.base_url(request)
        read = self._host.transactions.read
        found = await self._thread(lambda: read(lambda: self._sessions.session(principal, base_url)))
        return _json(found, headers=_NO_STORE)

    async def _api(self, request: Request, principal: Principal) -> Response:
        content_type = request.headers.get("content-type", "")
        if content_type.partition(";")[0].strip().lower() != "application/json":
            raise RequestError("notJSON", "The content type must be application/json.")
        with self._requests.taken(principal.id):
            octets = await self._body(request)
            request_id = self._around.new_request_id()
            answer = await self._thread(lambda: write(self._dispatcher.answer(principal, octets, request_id)))
        return Response(answer, media_type="application/json", headers=_NO_STORE)

    async def _upload(self, request: Request, principal: Principal) -> Response:
        account_id = request.path_params["accountId"]
        with self._uploads.taken(principal.id):
            await self._enter(principal, account_id, writes=True)
            blob = await self._host.blobs.store(
                principal,
                account_id,
                media_type(request.headers.get("content-type")),
                self._upload_pieces(request),
            )
        found = {"accountId": account_id, "blobId": blob.id, "type": blob.type, "size": blob.size}
        return _json(found, status=201, headers=_NO_STORE)

    async def _download(self, request: Request, principal: Principal) -> Response:
        account_id, blob_id = request.path_params["accountId"], request.path_params["blobId"]
        await self._enter(principal, account_id, writes=False)
        found = await self._host.blobs.open(principal, account_id, blob_id) if is_id(blob_id) else None
        if found is None:
            raise _not_found()
        headers = download_headers(request.path_params["name"], found.blob.size)
        headers["content-type"] = shown_type(request.query_params.get("accept"))
        return StreamingResponse(found.pieces, headers=headers)

    async def _events(self, request: Request, principal: Principal) -> Response:
        around = self._around
        options = parse_options(request.query_params, self._host.limits)
        self._streams.check(principal.id)
        last_id = request.headers.get("last-event-id", "")
        stream = EventStream(around.feed, principal, options, last_id, around.monotonic, around.retry_ms)
        headers = {**_NO_STORE, "x-accel-buffering": "no"}
        begun: Beginning = request.state.beginning
        octets = self._counted(principal.id, stream, begun)
        return EventResponse(octets, begun, headers)

    async def _counted(self, principal_id: str, stream: EventStream, begun: Beginning) -> AsyncIterator[bytes]:
        with self._streams.held(principal_id):
            async with aclosing(stream.octets()) as pieces:
                number = 0
                async for piece in pieces:
                    yield piece
                    number += 1
                    if number == _PIECES_OF_A_BEGINNING:
                        begun.end()

    def _in_turn(self, handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """So many streams may begin at once: when all come back together, the rest is told when to come again, which
        costs next to nothing, and not kept until it has given up."""

        async def in_turn(request: Request) -> Response:
            if self._beginnings.are_full:
                turn = self._beginnings.next_turn()
                return _problem(RequestError("busy", "Too many come at once.", status=503, retry_after=turn))
            request.state.beginning = begun = Beginning(self._beginnings)
            response = None
            try:
                response = await handler(request)
            finally:
                if not isinstance(response, EventResponse):
                    begun.end()
            return response

        return in_turn

    async def _body(self, request: Request) -> bytes:
        limit = self._host.limits.max_size_request
        pieces, size = [], 0
        async for piece in request.stream():
            size += len(piece)
            if size > limit:
                raise too_large(self._host.limits)
            pieces.append(piece)
        return b"".join(pieces)

    async def _upload_pieces(self, request: Request) -> AsyncIterator[bytes]:
        limit, size = self._host.limits.max_size_upload, 0
        announced = request.headers.get("content-length", "0")
        if announced.isdigit() and int(announced[:19]) > limit:
            raise _upload_too_large(limit)
        async for piece in request.stream():
            size += len(piece)
            if size > limit:
                raise _upload_too_large(limit)
            if piece:
                yield piece

    async def _enter(self, principal: Principal, account_id: str, *, writes: bool) -> None:
        enter = partial(self._gate.enter, principal, account_id, None, writes=writes)
        try:
            await self._thread(lambda: self._host.transactions.read(enter))
        except MethodError as error:
            if error.kind == "accountReadOnly":
                raise RequestError("forbidden", "This account is read-only.", status=403) from error
            raise _not_found() from error

    async def _thread(self, work: Callable[[], T]) -> T:
        return await anyio.to_thread.run_sync(work, limiter=self._threads)

    def _guarded(
        self, handler: Callable[[Request, Principal], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            try:
                principal = await self._around.authenticate(request)
                if principal is None:
                    raise RequestError("unauthorized", "Sign in first.", status=401)
                return await handler(request, principal)
            except RequestError as error:
                return _problem(error)
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception:
                self._log.exception("%s %s failed", request.method, request.url.path)
                return _problem(RequestError("serverFail", "Something went wrong here.", status=500))

        return guarded


def _json(value: JSON, *, status: int = 200, headers: dict[str, str]) -> Response:
    return Response(write(value), status, headers, media_type="application/json")


def _problem(error: RequestError) -> Response:
    headers = dict(_NO_STORE)
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    if error.status in (429, 503):
        headers["retry-after"] = str(error.retry_after)
    return Response(write(error.problem()), error.status, headers, media_type="application/problem+json")


def _not_found() -> RequestError:
    return RequestError("notFound", "There is nothing at this address.", status=404)


def _upload_too_large(limit: int) -> RequestError:
    return RequestError("limit", f"A file may have {limit} octets.", status=413, limit="maxSizeUpload")
