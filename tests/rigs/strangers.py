"""What may answer at an address instead of our server: nobody, a web page, another API, a stranger's certificate."""

import datetime
import ipaddress
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync.domain.protocol import CAPABILITY, SESSION_PATH, TOKEN_PATH

Reply = tuple[int, str, bytes]
Answering = Callable[[str, str, dict[str, str]], Reply]


def free_address() -> str:
    """An address of this machine where nobody listens."""
    with socket.socket() as knock:
        knock.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{knock.getsockname()[1]}"


@contextmanager
def stranger(answer: Answering, certificate: Path | None = None) -> Iterator[str]:
    """A server that answers with `answer(method, path, headers)`; over TLS with a certificate."""

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, media_type, body = answer(self.command, self.path, dict(self.headers))
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = _reply  # noqa: N815 (the base class calls them so)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class calls it so)
            """Nothing is logged."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that breaks off the handshake is what is tested."""

    server = Server(("127.0.0.1", 0), Handler)
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"{scheme}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def own_certificate(folder: Path, days: int = 1) -> Path:
    """A certificate that nobody vouches for, with its key, in one file; `days` below 0: it has run out."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(days=9))
    builder = builder.not_valid_after(now + datetime.timedelta(days=days)).add_extension(names, critical=False)
    signed = builder.sign(key, hashes.SHA256())
    path = folder / "own.pem"
    encoding = serialization.Encoding.PEM
    private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + signed.public_bytes(encoding))
    return path


def web_page(_method: str, _path: str, _headers: dict[str, str]) -> Reply:
    """A hotel's page, whatever is asked."""
    return 200, "text/html", b"<html><title>Welcome</title></html>"


def other_service(_method: str, _path: str, _headers: dict[str, str]) -> Reply:
    """An API that is not ours."""
    return 404, "application/json", b'{"detail": "Not Found"}'


def of_protocol(address: str, token: str, version: int) -> Answering:
    """Our server at `address`, as one of another protocol version would present itself."""

    def answer(method: str, path: str, _headers: dict[str, str]) -> Reply:
        if path == TOKEN_PATH:
            return 201, "application/json", json.dumps({"token": token}).encode()
        if path != SESSION_PATH:
            return 404, "application/json", b"{}"
        bearer = {"Authorization": f"Bearer {token}"}
        session = requests.request(method, address + path, headers=bearer, timeout=20).json()
        session["capabilities"][CAPABILITY]["protocol"] = version
        return 200, "application/json", json.dumps(session).encode()

    return answer
