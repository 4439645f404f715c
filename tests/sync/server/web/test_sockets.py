"""The public side of a server process, over real sockets: big, slow and broken senders."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests

from sync.server.house import House
from tests.rigs.street import GOOD


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server process: host and port, and its database."""
    folder = tmp_path_factory.mktemp("served")
    command = [sys.executable, "-m", "sync.server", "--data", str(folder)]
    for words in (["init"], ["category", "add", "Billing"], ["setting", "form.per_hour", "1000"]):
        subprocess.run([*command, *words], check=True, capture_output=True)
    server = subprocess.Popen([*command, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().split()[-1].removeprefix("http://"), folder / "deskbell.sqlite"
    finally:
        server.terminate()
        server.communicate(timeout=20)


def _tickets(database: Path) -> int:
    house = House.open(database)
    try:
        return int(house.parts.database.read(lambda: house.parts.database.select("SELECT COUNT(*) FROM ticket"))[0][0])
    finally:
        house.close()


@pytest.mark.parametrize("megabytes", [30, 80])
def test_a_file_that_is_too_big_gets_a_readable_page(served: tuple[str, Path], megabytes: int) -> None:
    host, database = served
    before = _tickets(database)
    big = {"files": ("film.mp4", bytes(megabytes * 1_000_000), "video/mp4")}

    answer = requests.post(f"http://{host}/tickets", data=GOOD, files=big, timeout=60)

    assert answer.status_code == 413
    assert "25 MB" in answer.text
    assert _tickets(database) == before


def test_a_body_without_a_length_is_counted_while_it_comes(served: tuple[str, Path]) -> None:
    host, _ = served
    pieces = iter([b"text=", *[b"x" * 1_000_000] * 40])
    headers = {"content-type": "application/x-www-form-urlencoded"}

    refused = requests.post(f"http://{host}/tickets", data=pieces, headers=headers, timeout=60)
    body = urlencode(GOOD).encode()
    taken = requests.post(f"http://{host}/tickets", data=iter([body[:7], body[7:]]), headers=headers, timeout=60)

    assert refused.status_code == 413
    assert taken.status_code == 200
    assert "/t/" in taken.url


def test_head_says_what_get_would(served: tuple[str, Path]) -> None:
    connection = http.client.HTTPConnection(served[0], timeout=20)
    connection.request("HEAD", "/")
    answer = connection.getresponse()

    assert answer.status == 200
    assert answer.read() == b""
    assert int(answer.headers["content-length"]) > 1000
    connection.close()


def test_whoever_hangs_up_half_way_leaves_nothing(served: tuple[str, Path]) -> None:
    host, database = served
    name, port = host.split(":")
    before = _tickets(database)
    head = f"POST /tickets HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"

    for _ in range(5):
        with socket.create_connection((name, int(port)), timeout=20) as line:
            line.sendall(f"{head}Content-Length: 5000\r\n\r\n{urlencode(GOOD)}".encode())

    assert requests.get(f"http://{host}/", timeout=20).status_code == 200
    assert _tickets(database) == before


def test_slow_senders_keep_nobody_waiting(served: tuple[str, Path]) -> None:
    host, _ = served
    name, port = host.split(":")
    head = f"POST /tickets HTTP/1.1\r\nHost: {host}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    lines = [socket.create_connection((name, int(port)), timeout=20) for _ in range(100)]
    try:
        for line in lines:
            line.sendall(f"{head}Content-Length: 5000\r\n\r\n--x".encode())
        started = time.monotonic()
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: requests.post(f"http://{host}/tickets", data=GOOD, timeout=20), range(8)))
    finally:
        for line in lines:
            line.close()

    assert [answer.status_code for answer in answers] == [200] * 8
    assert time.monotonic() - started < 10


def test_the_same_click_from_many_lines_is_one_ticket(served: tuple[str, Path]) -> None:
    host, database = served
    before = _tickets(database)
    form = {**GOOD, "key": "one-click"}

    with ThreadPoolExecutor(8) as pool:
        pages = {requests.post(f"http://{host}/tickets", data=form, timeout=20).url for _ in pool.map(str, range(8))}

    assert len(pages) == 1
    assert _tickets(database) == before + 1
