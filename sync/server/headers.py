"""The headers that keep a browser from doing anything with an answer but show it: on every answer, whatever it is."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVERYWHERE: Final = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
OVER_TLS: Final = {"strict-transport-security": "max-age=31536000"}


class StrictHeaders:
    """Puts the headers on every answer, where it does not set them itself; the strictest is the default."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = EVERYWHERE | OVER_TLS if scope.get("scheme") == "https" else EVERYWHERE

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in given.items():
                    headers.setdefault(name, value)
                if _may_be_framed(headers["content-security-policy"]):
                    del headers["x-frame-options"]
            await send(message)

        await self._app(scope, receive, with_headers)


def _may_be_framed(policy: str) -> bool:
    """The older header knows no list of sites: where the policy names some, it must not be there."""
    return "frame-ancestors " in policy and "frame-ancestors 'none'" not in policy
