"""The server as a process: it says where it answers, keeps to loopback without TLS, and ends when told."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from sync.domain.errors import Rejected
from sync.server.house import House
from sync.server.serve import Binding, is_loopback
from tests.rigs.bureau import PASSWORD, QUICK_HASHER


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with Ann in it."""
    path = tmp_path / "server.sqlite"
    house = House.open(path, hasher=QUICK_HASHER)
    house.people.add("Ann", PASSWORD)
    house.close()
    return path


@contextmanager
def _serving(database: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process and its address."""
    command = [sys.executable, "-m", "sync.server", "serve", "--database", str(database), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Deskbell answers at "), line
        yield process, line.split()[-1]
    finally:
        process.kill()
        process.communicate()


def test_it_answers_where_it_says_and_ends_with_streams_open(database: Path) -> None:
    with _serving(database) as (process, address), requests.Session() as session:
        assert session.get(f"{address}/.well-known/jmap", timeout=30).status_code == 401
        signed_in = session.post(
            f"{address}/auth/token", json={"name": "Ann", "password": PASSWORD, "device": "d"}, timeout=10
        )
        assert signed_in.status_code == 201
        assert "server" not in signed_in.headers
        session.headers["Authorization"] = f"Bearer {signed_in.json()['token']}"
        document = session.get(f"{address}/.well-known/jmap", timeout=30).json()
        assert document["apiUrl"] == f"{address}/jmap/api"
        events = f"{address}/jmap/events?types=*&closeafter=no&ping=0"
        with session.get(events, stream=True, timeout=30) as stream:
            assert stream.raw.read1()
            process.send_signal(signal.SIGTERM)
            while stream.raw.read1():
                pass
        assert process.wait(timeout=30) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    "binding",
    [
        Binding("0.0.0.0"),  # noqa: S104  # refused, which is the point
        Binding("example.org"),
        Binding("127.0.0.1", tls_cert=Path("cert.pem")),
        Binding("127.0.0.1", tls_cert=Path("/nowhere/cert.pem"), tls_key=Path("/nowhere/key.pem")),
    ],
)
def test_what_would_be_read_by_others_is_refused(binding: Binding) -> None:
    with pytest.raises(Rejected):
        binding.check()


def test_behind_a_proxy_plain_http_is_allowed() -> None:
    Binding("0.0.0.0", behind_proxy=True).check()  # noqa: S104  # allowed, which is the point


def test_a_caller_cannot_choose_the_address_that_counts(database: Path) -> None:
    with _serving(database, "--behind-proxy") as (_, address), requests.Session() as session:
        statuses = []
        for attempt in range(5):
            headers = {"X-Forwarded-For": f"203.0.113.{attempt}, 198.51.100.7"}
            wrong = {"name": "Ann", "password": "wrong", "device": "d"}
            statuses.append(session.post(f"{address}/auth/token", json=wrong, headers=headers, timeout=30).status_code)
        assert statuses[-1] == 429
        elsewhere = {"X-Forwarded-For": "198.51.100.8", "X-Forwarded-Proto": "https"}
        right = {"name": "Ann", "password": PASSWORD, "device": "d"}
        token = session.post(f"{address}/auth/token", json=right, headers=elsewhere, timeout=30).json()["token"]
        headers = {**elsewhere, "Authorization": f"Bearer {token}"}
        document = session.get(f"{address}/.well-known/jmap", headers=headers, timeout=30).json()
        assert document["apiUrl"].startswith("https://")


@pytest.mark.parametrize(
    ("host", "expected"),
    [("localhost", True), ("127.0.0.9", True), ("::1", True), ("10.0.0.1", False), ("help.example.org", False)],
)
def test_loopback_is_known(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_a_port_that_is_taken_is_said_to_be(database: Path) -> None:
    with _serving(database) as (_, address):
        port = address.rpartition(":")[2]
        command = [sys.executable, "-m", "sync.server", "serve", "--database", str(database), "--port", port]
        second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 2
    assert port in second.stderr
    assert len(second.stderr.strip().splitlines()) == 1
