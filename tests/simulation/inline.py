"""The server's app on the thread that asks: no socket, no loop, no other thread that could come first."""

import io
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

import anyio.to_thread
import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from starlette.types import ASGIApp, Message, Scope
from urllib3 import HTTPHeaderDict, HTTPResponse

T = TypeVar("T")


async def _here(work: Callable[..., T], *arguments: object, **_named: object) -> T:
    """`anyio.to_thread.run_sync` without the thread."""
    return work(*arguments)


@contextmanager
def no_threads() -> Iterator[None]:
    """Within this the server's blocking work is done by whoever waits for it."""
    real = anyio.to_thread.run_sync
    anyio.to_thread.run_sync = _here  # type: ignore[assignment]  # the same but for where it runs
    try:
        yield
    finally:
        anyio.to_thread.run_sync = real


class InlineAdapter(BaseAdapter):
    """For `requests`: each call runs the app to the end of its answer. Only within `no_threads`."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__()
        self._app = app
        self._build = HTTPAdapter().build_response

    def send(self, request: requests.PreparedRequest, *_args: Any, **_named: Any) -> requests.Response:
        """The answer."""
        start, body = self.exchange(request)
        headers = HTTPHeaderDict()
        for name, value in start["headers"]:
            headers.add(name.decode("latin-1"), value.decode("latin-1"))
        raw = HTTPResponse(body=io.BytesIO(body), headers=headers, status=start["status"], preload_content=False)
        return self._build(request, raw)

    def close(self) -> None:
        """Nothing to close."""

    def exchange(self, request: requests.PreparedRequest) -> tuple[Message, bytes]:
        """The head of the answer and its octets."""
        octets = _octets(request.body)
        said: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": octets, "more_body": False}

        async def send(message: Message) -> None:
            said.append(message)

        _to_the_end(self._app(_scope(request), receive, send))
        return said[0], b"".join(one.get("body", b"") for one in said[1:])


def _to_the_end(work: Awaitable[None]) -> None:
    """Run what has nothing to wait for."""
    for _ in work.__await__():
        raise AssertionError("the server waits for something that no thread of this process will bring")


def _scope(request: requests.PreparedRequest) -> Scope:
    parts = urlsplit(str(request.url))
    headers = [(b"host", parts.netloc.encode())]
    headers += [(_latin(name).lower(), _latin(value)) for name, value in request.headers.items()]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": parts.scheme,
        "path": unquote(parts.path) or "/",
        "raw_path": parts.path.encode() or b"/",
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 50000),
        "server": (parts.hostname, parts.port or 80),
        "state": {},
    }


def _octets(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b"".join(body)


def _latin(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
