"""Webhooks over HTTP: `POST /hooks/NAME`; whoever cannot sign learns nothing."""

from __future__ import annotations

from typing import Final

import anyio
import peewee
from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sync.domain.errors import DeskbellError, Rejected
from sync.server.webhooks.hooks import Hooks

_BODY_MAX: Final = 256_000
_AT_ONCE: Final = 4
_PATIENCE_S: Final = 30.0


class HookRoutes:
    """201 where it was new, 200 where it was known already, 401 without a word, 422 with what cannot be understood."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks
        self._threads = anyio.CapacityLimiter(_AT_ONCE)

    def routes(self) -> list[Route]:
        """To be put into the application."""
        return [Route("/hooks/{name}", self.take_in, methods=["POST"])]

    async def take_in(self, request: Request) -> Response:
        """One event."""
        try:
            with anyio.fail_after(_PATIENCE_S):
                body = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return Response(status_code=408)
        if body is None:
            return Response(status_code=413)
        name, headers = request.path_params["name"], dict(request.headers)
        try:
            was_new = await to_thread.run_sync(self._hooks.take_in, name, headers, body, limiter=self._threads)
        except Rejected as wrong:
            return JSONResponse({"type": "invalid", "detail": str(wrong)}, 422)
        except (DeskbellError, peewee.OperationalError):
            return Response(status_code=503, headers={"retry-after": "30"})
        if was_new is None:
            return Response(status_code=401)
        return Response(status_code=201 if was_new else 200)


async def _body(request: Request) -> bytes | None:
    """None: longer than is taken."""
    pieces = bytearray()
    async for piece in request.stream():
        pieces += piece
        if len(pieces) > _BODY_MAX:
            return None
    return bytes(pieces)
