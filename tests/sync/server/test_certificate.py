"""The server with its own certificate: HTTPS as a process, and a newer certificate without a restart."""

import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import trustme

from sync.server.house import House
from tests.rigs.bureau import PASSWORD, QUICK_HASHER

AUTHORITY = trustme.CA()


class Secure:
    """A server process that serves HTTPS from two files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = folder / "authority.pem"
        AUTHORITY.cert_pem.write_to_path(self.authority)
        self.install()
        house = House.open(folder / "server.sqlite", hasher=QUICK_HASHER)
        house.people.add("Ann", PASSWORD)
        house.close()
        command = [sys.executable, "-m", "sync.server", "serve", "--database", str(folder / "server.sqlite")]
        files = ["--tls-cert", str(folder / "chain.pem"), "--tls-key", str(folder / "key.pem")]
        self.process = subprocess.Popen(
            [*command, "--port", "0", *files], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline().rpartition(":")[2])

    def install(self) -> None:
        """A new certificate in the two files."""
        issued = AUTHORITY.issue_cert("localhost")
        (self.folder / "chain.pem").write_bytes(b"".join(one.bytes() for one in issued.cert_chain_pems))
        issued.private_key_pem.write_to_path(self.folder / "key.pem")

    def shown(self) -> str:
        """The certificate that a new connection is shown."""
        return ssl.get_server_certificate(("localhost", self.port), timeout=20)

    def hears_of_it(self) -> None:
        self.process.send_signal(signal.SIGHUP)


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Secure]:
    opened = Secure(tmp_path)
    yield opened
    opened.process.kill()
    opened.process.communicate()


def _until_another(secure: Secure, before: str) -> str:
    for _ in range(1000):
        now = secure.shown()
        if now != before:
            return now
    raise TimeoutError


def test_https_from_own_files_and_a_newer_certificate_while_a_stream_is_open(secure: Secure) -> None:
    base = f"https://localhost:{secure.port}"
    with requests.Session() as session:
        session.verify, session.trust_env = str(secure.authority), False
        form = session.get(f"{base}/", timeout=20)
        assert "max-age=31536000" in form.headers["strict-transport-security"]
        who = {"name": "Ann", "password": PASSWORD, "device": "d"}
        token = session.post(f"{base}/auth/token", json=who, timeout=20).json()["token"]
        session.headers["Authorization"] = f"Bearer {token}"
        assert session.get(f"{base}/.well-known/jmap", timeout=20).json()["apiUrl"] == f"{base}/jmap/api"
        with session.get(f"{base}/jmap/events?types=*&closeafter=no&ping=0", stream=True, timeout=20) as stream:
            assert stream.raw.read1()
            before = secure.shown()
            secure.install()
            secure.hears_of_it()

            _until_another(secure, before)

            assert session.get(f"{base}/.well-known/jmap", timeout=20).status_code == 200


def test_a_certificate_that_cannot_be_used_is_said_and_the_old_one_stays(secure: Secure) -> None:
    before = secure.shown()
    (secure.folder / "chain.pem").write_text("no certificate")
    secure.hears_of_it()
    assert secure.process.stderr is not None
    assert "the old one stays" in secure.process.stderr.readline()

    assert secure.shown() == before
    secure.install()
    secure.hears_of_it()
    _until_another(secure, before)
