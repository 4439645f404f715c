"""A database with as many agents as a large house has, and server processes on it."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from stage.postgres import postgres
from sync.server.house import House
from tests.bench.house import signed_in
from tests.rigs.office import PASSWORD, quick_hasher

_AT_ONCE = 500
CATEGORY_SIZE = 200


@dataclass(frozen=True, slots=True)
class Crew:
    """`tokens` of agents; each sees the category that all see, and one of 200 agents."""

    database: str
    everybody: str
    tokens: list[str]


@dataclass(frozen=True, slots=True)
class Process:
    """A server process that answers at an address."""

    process: "subprocess.Popen[str]"
    address: str

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid


def raise_limits() -> None:
    """As many open files as this user may have, for us and what we start."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextmanager
def crew(agents: int) -> Iterator[Crew]:
    """On a PostgreSQL of its own, which writes to the disk as a real one does."""
    raise_limits()
    with postgres(durable=True) as server, server.database() as address:
        house = House.open(address, hasher=quick_hasher())
        try:
            everybody = house.grants.add_category("Everybody")
            few = [house.grants.add_category(f"Team {number}") for number in range(1 + (agents - 1) // CATEGORY_SIZE)]
            tokens: list[str] = []
            for first in range(0, agents, _AT_ONCE):
                numbers = range(first, min(first + _AT_ONCE, agents))
                tokens += house.parts.journal.write(partial(_hire, house, everybody, few, numbers))
        finally:
            house.close()
        yield Crew(address, everybody, tokens)


def _hire(house: House, everybody: str, few: Sequence[str], numbers: Sequence[int]) -> list[str]:
    tokens = []
    for number in numbers:
        agent_id = house.people.add(f"agent{number}", PASSWORD)
        house.grants.grant(agent_id, everybody)
        house.grants.grant(agent_id, few[number // CATEGORY_SIZE])
        tokens.append(signed_in(house, agent_id))
    return tokens


@contextmanager
def serving(database: str, *roles: str, ports: Sequence[int] = ()) -> Iterator[list[Process]]:
    """A process for each role, while the block runs; `ports`: at these, else at free ones."""
    with ExitStack() as stack:
        started = [start(database, role, port) for role, port in zip(roles, ports or [0] * len(roles), strict=True)]
        for one in started:
            stack.callback(stop, one)
        yield started


def start(database: str, role: str, port: int = 0) -> Process:
    """Returns once it answers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sync.server", "serve", "--role", role, "--port", str(port), "--behind-proxy"],
        env={**os.environ, "DESKBELL_DATABASE": database},
        stdout=subprocess.PIPE,
        text=True,
    )
    if process.stdout is None:
        raise RuntimeError("no output to read")
    return Process(process, process.stdout.readline().split()[-1])


def stop(one: Process) -> None:
    """However it stands."""
    one.process.kill()
    one.process.communicate()
