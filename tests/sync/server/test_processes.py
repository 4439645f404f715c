"""A server process as its service manager sees it: roles, sockets, readiness, its end; and which one leads."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic

import pytest
import requests

from sync.domain.errors import Rejected
from sync.server.house import House
from sync.server.leadership import LockLeadership
from sync.server.roles import Role
from sync.server.serve import Binding
from sync.server.supervisor import tell
from sync.server.unix_socket import at_path, given
from tests.rigs.bureau import PASSWORD, QUICK_HASHER
from tests.rigs.terminal import process


@contextmanager
def _serving(
    database: str, *options: str, pass_fds: Sequence[int] = (), **environment: str
) -> Iterator["subprocess.Popen[str]"]:
    """A server process that has said where it answers; `where` is on its command line."""
    served = subprocess.Popen(
        [sys.executable, "-m", "sync.server", "serve", "--database", database, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=pass_fds,
        env={**os.environ, **environment},
    )
    try:
        yield served
    finally:
        served.kill()
        served.communicate()


def _answer(served: "subprocess.Popen[str]") -> str:
    """The address in the line that it says."""
    assert served.stdout is not None
    line = served.stdout.readline()
    assert line.startswith("Deskbell answers at "), line
    return line.split()[-1]


def _get(path: Path, address: str) -> int:
    """A request on a Unix socket; the status."""
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(10)
    connection.sock.connect(str(path))
    with closing(connection):
        connection.request("GET", address)
        return connection.getresponse().status


@pytest.fixture
def database(fresh_postgres_url: str) -> str:
    """With Ann in it."""
    house = House.open(fresh_postgres_url, hasher=QUICK_HASHER)
    house.people.add("Ann", PASSWORD)
    house.close()
    return fresh_postgres_url


def test_each_role_answers_at_its_own_addresses(database: str) -> None:
    places = ("/jmap/events", "/.well-known/jmap", "/", "/healthz", "/readyz")
    found = {}
    for role in ("api", "stream", "all"):
        with _serving(database, "--role", role, "--port", "0") as served:
            address = _answer(served)
            found[role] = [requests.get(address + place, timeout=30).status_code for place in places]
    assert found == {
        "api": [404, 401, 200, 200, 200],
        "stream": [401, 404, 404, 200, 200],
        "all": [401, 401, 200, 200, 200],
    }


def test_a_role_is_not_for_a_file(tmp_path: Path) -> None:
    said = process("serve", "--data", str(tmp_path), "--role", "api", "--port", "0")
    assert (said.code, said.out) == (2, "")
    assert "PostgreSQL" in said.err


def test_it_listens_on_a_unix_socket_in_place_of_one_that_nobody_serves(tmp_path: Path) -> None:
    path = tmp_path / "api.sock"
    at_path(path, 1).close()
    database = str(tmp_path / "server.sqlite")
    with _serving(database, "--uds", str(path), "--behind-proxy") as served:
        assert _answer(served) == f"unix:{path}"
        assert path.stat().st_mode & 0o777 == 0o660
        assert _get(path, "/readyz") == 200
        second = process("serve", "--database", database, "--uds", str(path), "--behind-proxy")
        assert second.code == 2
        assert str(path) in second.err
        assert _get(path, "/readyz") == 200


def test_it_takes_over_an_open_socket(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        options = ("--fd", str(listening.fileno()), "--behind-proxy")
        with _serving(str(tmp_path / "server.sqlite"), *options, pass_fds=[listening.fileno()]) as served:
            address = _answer(served)
            assert address.endswith(f":{listening.getsockname()[1]}")
            assert requests.get(f"{address}/healthz", timeout=30).text == "ok\n"


def test_what_is_no_listening_socket_is_refused() -> None:
    with pytest.raises(Rejected, match="no socket"):
        given(987)
    with socket.socket() as idle, pytest.raises(Rejected, match="not listen"):
        given(idle.fileno())


@pytest.mark.parametrize(
    "binding",
    [
        Binding(uds=Path("a.sock")),
        Binding(fd=3),
        Binding(uds=Path("a.sock"), fd=3, behind_proxy=True),
    ],
)
def test_sockets_for_a_proxy_want_a_proxy(binding: Binding) -> None:
    with pytest.raises(Rejected):
        binding.check()


def test_its_manager_hears_when_it_is_ready_and_when_it_stops(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        database = str(tmp_path / "server.sqlite")
        with _serving(database, "--port", "0", NOTIFY_SOCKET=str(tmp_path / "notify")) as served:
            assert manager.recv(100) == b"READY=1"
            _answer(served)
            served.send_signal(signal.SIGTERM)
            assert manager.recv(100) == b"STOPPING=1"
            assert served.wait(25) == 0


def test_a_manager_that_is_gone_is_no_reason_to_fail(tmp_path: Path) -> None:
    tell({"NOTIFY_SOCKET": str(tmp_path / "nobody")}, "READY=1")
    tell({"NOTIFY_SOCKET": "@nobody-in-the-abstract-space"}, "READY=1")
    tell({}, "READY=1")


def test_it_is_not_ready_without_its_database_and_lives_on(database: str, tmp_path: Path) -> None:
    moved = tmp_path / "server.sqlite"
    with _serving(str(moved), "--port", "0") as served:
        address = _answer(served)
        assert requests.get(f"{address}/readyz", timeout=30).status_code == 200
        with closing(House.open(moved)) as house:
            house.parts.database.write(lambda: house.parts.database.execute("ALTER TABLE schema_step RENAME TO gone"))
        answer = requests.get(f"{address}/readyz", timeout=30)
        assert (answer.status_code, answer.text) == (503, "database\n")
        assert requests.get(f"{address}/healthz", timeout=30).status_code == 200


def test_streams_end_with_a_word_and_a_running_request_is_finished(tmp_path: Path) -> None:
    database = str(tmp_path / "server.sqlite")
    house = House.open(database, hasher=QUICK_HASHER)
    house.people.add("Ann", PASSWORD)
    house.close()
    with _serving(database, "--port", "0") as served, requests.Session() as session:
        address = _answer(served)
        given = {"name": "Ann", "password": PASSWORD, "device": "d"}
        token = session.post(f"{address}/auth/token", json=given, timeout=30).json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        events = f"{address}/jmap/events?types=*&closeafter=no&ping=0"
        slow = socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), 10)
        body = b'{"name": "Ann", "password": "correct horse", "device": "d"}'
        head = f"POST /auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        with session.get(events, stream=True, timeout=30, headers=headers) as stream, slow:
            heard = stream.raw.read1()
            slow.sendall(head + body[:10])
            began = monotonic()
            threading.Timer(0.5, slow.sendall, [body[10:]]).start()
            served.send_signal(signal.SIGTERM)
            while piece := stream.raw.read1():
                heard += piece
            assert heard.endswith(b"\nretry: 500\n\n")
            assert slow.recv(65_536).startswith(b"HTTP/1.1 201 ")
            assert served.wait(25) == 0
            assert monotonic() - began < 25


def test_one_process_leads_until_it_is_gone(fresh_postgres_url: str) -> None:
    first, second = LockLeadership(fresh_postgres_url), LockLeadership(fresh_postgres_url)
    assert [first.held(), second.held(), first.held()] == [True, False, True]
    first.give_up()
    assert [second.held(), first.held()] == [True, False]
    second.give_up()


def test_a_database_that_is_away_has_no_leader() -> None:
    assert not LockLeadership("postgresql://nobody@127.0.0.1:1/nothing").held()


def test_roles_share_the_work() -> None:
    assert [(one.value, one.streams, one.answers) for one in Role] == [
        ("all", True, True),
        ("api", False, True),
        ("stream", True, False),
    ]
