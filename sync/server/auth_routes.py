"""Signing in and out over HTTP, and the one check of every token (ARCHITECTURE 3.13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, TypeVar

import anyio
import orjson
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sync.domain.errors import Denied, Offline, Rejected
from sync.domain.protocol import PASSWORD_PATH, TOKEN_PATH
from sync.domain.times import to_utc_date
from sync.jmap.errors import RequestError
from sync.server.audit import Actor, Deed
from sync.server.ended import SENTENCES
from sync.server.house import House
from sync.server.line import mark_known
from sync.server.parts import Colleague

_MOST_BYTES: Final = 16_384
_AT_ONCE: Final = 1
"""Password hashes at a time: each takes 64 MB, and all the cores that it finds, for some hundredths of a second."""
_WAITING: Final = 32
"""Calls that may wait for a hash; further ones are told to come again."""
_CHECKS_AT_ONCE: Final = 8
"""Tokens looked up at a time, in threads that nothing else may take."""
_CROWDED_SECONDS: Final = 5.0

T = TypeVar("T")


class AuthRoutes:
    """POST and DELETE /auth/token, POST /auth/password."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._hashing = anyio.CapacityLimiter(_AT_ONCE)
        self._checking = anyio.CapacityLimiter(_CHECKS_AT_ONCE)

    def routes(self) -> list[Route]:
        """To be put into the application."""
        return [
            Route(TOKEN_PATH, self.sign_in, methods=["POST"]),
            Route(TOKEN_PATH, self.sign_out, methods=["DELETE"]),
            Route(PASSWORD_PATH, self.change_password, methods=["POST"]),
        ]

    async def authenticate(self, request: Request) -> Colleague | None:
        """Who sent this request; None without a token of ours.

        Raises RequestError 401, whose kind is a word of `Why`, for a token that held once.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return None
        colleague = await to_thread.run_sync(self._holder, token.strip(), limiter=self._checking)
        if colleague is not None:
            mark_known(request)
        return colleague

    def _holder(self, token: str) -> Colleague | None:
        colleague = self._house.sign_ins.colleague(token)
        why = None if colleague is not None else self._house.sign_ins.why_ended(token)
        if why is not None:
            raise RequestError(why.value, SENTENCES[why], status=401)
        return colleague

    async def sign_in(self, request: Request) -> Response:
        """A name and a password for a token."""
        given = await _given(request, "name", "password")
        if isinstance(given, Response):
            return given
        issue = partial(
            self._house.sign_ins.issue, given["name"], given["password"], given.get("device", ""), _address(request)
        )
        try:
            issued = await self._with_a_hash(issue)
        except (Denied, Offline) as refusal:
            return _refused(refusal)
        document = {"token": issued.token, "tokenId": issued.token_id, "expiresAt": to_utc_date(issued.expires_at)}
        return _json(201, document)

    async def sign_out(self, request: Request) -> Response:
        """The end of the token that was sent."""
        colleague = await self._caller(request)
        if isinstance(colleague, Response):
            return colleague
        await to_thread.run_sync(self._house.sign_ins.revoke, colleague.token_id, Actor.of(colleague), Deed.SIGN_OUT)
        self._house.hub.end(colleague.id)
        return Response(status_code=204)

    async def change_password(self, request: Request) -> Response:
        """The caller's own password; their other computers are signed out at once."""
        colleague = await self._caller(request)
        if isinstance(colleague, Response):
            return colleague
        given = await _given(request, "old", "new")
        if isinstance(given, Response):
            return given
        change = partial(self._house.sign_ins.change_password, colleague, given["old"], given["new"], _address(request))
        try:
            await self._with_a_hash(change)
        except (Denied, Offline, Rejected) as refusal:
            return _refused(refusal)
        self._house.hub.end(colleague.id)
        return Response(status_code=204)

    async def _with_a_hash(self, work: Callable[[], T]) -> T:
        """Raises Offline while too many wait already: strangers can make work of this kind."""
        if self._hashing.statistics().tasks_waiting >= _WAITING:
            raise Offline("Many sign in just now. Wait a few seconds, then try again.", _CROWDED_SECONDS)
        return await to_thread.run_sync(work, limiter=self._hashing)

    async def _caller(self, request: Request) -> Colleague | Response:
        try:
            colleague = await self.authenticate(request)
        except RequestError as ended:
            return _problem(401, ended.kind, ended.detail, {"www-authenticate": "Bearer"})
        return colleague or _problem(401, "denied", "Sign in first.", {"www-authenticate": "Bearer"})


async def _given(request: Request, *names: str) -> dict[str, str] | Response:
    """The texts of a small JSON object, with at least these names; otherwise the refusal."""
    octets = b""
    async for piece in request.stream():
        octets += piece
        if len(octets) > _MOST_BYTES:
            return _problem(413, "tooLarge", "This is too long for a name and a password.")
    try:
        value: Any = orjson.loads(octets)
    except orjson.JSONDecodeError:
        value = None
    found = {name: one for name, one in value.items() if isinstance(one, str)} if isinstance(value, dict) else {}
    if not set(names) <= set(found):
        return _problem(400, "invalidArguments", f"Send JSON with {' and '.join(names)}, all texts.")
    return found


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else ""


def _refused(refusal: Denied | Offline | Rejected) -> Response:
    match refusal:
        case Denied():
            return _problem(401, "denied", str(refusal), {"www-authenticate": "Bearer"})
        case Offline():
            return _problem(429, "slowed", str(refusal), {"retry-after": f"{refusal.retry_after or 1:.0f}"})
        case Rejected():
            return _problem(422, refusal.reason, str(refusal))


def _json(status: int, document: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        orjson.dumps(document),
        status,
        {"cache-control": "no-store", **(headers or {})},
        media_type="application/json",
    )


def _problem(status: int, kind: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    return _json(status, {"type": kind, "detail": detail}, headers)
