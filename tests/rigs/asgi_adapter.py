"""A `requests` adapter that calls an ASGI app in this process: no socket, the same client code."""

import asyncio
import io
import queue
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from starlette.types import ASGIApp, Message, Scope
from urllib3 import HTTPHeaderDict, HTTPResponse

Timeout = float | tuple[float | None, float | None] | None


class _Body(io.RawIOBase):
    """The answer's octets, as they come from the app."""

    def __init__(self, timeout: float | None) -> None:
        super().__init__()
        self._pieces: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._rest = b""
        self._timeout = timeout
        self._ended = False
        self.hung_up = threading.Event()

    def feed(self, piece: bytes | None) -> None:
        """More octets; None: that was all."""
        if piece is None or piece:
            self._pieces.put(piece)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest and not self._ended:
            try:
                piece = self._pieces.get(timeout=self._timeout)
            except queue.Empty as stalled:
                raise TimeoutError("no octet came in time") from stalled
            self._ended = piece is None
            self._rest = piece or b""
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def close(self) -> None:
        if not self.hung_up.is_set():
            self.hung_up.set()
            self.feed(None)
        super().close()


class AsgiAdapter(BaseAdapter):
    """Runs the app's lifespan and its requests on a loop in a thread of its own. Use as a context manager.

    `client`: the address that the app sees.
    """

    def __init__(self, app: ASGIApp, client: tuple[str, int] = ("127.0.0.1", 50000)) -> None:
        super().__init__()
        self._app = app
        self._client = client
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="asgi", daemon=True)
        self._build = HTTPAdapter().build_response
        self._lifespan: asyncio.Future[None] | None = None
        self._lifespan_in: asyncio.Queue[Message] = asyncio.Queue()
        self._lifespan_out: asyncio.Queue[Message] = asyncio.Queue()
        self._running: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def session(self, base: str = "http://testserver") -> requests.Session:
        """A session whose calls to `base` go to the app."""
        session = requests.Session()
        session.trust_env = False
        session.mount(base, self)
        session.mount(base.replace("http:", "https:"), self)
        return session

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Timeout = None,
        verify: bool | str = True,
        cert: object = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        del stream, verify, cert, proxies
        wait = timeout[1] if isinstance(timeout, tuple) else timeout
        body = _Body(wait)
        head: queue.SimpleQueue[Message | BaseException] = queue.SimpleQueue()
        octets = _octets(request.body)
        asyncio.run_coroutine_threadsafe(self._run(self._scope(request), octets, head, body), self._loop)
        try:
            start = head.get(timeout=wait)
        except queue.Empty as late:
            body.close()
            raise requests.ReadTimeout("no answer came in time", request=request) from late
        if isinstance(start, BaseException):
            raise start
        headers = HTTPHeaderDict()
        for name, value in start["headers"]:
            headers.add(name.decode("latin-1"), value.decode("latin-1"))
        raw = HTTPResponse(
            body=io.BufferedReader(body),
            headers=headers,
            status=start["status"],
            preload_content=False,
            decode_content=False,
            request_method=request.method,
        )
        return self._build(request, raw)

    def close(self) -> None:
        """Shut the app down as a server does, and end the loop. May be called twice."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        scope: Scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._lifespan = asyncio.ensure_future(self._app(scope, self._lifespan_in.get, self._lifespan_out.put))
        await self._lifespan_in.put({"type": "lifespan.startup"})
        answer = await self._lifespan_out.get()
        if answer["type"] != "lifespan.startup.complete":
            raise RuntimeError(answer.get("message", "the app did not start"))

    async def _stop(self) -> None:
        if self._lifespan is None:
            return
        await self._lifespan_in.put({"type": "lifespan.shutdown"})
        await self._lifespan_out.get()
        await self._lifespan
        _, late = await asyncio.wait(self._running, timeout=30) if self._running else (set(), set())
        for task in late:
            task.cancel()
        await self._loop.shutdown_default_executor()

    def _scope(self, request: requests.PreparedRequest) -> Scope:
        parts = urlsplit(str(request.url))
        headers = [(b"host", parts.netloc.encode())]
        headers += [(_latin(name).lower(), _latin(value)) for name, value in request.headers.items()]
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": parts.scheme,
            "path": unquote(parts.path) or "/",
            "raw_path": parts.path.encode() or b"/",
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": headers,
            "client": self._client,
            "server": (parts.hostname, parts.port or 80),
            "state": {},
        }

    async def _run(
        self, scope: Scope, octets: bytes, head: "queue.SimpleQueue[Message | BaseException]", body: _Body
    ) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        asked = False

        async def receive() -> Message:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": octets, "more_body": False}
            while not body.hung_up.is_set():
                await asyncio.sleep(0.01)
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                head.put(message)
            elif message["type"] == "http.response.body":
                if body.hung_up.is_set():
                    raise OSError("the client hung up")
                body.feed(message.get("body", b""))
                if not message.get("more_body", False):
                    body.feed(None)

        try:
            await self._app(scope, receive, send)
        except Exception as error:  # what a server would log, a test shall see
            head.put(error)
        finally:
            body.feed(None)


def _octets(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return body if isinstance(body, bytes) else b"".join(body)


def _latin(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")
