"""A whole central server in this process, with a clock in hand, and colleagues who call it by bare JMAP."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any, cast

import requests
from argon2 import PasswordHasher

from sync.domain.protocol import CAPABILITY
from sync.jmap.limits import CORE, Limits
from sync.server.app import build_app
from sync.server.house import House
from sync.server.intake import Asker, Filed, Filing
from tests.rigs.asgi_adapter import AsgiAdapter

BASE = "http://testserver"
PASSWORD = "correct horse"
NOON = 1_790_000_000_000
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class HandClock:
    """Stands still until it is moved."""

    def __init__(self, now_ms: int = NOON) -> None:
        self.now = now_ms

    def now_ms(self) -> int:
        return self.now

    def monotonic(self) -> float:
        return self.now / 1000

    def advance(self, ms: int) -> None:
        self.now += ms


class Caller:
    """A colleague at a workstation: signed in, and as good as JMAP by hand."""

    def __init__(self, session: requests.Session, name: str, password: str = PASSWORD) -> None:
        self.session = session
        answer = session.post(f"{BASE}/auth/token", json={"name": name, "password": password, "device": "test"})
        assert answer.status_code == 201, answer.text
        self.token = answer.json()
        session.headers["Authorization"] = f"Bearer {self.token['token']}"

    def document(self) -> dict[str, Any]:
        """The Session object."""
        answer = self.session.get(f"{BASE}/.well-known/jmap")
        assert answer.status_code == 200, answer.text
        return cast(dict[str, Any], answer.json())

    def account(self, name: str) -> str:
        """The id of the account of that name."""
        return next(str(one) for one, account in self.document()["accounts"].items() if account["name"] == name)

    def calls(self, *calls: tuple[str, Mapping[str, Any]]) -> list[list[Any]]:
        """The responses to those method calls."""
        named = [[name, arguments, str(number)] for number, (name, arguments) in enumerate(calls)]
        answer = self.session.post(f"{BASE}/jmap/api", json={"using": [CORE, CAPABILITY], "methodCalls": named})
        assert answer.status_code == 200, answer.text
        return cast(list[list[Any]], answer.json()["methodResponses"])

    def call(self, name: str, **arguments: Any) -> dict[str, Any]:
        """The arguments of the first response, which must not be an error."""
        response = self.calls((name, arguments))[0]
        assert response[0] == name, response
        return cast(dict[str, Any], response[1])

    def error(self, name: str, **arguments: Any) -> str:
        """The type of the error that the call must get."""
        response = self.calls((name, arguments))[0]
        assert response[0] == "error", response
        return cast(str, response[1]["type"])

    def create(self, name: str, account_id: str, values: Mapping[str, Any], **more: Any) -> dict[str, Any]:
        """One create that must succeed; what the server says of it."""
        found = self.call(f"{name}/set", accountId=account_id, create={"k": values}, **more)
        assert found["notCreated"] is None, found
        return cast(dict[str, Any], found["created"]["k"])

    def refusal(self, name: str, account_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """The SetError that the create must get."""
        found = self.call(f"{name}/set", accountId=account_id, create={"k": values})
        assert found["created"] is None, found
        return cast(dict[str, Any], found["notCreated"]["k"])

    def get(self, name: str, account_id: str, ids: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """Those objects."""
        return cast(list[dict[str, Any]], self.call(f"{name}/get", accountId=account_id, ids=ids)["list"])

    def one(self, name: str, account_id: str, object_id: str) -> dict[str, Any]:
        """That object, which must be there."""
        [found] = self.get(name, account_id, [object_id])
        return found

    def state(self, name: str, account_id: str) -> str:
        """The type's state."""
        return str(self.call(f"{name}/get", accountId=account_id, ids=[])["state"])

    def changes(self, name: str, account_id: str, since: str) -> dict[str, Any]:
        """What changed since."""
        return self.call(f"{name}/changes", accountId=account_id, sinceState=since)

    def events(self, types: str = "*", ping: int = 0) -> "Events":
        """The event stream, open."""
        address = f"{BASE}/jmap/events?types={types}&closeafter=no&ping={ping}"
        answer = self.session.get(address, stream=True, timeout=(10, 10))
        assert answer.status_code == 200
        return Events(answer)


class Events:
    """An event stream, read event by event."""

    def __init__(self, answer: requests.Response) -> None:
        self._answer = answer
        self._rest = b""
        while not self.block().startswith("id:"):
            pass

    def block(self) -> str:
        """The next lines up to an empty one. EOFError at the end of the stream."""
        while b"\n\n" not in self._rest:
            piece = self._answer.raw.read1()
            if not piece:
                raise EOFError
            self._rest += piece
        block, _, self._rest = self._rest.partition(b"\n\n")
        return block.decode()

    def close(self) -> None:
        """Hang up."""
        self._answer.close()


class Bureau:
    """The server, its clock, and who calls it."""

    def __init__(self, house: House, adapter: AsgiAdapter, clock: HandClock) -> None:
        self.house = house
        self.adapter = adapter
        self.clock = clock
        self.keys = 0

    def agent(self, name: str, *categories: str, owner: bool = False) -> str:
        """A new agent with grants; the id."""
        agent_id = self.house.people.add(name, PASSWORD, is_owner=owner)
        for one in categories:
            self.house.grants.grant(agent_id, one)
        return agent_id

    def caller(self, name: str) -> Caller:
        """That agent at a workstation."""
        return Caller(self.adapter.session(BASE), name)

    def key(self) -> str:
        """A new client key."""
        self.keys += 1
        return f"key-{self.keys:08d}"

    def file(self, category_id: str, subject: str = "Help", text: str = "I need help", **more: Any) -> Filed:
        """A ticket through the form."""
        asker = more.pop("asker", Asker("Bob", "bob@example.org"))
        filing = Filing(category_id=category_id, asker=asker, subject=subject, text=text, **more)
        return self.house.parts.journal.write(lambda: self.house.intake.file_ticket(filing))

    def answer(self, ticket_id: str, text: str = "More words") -> Filed:
        """Further words of the requester."""
        return self.house.parts.journal.write(lambda: self.house.intake.add_inbound(ticket_id, text))

    def words(self, ticket_id: str, kind: str = "note", text: str = "My words", **more: Any) -> dict[str, Any]:
        """The values of a Message create."""
        return {
            "clientKey": self.key(),
            "ticketId": ticket_id,
            "kind": kind,
            "bodyText": text,
            "composedAt": "2026-09-01T10:00:00Z",
            **more,
        }

    def call_note(self, category_id: str, **more: Any) -> dict[str, Any]:
        """The values of a Ticket create."""
        return {
            "clientKey": self.key(),
            "categoryId": category_id,
            "subject": "A call",
            "requester": {"name": "Cleo"},
            "firstMessage": {"bodyText": "She called.", "composedAt": "2026-09-01T10:00:00Z"},
            **more,
        }


@contextmanager
def bureau(address: str, limits: Limits | None = None, clock: HandClock | None = None) -> Iterator[Bureau]:
    """A server over that database, running."""
    clock = clock or HandClock()
    house = House.open(address, clock, Random(7), QUICK_HASHER)
    try:
        with AsgiAdapter(build_app(house, limits=limits)) as adapter:
            yield Bureau(house, adapter, clock)
    finally:
        house.close()
