"""Whom a workstation believes: certificates over a real socket."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from sync.connectors.session import Session
from sync.domain.clock import SystemClock
from sync.domain.errors import Offline, Rejected

Serve = Callable[[trustme.LeafCert], str]
OURS = trustme.CA()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """An empty object."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Not on the terminal."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A client that hangs up on a bad certificate is what is wanted here."""


@contextmanager
def _served(certificate: trustme.LeafCert) -> Iterator[str]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serve with a certificate; gives host and port."""
    with ExitStack() as stack:
        yield lambda certificate: stack.enter_context(_served(certificate))


@pytest.fixture
def ca_file(tmp_path: Path) -> str:
    """Our authority's certificate."""
    OURS.cert_pem.write_to_path(tmp_path / "ca.pem")
    return str(tmp_path / "ca.pem")


def _get(host: str, ca_file: str | None, scheme: str = "https") -> bytes:
    return Session(f"{scheme}://{host}", "secret", SystemClock(), lambda: "r", ca_file).get("/.well-known/jmap")


def test_a_file_of_certificates_is_believed(serve: Serve, ca_file: str) -> None:
    assert _get(serve(OURS.issue_cert("localhost")), ca_file) == b"{}"


def test_the_named_file_counts_whatever_the_surroundings_say(
    serve: Serve, ca_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other))
    assert _get(serve(OURS.issue_cert("localhost")), ca_file) == b"{}"


def test_without_the_file_it_is_a_stranger(serve: Serve) -> None:
    with pytest.raises(Offline, match=r"not one that this computer trusts.*--ca-file\.$"):
        _get(serve(OURS.issue_cert("localhost")), None)


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        (lambda: OURS.issue_cert("elsewhere.example"), "made out to another name"),
        (lambda: OURS.issue_cert("localhost", not_after=datetime.now(UTC) - timedelta(days=1)), "has expired"),
        (lambda: OURS.issue_cert("localhost", not_before=datetime.now(UTC) + timedelta(days=1)), "not valid yet"),
        (lambda: trustme.CA().issue_cert("localhost"), "trusts"),
    ],
    ids=["another name", "expired", "not yet", "another authority"],
)
def test_a_bad_certificate_is_called_what_it_is(
    serve: Serve, ca_file: str, certificate: Callable[[], trustme.LeafCert], words: str
) -> None:
    with pytest.raises(Offline) as caught:
        _get(serve(certificate()), ca_file)
    assert words in str(caught.value)
    assert "nothing was sent" in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_port_that_speaks_no_tls_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        thread = threading.Thread(target=_speak_plainly, args=(plain,))
        thread.start()
        with pytest.raises(Offline, match="https as it should"):
            _get(f"127.0.0.1:{plain.getsockname()[1]}", None)
        thread.join()


def _speak_plainly(plain: socket.socket) -> None:
    connection, _ = plain.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_a_file_without_certificates_is_said(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("nonsense")
    for path in (file, tmp_path / "missing.pem"):
        with pytest.raises(Rejected, match="holds no certificates"):
            _get("localhost:9", str(path))


def test_no_plain_http_leaves_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    def connected(*_: object) -> None:
        raise AssertionError("something was sent")

    monkeypatch.setattr(socket.socket, "connect", connected)
    with pytest.raises(Rejected, match="only be reached with https"):
        _get("helpdesk.example", None, "http")
