"""A helpdesk to test against: a server with people and categories, in this process or as one of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from requests.adapters import BaseAdapter

from sync.connectors.central import CentralConnector, CentralSignIn
from sync.connectors.session import Session
from sync.domain.clock import Clock, SystemClock
from sync.domain.ids import IdFactory, RandomBits
from sync.jmap.limits import Limits
from sync.server.app import build_app
from sync.server.house import House
from sync.server.intake import Asker, Filed, Filing
from tests.rigs.asgi_adapter import AsgiAdapter

PASSWORD = "correct horse"


def quick_hasher() -> PasswordHasher:
    """Hashes that cost next to nothing."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Office:
    """`house` is a way into the server's database; `address` and `transport` are how workstations reach it."""

    house: House
    address: str
    clock: Clock
    request_ids: Callable[[], str]
    transport: BaseAdapter | None = None

    def agent(self, name: str, *categories: str, is_owner: bool = False) -> str:
        """A new agent with grants; the id."""
        agent_id = self.house.people.add(name, PASSWORD, is_owner=is_owner)
        for category in categories:
            self.house.grants.grant(agent_id, category)
        return agent_id

    def category(self, name: str) -> str:
        """A new category; the id."""
        return self.house.grants.add_category(name)

    def file(self, category: str, subject: str, text: str = "Please help.", email: str | None = None) -> Filed:
        """A ticket of a requester."""
        filing = Filing(category, Asker("Requester", email), subject, text)
        return self.house.parts.journal.write(lambda: self.house.intake.file_ticket(filing))

    def answer(self, ticket_id: str, text: str) -> Filed:
        """Further words of the requester."""
        return self.house.parts.journal.write(lambda: self.house.intake.add_inbound(ticket_id, text))

    def session(self, token: str | None, transport: BaseAdapter | None = None) -> Session:
        """HTTP as a workstation does it."""
        via = transport if transport is not None else self.transport
        return Session(self.address, token, self.clock, self.request_ids, transport=via)

    def token(self, name: str) -> str:
        """Sign in."""
        return CentralSignIn(self.session(None)).sign_in(name, PASSWORD, "test")

    def connector(self, name: str) -> CentralConnector:
        """A signed-in connector."""
        return CentralConnector(self.session(self.token(name)))


@contextmanager
def office_in_process(
    folder: Path,
    clock: Clock | None = None,
    randomness: RandomBits | None = None,
    limits: Limits | None = None,
    address: str | None = None,
) -> Iterator[Office]:
    """The server's app in this process, without a socket. `address`: a database other than a file in `folder`."""
    clock = clock or SystemClock()
    house = House.open(address or folder / "server.sqlite", clock, randomness, quick_hasher())
    try:
        with AsgiAdapter(build_app(house, limits=limits)) as adapter:
            ids = IdFactory(clock, randomness)
            yield Office(house, "http://127.0.0.1", clock, ids.client_key, adapter)
    finally:
        house.close()


@contextmanager
def office_of_its_own(folder: Path, address: str | None = None) -> Iterator[Office]:
    """The server as a process on a free port; `house` is a second way into its database. `address`: a database other
    than a file in `folder`."""
    database = address or str(folder / "server.sqlite")
    clock = SystemClock()
    house = House.open(database, clock, hasher=quick_hasher())
    server = subprocess.Popen(
        [sys.executable, "-m", "sync.server", "serve", "--port", "0"],
        env={**os.environ, "DESKBELL_DATABASE": database},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if server.stdout is None:
            raise RuntimeError("no output to read")
        reached = server.stdout.readline().split()[-1]
        yield Office(house, reached, clock, IdFactory(clock).client_key)
    finally:
        server.terminate()
        server.communicate(timeout=20)
        house.close()
