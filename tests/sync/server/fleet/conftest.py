"""A fleet of real server processes on PostgreSQL behind a real nginx, with people in it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from stage.process import ProgramMissing
from sync.connectors.central import CentralConnector, CentralSignIn
from sync.connectors.port import AccountKind, Result, Routed
from sync.connectors.session import Session
from sync.domain.actions import CreateTicket
from sync.domain.clock import SystemClock
from sync.domain.errors import Offline
from sync.domain.ids import IdFactory
from sync.server.house import House
from tests.rigs.fleet import Fleet, fleet
from tests.rigs.office import PASSWORD, quick_hasher
from tests.rigs.workstation import Workstation, workstation

_TRIES = 100


@dataclass
class Hall:
    """Marta and Tom on one category. Marta has a workstation, Tom files tickets by hand."""

    fleet: Fleet
    database: str
    category: str
    marta: Workstation
    tom: CentralConnector
    account: str
    ids: IdFactory

    def file(self, subject: str) -> str:
        """A ticket by Tom; its id. As his own workstation would, he asks again where the answer is lost."""
        clock = SystemClock()
        action = CreateTicket(
            self.ids.client_key(), self.ids.new("t"), self.category, subject, "She called.", clock.now_ms(), "Cleo"
        )
        for _ in range(_TRIES):
            with suppress(Offline):
                [outcome] = self.tom.send([Routed(action, self.account)])
                if outcome.result is not Result.UNKNOWN:
                    return str(outcome.ids["ticket"])
            self.marta.pause()
        raise AssertionError("no answer")

    def rings_once(self, *tickets: str) -> None:
        """Wait until Marta has heard of all; none more than once."""
        self.marta.wait(lambda: all(self.marta.rung[one] for one in tickets))
        assert {one: self.marta.rung[one] for one in tickets} == dict.fromkeys(tickets, 1)


Opened = Callable[..., Hall]


def people(database: str) -> str:
    """Marta, Tom, and Dana the owner on Billing; its id."""
    house = House.open(database, hasher=quick_hasher())
    try:
        category = house.grants.add_category("Billing")
        for name in ("Marta", "Tom"):
            house.grants.grant(house.people.add(name, PASSWORD), category)
        house.people.add("Dana", PASSWORD, is_owner=True)
        return category
    finally:
        house.close()


def session(address: str, token: str | None) -> Session:
    """HTTP as a workstation does it."""
    clock = SystemClock()
    return Session(address, token, clock, IdFactory(clock).client_key)


def token_of(address: str, name: str) -> str:
    """A new sign-in."""
    return CentralSignIn(session(address, None)).sign_in(name, PASSWORD, "test")


@pytest.fixture
def opened(fresh_postgres_url: str, tmp_path: Path) -> Iterator[Opened]:
    """Opens a hall with so many processes."""
    with ExitStack() as stack:

        def open_hall(api: int = 2, stream: int = 1) -> Hall:
            category = people(fresh_postgres_url)
            try:
                running = stack.enter_context(fleet(tmp_path, fresh_postgres_url, api, stream))
            except ProgramMissing as missing:
                pytest.skip(str(missing))
            marta = stack.enter_context(
                workstation(tmp_path / "marta", running.address, token_of(running.address, "Marta"))
            )
            tom = CentralConnector(session(running.address, token_of(running.address, "Tom")))
            account = next(one.id for one in tom.access().accounts if one.kind is AccountKind.CATEGORY)
            return Hall(running, fresh_postgres_url, category, marta, tom, account, IdFactory(SystemClock()))

        yield open_hall
