"""An independent client, `jmapc` from PyPI, talks to a host over TLS."""

import datetime
import ipaddress
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import jmapc
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from jmapc.methods import CoreEcho, CustomMethod, CustomResponse
from jmapc.methods.base import Invocation

from tests.contract.jmap.rig import CORE
from tests.contract.jmap.toy import TOYS, ToyHost


class ToyMethod(CustomMethod):
    """A method of the toy capability."""

    def __init__(self, name: str, data: dict[str, object]) -> None:
        super().__init__(data)
        self.jmap_method = name
        type(self).using = {CORE, TOYS}


class ToyClient(jmapc.Client):
    """jmapc takes the account from the core capability, where RFC 8620 says it should not stand."""

    @property
    def account_id(self) -> str:
        return "A1"


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private


class _Server(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answering.set()

    @property
    def port(self) -> int:
        return int(self.servers[0].sockets[0].getsockname()[1])


@pytest.fixture
def client(toys: ToyHost, tmp_path: Path) -> Iterator[jmapc.Client]:
    """jmapc, signed in as ann."""
    certificate, private = _certificate(tmp_path)
    server = _Server(
        uvicorn.Config(
            toys.app, port=0, ssl_certfile=str(certificate), ssl_keyfile=str(private), lifespan="off", log_config=None
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert server.answering.wait(20)
        toys.base = f"https://127.0.0.1:{server.port}"
        found = ToyClient.create_with_api_token(f"127.0.0.1:{server.port}", "ann")
        found.requests_session.verify = str(certificate)
        found.requests_session.trust_env = False
        with found.requests_session:
            yield found
    finally:
        server.should_exit = True
        thread.join(20)


def test_the_session_is_understood(client: jmapc.Client) -> None:
    """Section 2."""
    session = client.jmap_session
    assert session.username == "ann@toys.example"
    assert session.capabilities.urns >= {CORE, TOYS}
    assert session.state


def test_echo(client: jmapc.Client) -> None:
    """Section 4."""
    found = client.request(CoreEcho(data={"hello": "world"}))
    assert isinstance(found, jmapc.methods.CoreEchoResponse)
    assert found.data == {"hello": "world"}


def test_a_set_then_changes_that_feed_get(client: jmapc.Client) -> None:
    """Sections 5.1 to 5.3 with a back-reference."""
    made = client.request(ToyMethod("Todo/set", {"accountId": "A1", "create": {"k": {"title": "from jmapc"}}}))
    assert isinstance(made, CustomResponse)
    assert made.data is not None
    object_id = made.data["created"]["k"]["id"]
    reference = {"resultOf": "0", "name": "Todo/changes", "path": "/created"}
    answers = client.request(
        [
            Invocation("0", ToyMethod("Todo/changes", {"accountId": "A1", "sinceState": made.data["oldState"]})),
            Invocation("1", ToyMethod("Todo/get", {"accountId": "A1", "#ids": reference})),
        ]
    )
    got = answers[1].response
    assert isinstance(got, CustomResponse)
    assert got.data is not None
    assert [(one["id"], one["title"]) for one in got.data["list"]] == [(object_id, "from jmapc")]


def test_an_unknown_method_is_an_error(client: jmapc.Client) -> None:
    """Section 3.6.2."""
    found = client.request(ToyMethod("Todo/explode", {"accountId": "A1"}))
    assert isinstance(found, jmapc.errors.Error)
    assert found.type == "unknownMethod"
