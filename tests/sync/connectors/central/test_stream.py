"""The event stream over a real socket: pieces of any size, stalls, cuts, and hanging up from another thread."""

import json
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from sync.connectors.central.stream import Stream
from sync.connectors.port import Alive, ArrivalHint, ComeBack, Hint, PresenceHint, StateHint
from sync.connectors.session import Session
from sync.domain.clock import SystemClock
from sync.domain.errors import Denied, Offline
from sync.domain.presence import Doing
from sync.domain.records import ArrivalKind, Priority

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
STATE = json.dumps({"@type": "StateChange", "changed": {"C1": {"Ticket": "0.2"}, "P1": {"QuickNote": "0.3"}}})
ARRIVAL = json.dumps(
    {
        "accountId": "C1",
        "arrival": {
            "id": "a1",
            "ticketId": "t1",
            "messageId": "m1",
            "kind": "inbound",
            "priority": "urgent",
            "byAgentId": None,
            "at": "2026-11-22T10:00:00Z",
        },
    }
)

Script = Callable[[socket.socket, threading.Event], None]
Serve = Callable[[Script], Stream]


@pytest.fixture
def requests_seen() -> list[bytes]:
    """What the server was sent."""
    return []


@pytest.fixture
def serve(requests_seen: list[bytes]) -> Iterator[Serve]:
    """Starts a server that plays a script to each caller; gives a stream to it with short time limits."""
    ended = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def start(script: Script) -> Stream:
        def run() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    requests_seen.append(connection.recv(65_536))
                    if ended.is_set():
                        return
                    script(connection, ended)

        thread = threading.Thread(target=run)
        thread.start()
        threads.append(thread)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        return Stream(Session(address, "secret", SystemClock(), lambda: "r"), first_byte_s=1.0, silence_s=0.3)

    yield start
    ended.set()
    with socket.create_connection(listening.getsockname()) as last:
        last.sendall(b"end")
    listening.close()
    for thread in threads:
        thread.join()


def _said(stream: Stream) -> list[Hint]:
    return [hint for hint in stream.listen("/events") if not isinstance(hint, Alive)]


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_hints_arrive_whatever_the_pieces(serve: Serve, size: int) -> None:
    def script(connection: socket.socket, _: threading.Event) -> None:
        body = f": hello\r\n\r\nid: 7\r\nevent: state\r\ndata: {STATE}\r\n\r\nevent: arrival\ndata: {ARRIVAL}\n\n"
        octets = HEAD + body.encode()
        for start in range(0, len(octets), size):
            connection.sendall(octets[start : start + size])

    state, arrival = _said(serve(script))
    assert state == StateHint(frozenset({"C1", "P1"}))
    assert isinstance(arrival, ArrivalHint)
    assert (arrival.account_id, arrival.arrival.ticket_id) == ("C1", "t1")
    assert (arrival.arrival.kind, arrival.arrival.priority) == (ArrivalKind.INBOUND, Priority.URGENT)


def test_presence_is_a_hint_and_one_that_is_incomplete_breaks_the_stream(serve: Serve) -> None:
    value = {"accountId": "C1", "ticketId": "t1", "agentId": "g1", "doing": "typing", "leftMs": 30000, "until": "now"}

    def script(connection: socket.socket, _: threading.Event) -> None:
        gone = {**value, "doing": None, "leftMs": 0}
        for one in (value, gone, {"doing": "typing"}):
            connection.sendall(
                (HEAD if one is value else b"") + f"event: presence\ndata: {json.dumps(one)}\n\n".encode()
            )

    heard: list[Hint] = []
    with pytest.raises(Offline):
        heard.extend(serve(script).listen("/events"))
    assert [one for one in heard if not isinstance(one, Alive)] == [
        PresenceHint("C1", "t1", "g1", Doing.TYPING, 30.0),
        PresenceHint("C1", "t1", "g1", None, 0.0),
    ]


def test_a_hint_is_handed_on_before_the_stream_ends(serve: Serve) -> None:
    got_it = threading.Event()

    def script(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(HEAD + f"event: state\ndata: {STATE}\n\n".encode())
        assert got_it.wait(5), "the event was kept back"

    hints = serve(script).listen("/events")
    assert isinstance(next(hints), Alive)
    assert isinstance(next(hints), StateHint)
    got_it.set()
    assert list(hints) == []


def test_a_stream_that_falls_silent_is_given_up(serve: Serve) -> None:
    def script(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(HEAD + b": hello\n\n")
        ended.wait(5)

    hints = serve(script).listen("/events")
    assert isinstance(next(hints), Alive)
    with pytest.raises(Offline):
        next(hints)


def test_a_proxy_that_holds_the_bytes_back_is_noticed(serve: Serve) -> None:
    def script(_: socket.socket, ended: threading.Event) -> None:
        ended.wait(5)

    with pytest.raises(Offline):
        list(serve(script).listen("/events"))


def test_hanging_up_ends_a_stream_at_once(serve: Serve) -> None:
    def script(connection: socket.socket, ended: threading.Event) -> None:
        connection.sendall(HEAD + b": hello\n\n")
        while not ended.is_set() and connection.recv(1):
            pass

    stream = serve(script)
    hints = stream.listen("/events")
    next(hints)
    threading.Timer(0.05, stream.hang_up).start()
    assert list(hints) == []


def test_a_new_stream_tells_where_the_last_one_ended(serve: Serve, requests_seen: list[bytes]) -> None:
    def script(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(HEAD + f"id: abc-9\nevent: state\ndata: {STATE}\n\n".encode())

    stream = serve(script)
    assert len(_said(stream)) == 1
    assert len(_said(stream)) == 1
    assert b"Last-Event-ID" not in requests_seen[0]
    assert b"Last-Event-ID: abc-9" in requests_seen[1]


@pytest.mark.parametrize(
    "body", ["event: state\ndata: {}\n\n", "event: state\ndata: no json\n\n", "event: arrival\ndata: {}\n\n"]
)
def test_a_malformed_event_is_no_bug_of_ours(serve: Serve, body: str) -> None:
    def script(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(HEAD + body.encode())

    with pytest.raises(Offline):
        _said(serve(script))


def test_a_page_is_no_stream_and_a_refusal_is_told(serve: Serve) -> None:
    answers = [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>",
        b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{}",
    ]

    def script(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(answers.pop(0))

    stream = serve(script)
    with pytest.raises(Offline, match="web page"):
        _said(stream)
    with pytest.raises(Denied):
        _said(stream)


def test_a_stream_that_the_server_ends_says_when_to_come_again(serve: Serve) -> None:
    def script(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(HEAD + b"retry: 5000\n\nid: 1\n\n")
        connection.sendall(b"event: state\ndata: " + STATE.encode() + b"\n\n")
        connection.sendall(b"retry: 750\n\n")

    assert _said(serve(script)) == [StateHint(frozenset({"C1", "P1"})), ComeBack(0.75)]


def test_what_a_stream_says_at_its_beginning_is_not_meant_for_now(serve: Serve) -> None:
    def script(connection: socket.socket, _: threading.Event) -> None:
        connection.sendall(HEAD + b"retry: 5000\n\nid: 1\n\n")

    assert _said(serve(script)) == []
