"""A tiny HTTP server that answers what a test tells it to."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from sync.connectors.session import Session
from sync.domain.clock import SystemClock


@dataclass
class Answer:
    """What the server says; `cut` leaves so many octets of the body away."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    cut: int = 0


@dataclass
class Stub:
    """The running server: its address, its next answer, and what it was asked."""

    address: str
    answer: Answer = field(default_factory=Answer)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def session(self) -> Session:
        """A session with this server."""
        return Session(self.address, "secret", SystemClock(), lambda: "request-1")


@pytest.fixture
def stub() -> Iterator[Stub]:
    """The server, until the test ends."""
    holder: list[Stub] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            known = holder[0]
            known.asked.append((self.command, self.path, dict(self.headers.items()), self.rfile.read(length)))
            answer = known.answer
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: len(answer.body) - answer.cut])
            self.close_connection = True

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815  the names that http.server calls

        def log_message(self, *_: object) -> None:
            """Not on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    holder.append(Stub(f"http://127.0.0.1:{server.server_address[1]}"))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield holder[0]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def free_address() -> str:
    """An address at which nothing listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = server.server_address[1]
    server.server_close()
    return f"http://127.0.0.1:{port}"
