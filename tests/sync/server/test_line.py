"""One connection over real sockets: what it may take, and whose connection goes when there are too many."""

import asyncio
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from sync.server.door import Door, Patience, Room
from sync.server.line import lines, mark_known

SHORT = Patience(head=0.3, body=0.3, body_octets=1000, reading=0.3, idle=0.3, idle_known=60)
LONG = Patience()
ROOM = Room()
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
WAIT = 5


class Post:
    """A server in a thread, and sockets to it."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self._lines: list[socket.socket] = []

    def line(self, octets: bytes = b"") -> socket.socket:
        line = socket.create_connection(self.address, timeout=WAIT)
        self._lines.append(line)
        line.sendall(octets)
        return line

    def close(self) -> None:
        for line in self._lines:
            line.close()


def _end(line: socket.socket) -> bytes:
    """Everything that comes until the server ends the connection; TimeoutError if it does not."""
    found = b""
    try:
        while piece := line.recv(65536):
            found += piece
    except ConnectionResetError:
        pass
    return found


def _hear(line: socket.socket, ending: bytes) -> None:
    """Reads until an answer ends with these octets; fails if the connection ends before."""
    found = b""
    while not found.endswith(ending):
        piece = line.recv(65536)
        assert piece, found
        found += piece


async def _signed_in(request: Request) -> Response:
    mark_known(request)
    return PlainTextResponse("in")


async def _echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def _early(_: Request) -> Response:
    return PlainTextResponse("no", 413)


async def _endless(_: Request) -> Response:
    async def pieces() -> Any:
        while True:
            yield bytes(65536)
            await asyncio.sleep(0)

    return StreamingResponse(pieces())


@contextmanager
def _serving(patience: Patience, room: Room = ROOM) -> Iterator[Post]:
    routes = [
        Route("/", lambda _: PlainTextResponse("here")),
        Route("/in", _signed_in),
        Route("/echo", _echo, methods=["POST"]),
        Route("/early", _early, methods=["POST"]),
        Route("/endless", _endless),
    ]
    listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
    config = uvicorn.Config(
        Starlette(routes=routes),
        http=cast(Any, lines(Door(room, time.monotonic), patience)),
        log_config=None,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    post = Post(listening.getsockname())
    try:
        yield post
    finally:
        post.close()
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture(scope="module")
def hasty() -> Iterator[Post]:
    with _serving(SHORT) as post:
        yield post


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost:",
        GET,
        GET + b"GE",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nabc",
        b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nabc",
        b"GET /in HTTP/1.1\r\nHost: x\r\n\r\nGET / HT",
    ],
)
def test_whoever_stands_still_is_shown_out(hasty: Post, octets: bytes) -> None:
    _end(hasty.line(octets))


def test_a_body_by_drops_is_ended_too(hasty: Post) -> None:
    line = hasty.line(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n")
    line.settimeout(0.05)
    ended = False
    for _ in range(WAIT * 20):
        try:
            line.sendall(b"x")
            ended = line.recv(10) == b""
        except TimeoutError:
            continue
        except OSError:
            ended = True
        if ended:
            break
    assert ended


def test_who_does_not_read_the_answer_is_shown_out(hasty: Post) -> None:
    line = hasty.line(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
    assert line.recv(1)

    gone = select.poll()
    gone.register(line, select.POLLERR | select.POLLHUP)
    assert gone.poll(WAIT * 1000)


def test_a_head_without_end_is_refused() -> None:
    with _serving(LONG) as post:
        line = post.line(b"GET / HTTP/1.1\r\nX: " + b"y" * 20_000)
        line.sendall(b"y" * 20_000)

        assert _end(line).startswith(b"HTTP/1.1 431 ")


def test_an_agent_may_be_silent_between_requests(hasty: Post) -> None:
    line, stranger = hasty.line(b"GET /in HTTP/1.1\r\nHost: x\r\n\r\n"), hasty.line(GET)
    _hear(line, b"in")
    _end(stranger)

    line.sendall(GET)

    _hear(line, b"here")


def test_a_large_body_is_let_through_and_a_refused_one_is_drained() -> None:
    with _serving(LONG) as post:
        head = b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n"
        line = post.line(head % b"/echo" + bytes(3_000_000))
        _hear(line, b"3000000")
        line.sendall(head % b"/early" + bytes(3_000_000))
        _hear(line, b"no")
        line.sendall(GET)
        _hear(line, b"here")


def test_the_newest_stranger_takes_the_place_of_the_oldest() -> None:
    with _serving(LONG, Room(strangers=3, of_address=None, grace_seconds=0)) as post:
        first = post.line(b"GET / HT")
        agent = post.line(b"GET /in HTTP/1.1\r\nHost: x\r\n\r\n")
        _hear(agent, b"in")
        rest = [post.line(b"GET / HT") for _ in range(3)]

        assert _end(first) == b""
        for line in (agent, *rest):
            line.sendall(GET if line is agent else b"TP/1.1\r\nHost: x\r\n\r\n")
            _hear(line, b"here")


def test_an_agent_comes_in_through_300_slow_strangers_and_stays() -> None:
    with _serving(LONG, Room(strangers=200, of_address=100, grace_seconds=0)) as post:
        slow = [post.line(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\nx") for _ in range(300)]
        agent = post.line(b"GET /in HTTP/1.1\r\nHost: x\r\n\r\n")
        _hear(agent, b"in")
        slow += [post.line(b"GET / HTTP/1.1\r\nHo") for _ in range(300)]
        agent.sendall(GET)

        _hear(agent, b"here")
        assert [_end(line) for line in slow[:500]] == [b""] * 500


class _Guest:
    def __init__(self) -> None:
        self.out = False

    def throw_out(self) -> None:
        self.out = True


def test_one_address_displaces_its_own_first() -> None:
    door = Door(Room(strangers=10, of_address=2, grace_seconds=0), time.monotonic)
    other, *mine = (_Guest() for _ in range(4))
    door.enter(other, "192.0.2.1")
    for one in mine:
        door.enter(one, "192.0.2.2")

    assert [one.out for one in (other, *mine)] == [False, True, False, False]
    door.leave(mine[0])
    door.leave(other)
    assert len(door) == 2


def test_who_has_only_just_come_stays_unless_there_are_far_too_many() -> None:
    now = [0.0]
    door = Door(Room(strangers=2, of_address=None, grace_seconds=3, most=4), lambda: now[0])
    guests = [_Guest() for _ in range(7)]
    for one in guests[:4]:
        door.enter(one, "192.0.2.1")
    assert not any(one.out for one in guests)

    door.enter(guests[4], "192.0.2.1")
    assert [one.out for one in guests] == [True] + [False] * 6
    now[0] = 3.0
    door.enter(guests[5], "192.0.2.1")

    assert [one.out for one in guests] == [True, True] + [False] * 5


def test_a_token_of_nobody_makes_no_stranger_known() -> None:
    with _serving(LONG, Room(strangers=3, of_address=None, grace_seconds=0)) as post:
        liar = post.line(b"GET /jmap/none HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n")
        _hear(liar, b"Not Found")
        rest = [post.line(b"GET / HT") for _ in range(3)]

        assert _end(liar) == b""
        assert len(rest) == 3
