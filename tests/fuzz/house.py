"""A whole server to be fuzzed: every HTTP route, every JMAP method, and the lines themselves."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final, cast

import requests
import uvicorn
from starlette.routing import Route

from sync.domain.protocol import CAPABILITY
from sync.jmap.dispatcher import Dispatcher
from sync.jmap.errors import RequestError
from sync.jmap.limits import CORE
from sync.server.app import build_app, data_types, further_methods, jmap_host
from sync.server.door import Door, Patience, Room
from sync.server.house import House
from sync.server.line import lines
from sync.server.parts import Colleague
from sync.server.web.pages import Pages
from sync.server.web.routes import PublicSide
from tests.fuzz.mutation import TOKENS
from tests.fuzz.targets import Target
from tests.rigs.asgi_adapter import AsgiAdapter
from tests.rigs.bureau import BASE, PASSWORD, QUICK_HASHER, Caller, HandClock
from tests.rigs.street import GOOD

METHODS: Final = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")
KINDS: Final = (
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data",
    "text/plain", "application/json; charset=x", "",
)  # fmt: skip
SECONDS: Final = 20.0
_STEP: Final = b"&step=offer&site=shop&kept=W10=.00&drop0=1&seen=a,b"
_PARAMETER: Final = re.compile(r"\{(\w+)(?::path)?\}")


class Fuzzed:
    """Each method is a target; raises AssertionError where the server fails, or does not answer in time."""

    def __init__(self, house: House, adapter: AsgiAdapter, routes: list[Any], front: tuple[str, int]) -> None:
        self._house, self._front = house, front
        self._stranger = adapter.session(BASE)
        self._owner = Caller(adapter.session(BASE), "Olga")
        self._account = self._owner.account("Billing")
        self._routes = [one for one in routes if isinstance(one, Route)]
        host = jmap_host(house)
        self._dispatcher = Dispatcher(host, further_methods(house))
        agent = house.people.find("Olga")["id"]
        self._principal = Colleague(agent, "Olga", self._owner.token["tokenId"], True)
        page = self._stranger.post(f"{BASE}/tickets", data=GOOD, allow_redirects=False).headers["location"]
        self._there = {"accountId": self._account, "secret": page.removeprefix("/t/"), "blobId": "b" + "0" * 32}
        self._failed = _Failures()

    def close(self) -> None:
        self._failed.end()

    def targets(self) -> dict[str, Target]:
        """With good inputs to begin with."""
        form = "&".join(f"{name}={value}" for name, value in GOOD.items()).encode()
        parts = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in GOOD.items()
        )
        file = '--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\nContent-Type: text/x\r\n\r\nx'
        multipart = f"{parts}{file}\r\n--b--\r\n".encode()
        signing = b'{"name":"Ann","password":"wrong","device":"d"}'
        heads = (
            b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            b"POST /tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
        )
        return {
            "routes": Target((form, multipart, signing, self._call("Core/echo", {})), self.route),
            "form": Target((form, multipart, form + _STEP, form + b"&step=answered.x"), self.form),
            "calls": Target(tuple(self._calls()), self.call),
            "lines": Target(heads, self.line),
        }

    def route(self, octets: bytes) -> None:
        """Any route, by any method, with parameters, headers and a body from the input."""
        chance = Random(octets)
        route = chance.choice(self._routes)
        if route.path == "/jmap/events":
            query = "?types=*&closeafter=state&ping=0" if chance.random() < 0.5 else f"?types={_odd(octets, chance)}"
        else:
            query = f"?accept={_odd(octets, chance)}" if chance.random() < 0.3 else ""
        path = _PARAMETER.sub(lambda one: self._filled(one[1], octets, chance), route.path)
        method = chance.choice(METHODS)
        if (method, route.path) == ("DELETE", "/auth/token"):
            return  # that would be the end of the owner's sign-in
        headers = {"content-type": chance.choice(KINDS), "last-event-id": _odd(octets, chance)[:200]}
        session = self._owner.session if chance.random() < 0.6 else self._stranger
        with self._answering(session, method, BASE + path + query, octets, headers) as status:
            assert status < 500 or route.path == "/readyz", (method, path, status)

    def form(self, octets: bytes) -> None:
        """The public form, in either of its spellings."""
        kind = KINDS[2] if b"--b" in octets else KINDS[1]
        with self._answering(self._stranger, "POST", f"{BASE}/tickets", octets, {"content-type": kind}) as status:
            assert status < 500, status

    def call(self, octets: bytes) -> None:
        """A JMAP request of an owner."""
        answer = json.loads(_written(self._dispatcher, self._principal, octets))
        failed = [one for one in answer["methodResponses"] if one[0] == "error" and one[1]["type"] == "serverFail"]
        assert failed == [], failed

    def line(self, octets: bytes) -> None:
        """Any octets on a connection: an answer or its end, and the next caller is served."""
        with socket.create_connection(self._front, timeout=SECONDS) as line:
            try:
                line.sendall(octets)
                line.shutdown(socket.SHUT_WR)
                while line.recv(65536):
                    pass
            except OSError as ended:  # the server may have hung up already; silence it may not keep
                if isinstance(ended, TimeoutError):
                    raise
        self._failed.check()

    def serves(self) -> None:
        """Whether it still answers."""
        with socket.create_connection(self._front, timeout=SECONDS) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert line.recv(100).startswith(b"HTTP/1.1 200")

    @contextmanager
    def _answering(
        self, session: requests.Session, method: str, address: str, octets: bytes, headers: dict[str, str]
    ) -> Iterator[int]:
        try:
            answer = session.request(
                method, address, data=octets, headers=headers, timeout=SECONDS, stream=True, allow_redirects=False
            )
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader, UnicodeError):
            yield 0  # no client can send this
            return
        yield answer.status_code
        answer.close()
        self._failed.check()

    def _filled(self, name: str, octets: bytes, chance: Random) -> str:
        return self._there.get(name, "x") if chance.random() < 0.5 else _odd(octets, chance)

    def _call(self, name: str, arguments: dict[str, Any]) -> bytes:
        return json.dumps({"using": [CORE, CAPABILITY], "methodCalls": [[name, arguments, "0"]]}).encode()

    def _calls(self) -> Iterator[bytes]:
        """Every method of every type, with arguments that it understands."""
        account = {"accountId": self._account}
        personal = {"accountId": self._owner.account("Personal")}
        for data_type in data_types(self._house):
            for place in (account, personal):
                yield self._call(f"{data_type.name}/get", {**place, "ids": None, "properties": None})
                yield self._call(f"{data_type.name}/changes", {**place, "sinceState": "1.0", "maxChanges": 5})
                yield self._call(f"{data_type.name}/query", {**place, "filter": {}, "sort": [], "limit": 5})
                yield self._call(
                    f"{data_type.name}/set", {**place, "create": {"k": {"clientKey": "x"}}, "update": {"t": {}}}
                )
        ticket = self._owner.get("Ticket", self._account)[0]
        patch = {"status": "closed", "tags/a": True, "assigneeId": None, "ifUnchangedBy": {"status": "new"}}
        yield self._call("Ticket/set", {**account, "update": {ticket["id"]: patch}, "destroy": ["t" + "0" * 32]})
        words = {"clientKey": self._house.parts.ids.client_key(), "ticketId": ticket["id"], "kind": "note"}
        told = {**words, "bodyText": "x", "composedAt": "2026-09-21T12:00:00Z", "attachments": []}
        yield self._call(
            "Message/set", {**account, "create": {"k": told}, "onSuccessUpdateTicket": {"#k": {"patch": {}}}}
        )
        yield self._call("Ticket/takeNext", {**personal, "clientKey": words["clientKey"], "categoryIds": None})
        yield self._call("Ticket/similar", {**account, "ticketId": ticket["id"]})
        yield self._call("Ticket/piles", account)
        yield self._call("Ticket/set", {**account, "update": {ticket["id"]: {f"links/{ticket['id']}": True}}})
        team = {"accountId": self._owner.account("Team")}
        fault = {"clientKey": words["clientKey"], "title": "x", "since": "2026-09-21T12:00:00Z", "isPublic": True}
        yield self._call("Incident/set", {**team, "create": {"k": fault}})
        note = {"clientKey": words["clientKey"], "incidentId": "i" + "0" * 32, "text": "x"}
        yield self._call("IncidentNote/set", {**team, "create": {"k": note}})
        yield self._call("Ticket/set", {**account, "update": {ticket["id"]: {"incidentId": "i" + "0" * 32}}})
        yield self._call("Presence/set", {**account, "ticketId": ticket["id"], "doing": "typing"})


class _Failures(logging.Handler):
    """What the server logs as a failure of its own."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._seen: list[str] = []
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self._seen.append(f"{record.getMessage()} {record.exc_info}")

    def check(self) -> None:
        seen, self._seen = self._seen, []
        assert seen == [], seen

    def end(self) -> None:
        logging.getLogger().removeHandler(self)


