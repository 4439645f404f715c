"""A server of its own process over a database that was filled beforehand."""

import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from requests.adapters import BaseAdapter

from sync.connectors.central import CentralConnector
from sync.connectors.session import Session
from sync.domain import protocol
from sync.domain.clock import SystemClock
from sync.domain.ids import TOKEN, IdFactory
from sync.domain.times import DAY_MS, from_utc_date
from sync.server.house import House
from sync.server.ledger import TokenRow
from sync.server.tables import MessageRow, RequesterRow, TicketRow
from tests.bench.corpus import Batch, Row, corpus
from tests.rigs.office import PASSWORD, quick_hasher

CATEGORY = "Downloads"
ASSIGNED = ("assigneeId", "resolution", "outcome", "mergedIntoId", "followUpOf", "site")
_TIMES = frozenset({"createdAt", "updatedAt", "awaitingSince", "closedAt", "composedAt", "postedAt"})


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    address: str
    pid: int

    def session(self, token: str, transport: BaseAdapter | None = None) -> Session:
        """A workstation's requests to it."""
        clock = SystemClock()
        return Session(self.address, token, clock, IdFactory(clock).client_key, transport=transport)

    def connector(self, token: str) -> CentralConnector:
        """A workstation's way to it."""
        return CentralConnector(self.session(token))


@dataclass(frozen=True, slots=True)
class Filled:
    """What is in the database: tokens of agents who see the category."""

    path: Path
    category_id: str
    tokens: list[str]

    @contextmanager
    def served(self) -> Iterator[Server]:
        """While the server runs."""
        process = subprocess.Popen(
            [sys.executable, "-m", "sync.server", "serve", "--port", "0"],
            env={**os.environ, "DESKBELL_DATABASE": str(self.path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            if process.stdout is None:
                raise RuntimeError("no output to read")
            yield Server(process.stdout.readline().split()[-1], process.pid)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def filled(folder: Path, messages: int = 0, thread: int = 3, agents: int = 2) -> Filled:
    """A database in the folder with one category, a corpus in it, and agents named agent0, agent1, ..."""
    path = folder / "server.sqlite"
    house = House.open(path, hasher=quick_hasher())
    category_id = house.grants.add_category(CATEGORY)
    tokens: list[str] = house.parts.journal.write(lambda: [_agent(house, category_id, one) for one in range(agents)])
    if messages:
        for batch in corpus(messages, thread, category_id):
            stored(house, category_id, batch)
        house.parts.database.write(
            lambda: house.parts.database.execute("UPDATE ticket_number SET value = ?", (messages,))
        )
    house.close()
    return Filled(path, category_id, tokens)


def _agent(house: House, category_id: str, number: int) -> str:
    """A new agent with a grant; a token that holds."""
    agent_id = house.people.add(f"agent{number}", PASSWORD)
    house.grants.grant(agent_id, category_id)
    return signed_in(house, agent_id)


def signed_in(house: House, agent_id: str) -> str:
    """A token that holds, inside a transaction."""
    token, now = urlsafe_b64encode(os.urandom(32)).decode(), house.parts.clock.now_ms()
    row = {
        "id": house.parts.ids.new(TOKEN),
        "agent_id": agent_id,
        "token_hash": sha256(token.encode()).digest(),
        "device": "bench",
        "created_at": now,
        "used_at": now,
        "expires_at": now + DAY_MS,
    }
    house.parts.database.insert(TokenRow, [row])
    return token


def stored(house: House, category_id: str, batch: Batch) -> None:
    """A batch of the corpus in one transaction."""
    house.parts.journal.write(partial(_store, house, category_id, batch))


def _store(house: House, category_id: str, batch: Batch) -> None:
    account = house.parts.accounts.of_category(category_id)
    if account is None:
        raise RuntimeError("the category has no account")
    database, journal = house.parts.database, house.parts.journal
    for one in batch.requesters:
        row = {**_columns(one), "email_key": one["email"]}
        if database.insert_new(RequesterRow, row):
            journal.present(account, protocol.REQUESTER, one["id"])
    blank = dict.fromkeys(ASSIGNED)
    database.insert(TicketRow, [_columns({**blank, **one}) for one in batch.tickets])
    database.insert(MessageRow, [_columns(one) for one in batch.messages])
    journal.present(account, protocol.TICKET, *(one["id"] for one in batch.tickets))
    journal.present(account, protocol.MESSAGE, *(one["id"] for one in batch.messages))


def _columns(wire: Row) -> Row:
    """A wire object by the names of the table's fields, with times in ms."""
    return {
        "".join(f"_{one.lower()}" if one.isupper() else one for one in name): (
            from_utc_date(value) if value is not None and name in _TIMES else value
        )
        for name, value in wire.items()
    }
