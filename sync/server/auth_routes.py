"""Signing in and out over HTTP, and the one check of every token (ARCHITECTURE 3.13)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import anyio
import orjson
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.domain.errors import Denied, Offline
from sync.domain.protocol import TOKEN_PATH
from sync.domain.times import to_utc_date
from sync.server.audit import Actor, Deed
from sync.server.house import House
from sync.server.parts import Colleague

_MOST_BYTES: Final = 16_384
_AT_ONCE: Final = 4
"""Password hashes at a time: each takes 64 MB and a core."""


class AuthRoutes:
    """POST and DELETE /auth/token."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._hashing = anyio.CapacityLimiter(_AT_ONCE)

    def routes(self) -> list[Route]:
        """To be put into the application."""
        return [
            Route(TOKEN_PATH, self.sign_in, methods=["POST"]),
            Route(TOKEN_PATH, self.sign_out, methods=["DELETE"]),
        ]

    async def authenticate(self, request: Request) -> Colleague | None:
        """Who sent this request; None without a token that holds."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return None
        return await to_thread.run_sync(self._house.sign_ins.colleague, token.strip())

    async def sign_in(self, request: Request) -> Response:
        """A name and a password for a token."""
        octets = b""
        async for piece in request.stream():
            octets += piece
            if len(octets) > _MOST_BYTES:
                return _problem(413, "tooLarge", "This is too long for a name and a password.")
        given = _given(octets)
        if given is None:
            return _problem(400, "invalidArguments", "Send JSON with name, password and device, all texts.")
        address = request.client.host if request.client is not None else ""
        issue = partial(self._house.sign_ins.issue, given["name"], given["password"], given["device"], address)
        try:
            issued = await to_thread.run_sync(issue, limiter=self._hashing)
        except Denied as denied:
            return _problem(401, "denied", str(denied), {"www-authenticate": "Bearer"})
        except Offline as slowed:
            return _problem(429, "slowed", str(slowed), {"retry-after": f"{slowed.retry_after or 1:.0f}"})
        document = {"token": issued.token, "tokenId": issued.token_id, "expiresAt": to_utc_date(issued.expires_at)}
        return _json(201, document)

    async def sign_out(self, request: Request) -> Response:
        """The end of the token that was sent."""
        colleague = await self.authenticate(request)
        if colleague is None:
            return _problem(401, "denied", "Sign in first.", {"www-authenticate": "Bearer"})
        await to_thread.run_sync(self._house.sign_ins.revoke, colleague.token_id, Actor.of(colleague), Deed.SIGN_OUT)
        self._house.hub.end(colleague.id)
        return Response(status_code=204)


def _given(octets: bytes) -> dict[str, str] | None:
    try:
        value: Any = orjson.loads(octets)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(value, dict):
        return None
    found = {"device": "", **{name: one for name, one in value.items() if isinstance(one, str)}}
    return found if "name" in found and "password" in found else None


def _json(status: int, document: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        orjson.dumps(document),
        status,
        {"cache-control": "no-store", **(headers or {})},
        media_type="application/json",
    )


def _problem(status: int, kind: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    return _json(status, {"type": kind, "detail": detail}, headers)