@contextmanager
def fuzzed(folder: Path) -> Iterator[Fuzzed]:
    """The server in this process, and the same app on a real socket."""
    house = House.open(folder / "server.sqlite", HandClock(), Random(5), QUICK_HASHER)
    house.people.add("Olga", PASSWORD, is_owner=True)
    house.grants.add_category("Billing")
    house.parts.settings.put("form.per_hour", "1000000")
    house.parts.settings.put("sign_in.free_tries", "1000000")
    house.parts.settings.put("sign_in.free_tries_of_address", "1000000")
    side = PublicSide(house, Pages(lambda: "Help"), patience=5.0)
    app = build_app(house, side.routes())
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, http=cast(Any, lines(Door(Room(), time.monotonic), Patience(head=1, idle=1))), log_config=None,
        lifespan="off", timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    try:
        with AsgiAdapter(app) as adapter:
            opened = Fuzzed(house, adapter, app.routes, listening.getsockname())
            try:
                yield opened
            finally:
                opened.close()
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
        house.close()


def _odd(octets: bytes, chance: Random) -> str:
    """A piece of the input, or something strange, as a client would have to write it."""
    place = chance.randint(0, len(octets))
    piece = octets[place : place + 40] if chance.random() < 0.5 else chance.choice(TOKENS)
    return "".join(chr(one) if 32 < one < 127 and chr(one) not in "#?%" else f"%{one:02x}" for one in piece)


def _written(dispatcher: Dispatcher, principal: Colleague, octets: bytes) -> bytes:
    try:
        return json.dumps(dispatcher.answer(principal, octets, "r"), default=str).encode()
    except RequestError as error:
        refused = error.status
    assert 400 <= refused < 500, refused
    return b'{"methodResponses":[]}'
